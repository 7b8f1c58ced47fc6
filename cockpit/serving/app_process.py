"""The app of one open page: a process of its own, spoken to over its standard input and output."""

from __future__ import annotations

import asyncio
import logging
from asyncio.subprocess import PIPE
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import WSCloseCode, WSMsgType
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Sequence

    from aiohttp.web import WebSocketResponse

logger = logging.getLogger(__name__)

DRIVER = "cockpit.serving.driver:PageDriver"
STOP_SECONDS = 10.0
"""How long the app may take to end in order."""
NOT_STARTED = b"the cockpit did not start: the terminal of `cockpit serve` says why\r\n"
MOST_CELLS = (500, 300)
"""Columns and lines that a page may ask for."""


class AppProcess(AppService):
    """textual-serve's end of an app, with an end of its own: the process is gone when `stop` returns.

    The process is started without a shell. It can do nothing to the page but draw: files that it delivers and
    addresses that it opens are not passed on.
    """

    def __init__(self, command: Sequence[str], socket: WebSocketResponse) -> None:
        super().__init__(
            " ".join(command),
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=_closing(socket),
            download_manager=DownloadManager(),
        )
        self._arguments = command
        self._drew = False

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Start the app. textual-serve's own way goes through a shell, and shares our terminal's ctrl+c."""
        environment = self._build_environment(width, height) | {"TEXTUAL_DRIVER": DRIVER}
        self._process = process = await asyncio.create_subprocess_exec(
            *self._arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment, start_new_session=True
        )
        self._stdin = process.stdin
        logger.info("a page was opened: process %d", process.pid)
        return process

    async def run(self) -> None:
        """Pass on what the app draws until it ends; the page ends with it."""
        try:
            await super().run()
            if not self._drew:
                await self.remote_write_bytes(NOT_STARTED)
        finally:
            await self.remote_close()

    async def on_data(self, payload: bytes) -> None:
        """Pass on what the app draws."""
        self._drew = True
        await super().on_data(payload)

    async def on_meta(self, data: bytes) -> None:
        """Hear what the app says beside what it draws: only that it ends."""
        if msgspec.json.decode(data, type=dict[str, Any]).get("type") == "exit":
            await self.remote_close()

    async def stop(self) -> None:
        """End the app: asked first, then killed. It is gone and reaped when this returns."""
        process = self._process
        if process is None:
            return
        try:
            async with asyncio.timeout(STOP_SECONDS):
                self.stdin.close()  # which ends it, as the driver sees to
                await super().stop()
                await process.communicate()  # what it still draws is nobody's, and must not hold it up
        except TimeoutError:
            logger.warning("process %d did not end by itself and is killed", process.pid)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        logger.info("a page was closed: process %d", process.pid)


async def obey(app: AppProcess, socket: WebSocketResponse) -> None:
    """Pass on what a page says until it closes; one that speaks otherwise than textual.js does is closed."""
    async for message in socket:
        if message.type is not WSMsgType.TEXT or not await _pass_on(message.data, app, socket):
            await socket.close(code=WSCloseCode.POLICY_VIOLATION)


async def _pass_on(text: str, app: AppProcess, socket: WebSocketResponse) -> bool:
    try:
        said = msgspec.json.decode(text, type=list[Any])
    except msgspec.DecodeError:
        return False
    match said:
        case ["stdin", str(keys)]:
            await app.send_bytes(keys.encode("utf-8", "replace"))
        case ["resize", {"width": int(width), "height": int(height)}]:
            await app.set_terminal_size(*within(width, height))
        case ["ping", str(moment)]:
            await socket.send_json(["pong", moment])
        case ["focus"]:
            await app.focus()
        case ["blur"]:
            await app.blur()
        case _:
            return False
    return True


def within(width: int, height: int) -> tuple[int, int]:
    """A size in cells that an app can be asked for."""
    return max(1, min(width, MOST_CELLS[0])), max(1, min(height, MOST_CELLS[1]))


def _closing(socket: WebSocketResponse) -> Any:
    async def close() -> None:
        await socket.close()

    return close
