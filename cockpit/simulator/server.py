"""Everything the simulator serves, on one port: gRPC, the control plane's HTTP, and the services' own."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from email.utils import formatdate
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote, urlsplit

import grpc
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from cockpit.simulator.port import LOOPBACK, Port

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SERVICE_HOSTS = ".localhost"
# Page-long lists and log pages outgrow grpc's 4 MB.
GRPC_OPTIONS = (
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
    ("grpc.so_reuseport", 0),
)


class Server:
    """Serves while its block runs: `async with Server(listen(0), …) as server: …`.

    `front` answers for the hosts that end in `.localhost`, `routes` for every other; closing takes less than a
    second, whatever is under way.
    """

    def __init__(
        self,
        listener: socket.socket,
        *,
        grpc_handlers: Sequence[grpc.GenericRpcHandler],
        routes: Sequence[Route],
        front: ASGIApp | None = None,
    ) -> None:
        self.port: int = listener.getsockname()[1]
        self._listener = listener
        self._grpc_handlers = grpc_handlers
        control = Starlette(routes=list(routes), exception_handlers={HTTPException: _no_such_path})
        self._config = uvicorn.Config(
            _ByHost(_Dated(control), front or _nothing_runs),
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
        )
        self._state = ServerState()

    async def __aenter__(self) -> Self:
        self._config.load()
        self._grpc = grpc.aio.server(options=GRPC_OPTIONS)
        self._grpc.add_generic_rpc_handlers(self._grpc_handlers)
        grpc_port = self._grpc.add_insecure_port(f"{LOOPBACK}:0")
        await self._grpc.start()
        self._port = Port(self._listener, grpc_port=grpc_port, http=self._connection)
        await self._port.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        for connection in list(self._state.connections):
            connection.shutdown()
        await self._grpc.stop(grace=0.1)
        self._port.close()
        await self._end_requests(0.2)

    def _connection(self) -> asyncio.Protocol:
        return H11Protocol(self._config, self._state, app_state={})

    async def _end_requests(self, patience: float) -> None:
        """Let the HTTP requests under way end; those that take longer lose their connection and are cancelled."""
        if tasks := list(self._state.tasks):
            await asyncio.wait(tasks, timeout=patience)
        for connection in list(self._state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)
        late = list(self._state.tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


class _ByHost:
    """Sends a request to the services or to the control plane, by the host it names.

    A proxied request carries its whole URI in place of the path; the host in there decides.
    """

    def __init__(self, control: ASGIApp, front: ASGIApp) -> None:
        self._control = control
        self._front = front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith("/"):
            scope = _origin_form(scope)
        host = Headers(scope=scope).get("host", "").partition(":")[0].lower()
        app = self._front if host.endswith(SERVICE_HOSTS) else self._control
        # Only closing cancels a request, and by then nobody waits for its answer: uvicorn need not report it.
        with suppress(asyncio.CancelledError):
            await app(scope, receive, send)


class _Dated:
    """Gives every answer the Date header that HTTP asks for; uvicorn's own server would, but does not run here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["date"] = formatdate(usegmt=True)
            await send(message)

        await self._app(scope, receive, dated)


def _origin_form(scope: Scope) -> Scope:
    """A request whose path is a whole URI, as if it had come to that host directly."""
    uri = urlsplit(scope["raw_path"].decode("latin-1"))
    headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
    return {
        **scope,
        "path": unquote(uri.path) or "/",
        "raw_path": uri.path.encode("latin-1") or b"/",
        "headers": [(b"host", uri.netloc.encode("latin-1")), *headers],
    }


async def _no_such_path(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = f"{request.method} {request.url.path} is not served here"
    status = {404: "NOT_FOUND", 405: "UNIMPLEMENTED"}.get(error.status_code, "UNKNOWN")
    body = {"code": error.status_code, "message": message, "status": status}
    return JSONResponse({"error": body}, error.status_code)


_nothing_runs = PlainTextResponse("nothing runs here: the control plane is alone\n", 404)
