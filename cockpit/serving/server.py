"""The server on loopback: the page, its files, and a websocket for each page that is open."""

from __future__ import annotations

import asyncio
import logging
import socket
from contextlib import asynccontextmanager
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from aiohttp import WSCloseCode, web

from cockpit.serving import page
from cockpit.serving.access import NAMES, Access
from cockpit.serving.app_process import AppProcess, obey, within

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

logger = logging.getLogger(__name__)

HEARTBEAT = 15.0
"""Seconds after which a page that says nothing is asked, and taken for gone without an answer."""
LONGEST_MESSAGE = 256 * 1024
"""Bytes that a page may say at once: a large paste."""
CLOSING_SECONDS = 2.0
"""How long a page may take to hear that it is closed."""
ENDING_SECONDS = 15.0
"""How long all pages together may take to end, before what is left of them is dropped."""


class Server:
    """Pages of one app, at most `most` at a time, each with a process of `command` that ends with it."""

    def __init__(self, command: Sequence[str], access: Access, *, title: str, most: int) -> None:
        self._command = command
        self._access = access
        self._title = title
        self._most = most
        self._open: set[web.WebSocketResponse] = set()

    def application(self, *static: tuple[str, str]) -> web.Application:
        """The routes, every one of them guarded; `static` are paths and the folders behind them."""
        application = web.Application(middlewares=[self._guarded])
        application.router.add_get("/", self._page)
        application.router.add_get("/socket", self._socket)
        for path, folder in static:
            application.router.add_static(path, folder)
        application.on_response_prepare.append(self._dress)
        application.on_shutdown.append(self._close_pages)
        return application

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        access, headers = self._access, request.headers
        problem = access.host_problem(headers) or access.origin_problem(headers, needed=request.path == "/socket")
        if not problem and not self._known(request):
            problem = "open the address that `cockpit serve` printed, with its token"
        if problem:
            return web.Response(status=403, text=f"cockpit: {problem}\n")
        return await handler(request)

    def _known(self, request: web.Request) -> bool:
        shown = request.query.get("token") if request.path == "/" else None
        return self._access.admits(shown or request.cookies.get(self._access.cookie))

    async def _dress(self, request: web.Request, response: web.StreamResponse) -> None:
        # A name that is not ours has no place in what we say.
        host = "" if self._access.host_problem(request.headers) else request.host
        response.headers.update(page.headers(host or f"{NAMES[0]}:{self._access.port}"))

    async def _page(self, request: web.Request) -> web.Response:
        if "token" not in request.query:
            size = request.query.get("fontsize", "")
            wanted = int(size) if size.isdecimal() and len(size) < 3 else 0
            chosen = wanted if wanted in page.FONT_SIZES else page.FONT_SIZE
            return _html(page.page(self._title, request.host, chosen))
        response = _html(page.ENTRY)
        response.set_cookie(self._access.cookie, self._access.token, httponly=True, samesite="Strict")
        return response

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        page_socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT, timeout=CLOSING_SECONDS, max_msg_size=LONGEST_MESSAGE
        )
        await page_socket.prepare(request)
        if len(self._open) >= self._most:
            pages = f"{self._most} pages are open" if self._most > 1 else "a page is open"
            await page_socket.send_bytes(f"{pages} already: close one, then start again here.\r\n".encode())
            await page_socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
            return page_socket
        self._open.add(page_socket)
        app = AppProcess(self._command, page_socket)
        try:
            await app.start(*within(_cells(request, "width", 80), _cells(request, "height", 24)))
            await obey(app, page_socket)
        finally:
            # A place is free again when the process is gone, not before.
            await app.stop()
            self._open.discard(page_socket)
        return page_socket

    async def _close_pages(self, _application: web.Application) -> None:
        closing = [each.close(code=WSCloseCode.GOING_AWAY) for each in self._open]
        await asyncio.gather(*closing)


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")


def _cells(request: web.Request, name: str, default: int) -> int:
    given = request.query.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 6 else default


@asynccontextmanager
async def serving(command: Sequence[str], port: int, *, title: str, most: int) -> AsyncIterator[str]:
    """Serve while the block runs; gives the address with its token. Raises OSError where the port is taken.

    All processes that were started are gone at the end.
    """
    listening = socket.create_server((NAMES[0], port))
    access = Access(listening.getsockname()[1])
    server = Server(command, access, title=title, most=most)
    with as_file(files("textual_serve") / "static") as static, as_file(files(__package__) / "static") as own:
        application = server.application(("/static", str(static)), ("/own", str(own)))
        # Without its own log of requests: the token stands in the first of them.
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=ENDING_SECONDS)
        await runner.setup()
        try:
            await web.SockSite(runner, listening).start()
            yield f"http://{NAMES[0]}:{access.port}/?token={access.token}"
        finally:
            await runner.cleanup()
