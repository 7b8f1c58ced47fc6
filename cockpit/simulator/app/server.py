"""The application's HTTP: a thread a connection, on a loopback port that the system chooses."""

from __future__ import annotations

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from cockpit.simulator.app.exchange import Request, Response

if TYPE_CHECKING:
    from cockpit.simulator.app.endpoints import Application

MOST_BODY_BYTES = 1 << 20


class Server(ThreadingHTTPServer):
    """Serves one application. `port` is where it listens."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, application: Application) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.application = application

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about a caller that went away; anything else is a traceback on stderr."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        return int(self.server_address[1])


class Handler(BaseHTTPRequestHandler):
    """Turns bytes into a Request and a Response into bytes."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "uvicorn"
    sys_version = ""
    # An unbuffered answer goes out in two segments, and a delayed acknowledgement holds the second for 40 ms.
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """The platform writes the request log, not the application."""

    def _serve(self) -> None:
        body = self._body()
        if body is None:
            self.close_connection = True
            self._send(Response.problem(413, "Send at most 1 MiB, with a content-length"))
            return
        url = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=url.path,
            query=dict(reversed(parse_qsl(url.query))),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            trace=_trace(self.headers.get("x-cloud-trace-context", "")),
        )
        self._send(self.server.application.respond(request))

    def _body(self) -> bytes | None:
        """The whole body; None when its length is unknown or too much."""
        length = self.headers.get("content-length", "0")
        if "transfer-encoding" in self.headers or not length.isdecimal() or int(length) > MOST_BODY_BYTES:
            return None
        return self.rfile.read(int(length))

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != 204:
            self.send_header("content-type", response.content_type)
            self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _serve  # noqa: N815


def _trace(context: str) -> str:
    """The trace that `TRACE/SPAN;o=1` names, as a resource, or ""."""
    trace = context.partition("/")[0]
    project = os.environ.get("GOOGLE_CLOUD_PROJECT", "")
    return f"projects/{project}/traces/{trace}" if trace and project else ""
