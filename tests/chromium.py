"""Headless Chromium as somebody's browser, driven over its DevTools protocol. The README's pictures use it too."""

from __future__ import annotations

import asyncio
import base64
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import aiohttp

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""Where Chromium is; None where it is not."""

MISSING = "Chromium is not here: Debian's package chromium has it"
START_SECONDS = 60.0

# Without the network that it would look for at every start.
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--remote-debugging-port=0",
)


@dataclass(slots=True)
class Tab:
    """One open page. `events` holds what happened on it and nobody has read yet."""

    _socket: aiohttp.ClientWebSocketResponse
    _session: str = ""
    _ids: count[int] = field(default_factory=lambda: count(1))
    _answers: dict[int, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    events: asyncio.Queue[tuple[str, dict[str, Any]]] = field(default_factory=asyncio.Queue)

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One call of the protocol. Raises RuntimeError with what Chromium has against it."""
        number = next(self._ids)
        answered = self._answers[number] = asyncio.get_running_loop().create_future()
        call = {"id": number, "method": method, "params": parameters}
        await self._socket.send_json(call | ({"sessionId": self._session} if self._session else {}))
        answer = await answered
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    async def evaluate(self, expression: str) -> Any:
        """What JavaScript comes to on the page; a promise is waited for."""
        answer = await self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    async def picture(self) -> bytes:
        """The page as it looks now, a PNG; what was written to it is drawn first."""
        await self.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        return base64.b64decode((await self.call("Page.captureScreenshot"))["data"])

    async def press(self, text: str) -> None:
        """Type some characters."""
        await self.call("Input.insertText", text=text)

    async def _attach(self) -> None:
        target = (await self.call("Target.createTarget", url="about:blank"))["targetId"]
        attached = await self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Network", "Page", "Runtime", "Log"):
            await self.call(f"{domain}.enable")

    async def _listen(self) -> None:
        async for message in self._socket:
            told = message.json()
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
            else:
                self.events.put_nowait((told["method"], told["params"]))


@asynccontextmanager
async def open_tab(width: int = 1280, height: int = 800, *, webgl: bool = False) -> AsyncIterator[Tab]:
    """An empty page in a browser of its own, so large; both are gone at the end.

    `webgl` draws as most people's browsers do: without a card for it that is work for the processor.
    """
    assert PROGRAM is not None, MISSING
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            PROGRAM,
            *_FLAGS,
            "--enable-unsafe-swiftshader" if webgl else "--disable-3d-apis",
            f"--user-data-dir={profile}",
            f"--window-size={width},{height}",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                address = await _address(process)
            async with aiohttp.ClientSession() as client, client.ws_connect(address, max_msg_size=0) as socket:
                tab = Tab(socket)
                listening = asyncio.create_task(tab._listen())
                await tab._attach()
                yield tab
                await tab._socket.send_json({"id": 0, "method": "Browser.close"})
                listening.cancel()
        finally:
            await _ended(process)


async def _address(process: asyncio.subprocess.Process) -> str:
    """Where Chromium says that it listens."""
    assert process.stderr is not None
    async for line in process.stderr:
        if (at := line.find(b"ws://")) >= 0:
            return line[at:].decode().strip()
    raise RuntimeError(f"Chromium ended with {await process.wait()}")


async def _ended(process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(10):
            await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
