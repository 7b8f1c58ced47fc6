"""The cockpit's own `/metrics`, for a Prometheus on this machine: served by a thread, on loopback alone."""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TextIO
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import GCCollector, PlatformCollector, ProcessCollector, make_wsgi_app
from prometheus_client.exposition import ThreadingWSGIServer
from prometheus_client.registry import CollectorRegistry

from cockpit.live.clock import Clock
from cockpit.tui.terminal import STDERR
from cockpit.wiring.own_metrics import OwnMetrics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from cockpit.config import Settings
    from cockpit.live.budget import Budget
    from cockpit.live.telemetry import Telemetry

logger = logging.getLogger(__name__)

ADDRESS = "127.0.0.1"
NAMES = frozenset({ADDRESS, "localhost"})
LOOK_SECONDS = 0.2
"""How soon the thread sees that it should end."""


class _Server(ThreadingWSGIServer):
    # Two programs on one port would answer in turn.
    allow_reuse_port = False

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the base's signature
        """Log what went wrong with one reader; the base would write it over the screen."""
        logger.warning("somebody at %s could not read the own metrics", client_address, exc_info=True)


class _Handler(WSGIRequestHandler):
    timeout = 10.0
    """Seconds that a client may be silent."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's own word
        """Say nothing of each request."""

    def get_stderr(self) -> TextIO:
        """Where errors go: the file descriptor is the log while `sys.stderr` is the screen."""
        return open(STDERR, "w", encoding="utf-8", closefd=False)


@asynccontextmanager
async def exporting(settings: Settings, telemetry: Telemetry, budget: Budget) -> AsyncIterator[str]:
    """Serve the counts of this cockpit while the block runs; gives the URL.

    Raises ConfigError where the port of `[metrics.exporter]` cannot be had.
    """
    registry = CollectorRegistry()
    registry.register(OwnMetrics(telemetry, budget))
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    server = await asyncio.to_thread(_listening, settings, _for_this_machine(make_wsgi_app(registry)))
    thread = threading.Thread(target=server.serve_forever, args=(LOOK_SECONDS,), name="exporter", daemon=True)
    thread.start()
    # On the loop's own clock: a lid that was closed for hours held no loop.
    watching = asyncio.create_task(telemetry.watch_loop(Clock(now=asyncio.get_running_loop().time)))
    url = f"http://{ADDRESS}:{server.server_port}/metrics"
    logger.info("own metrics are at %s", url)
    try:
        yield url
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await asyncio.to_thread(_end, server, thread)


def _listening(settings: Settings, app: WSGIApplication) -> _Server:
    port = settings.metrics.exporter.port
    try:
        return make_server(ADDRESS, port, app, _Server, _Handler)
    except OSError as error:
        raise settings.error(
            "metrics.exporter.port",
            f"{port} cannot be listened on: {error.strerror or error}",
            "name another one, or 0 for any that is free",
        ) from None


def _end(server: _Server, thread: threading.Thread) -> None:
    server.shutdown()
    server.server_close()
    thread.join()


def _for_this_machine(app: WSGIApplication) -> WSGIApplication:
    """The app for who asks for this machine by its name: a page in the user's browser, whose own name was made to
    resolve to loopback (DNS rebinding), gets nothing."""

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("HTTP_HOST", "").partition(":")[0].lower() in NAMES:
            return app(environ, start_response)
        start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
        return [f"ask for {ADDRESS}\n".encode()]

    return guarded
