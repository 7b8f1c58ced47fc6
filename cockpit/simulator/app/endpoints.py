"""What the application answers under which path."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from prometheus_client import CollectorRegistry, exposition

from cockpit.simulator.app import lines
from cockpit.simulator.app.analysis import MemoryAnalysis, ProviderError
from cockpit.simulator.app.exchange import BadRequestError, Endpoint, Request, Response
from cockpit.simulator.app.metrics import DISABLED
from cockpit.simulator.app.pace import Pace
from cockpit.simulator.app.recall import ConceptRecall
from cockpit.simulator.app.timelines import COLUMNS, DAYS, Timelines

log = logging.getLogger("backend.api")

ASSETS: Mapping[str, tuple[str, bytes]] = MappingProxyType(
    {
        "/": ("text/html; charset=utf-8", b"<!doctype html><title>Emergence</title><div id=app></div>\n"),
        "/assets/app.js": ("text/javascript", b"document.title = 'Emergence';\n" * 400),
        "/assets/app.css": ("text/css", b"#app { display: grid }\n" * 200),
        "/favicon.ico": ("image/x-icon", bytes(1150)),
    }
)


@dataclass(frozen=True, slots=True)
class Application:
    """The endpoints and what stands behind them. `revision` is the name the platform gave."""

    revision: str
    registry: CollectorRegistry
    pace: Pace
    analysis: MemoryAnalysis
    recall: ConceptRecall
    timelines: Timelines
    metrics_enabled: bool = True
    healthy: bool = True

    def respond(self, request: Request) -> Response:
        """Answer one request; whatever goes wrong inside is logged with its traceback and answered with a 500."""
        methods = self._methods(request.path)
        endpoint = methods.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is None:
            return self._turned_away(request, methods)
        try:
            return endpoint(request)
        except BadRequestError as problem:
            return Response.problem(422, str(problem))
        except Exception as error:
            log.exception("%s %s failed: %s", request.method, request.path, error)
            return Response.problem(500, "Internal Server Error")

    def _methods(self, path: str) -> Mapping[str, Endpoint]:
        """The endpoints of a path, by method."""
        exact: dict[str, Mapping[str, Endpoint]] = {
            "/api/health": {"GET": self._health},
            "/api/metrics": {"GET": self._metrics},
            "/api/auth/dev/login": {"POST": self._dev_login},
            "/api/chat": {"POST": self._chat},
            "/api/memory/analyze": {"POST": self._analyze},
            "/api/concepts/interactions": {"POST": self._interact},
        }
        if path in ASSETS:
            return {"GET": self._asset}
        if path.startswith("/api/dashboard/timeline/"):
            return {"GET": self._timeline}
        return exact.get(path, {})

    @staticmethod
    def _turned_away(request: Request, methods: Mapping[str, Endpoint]) -> Response:
        """404 for what is not there, 405 for a method that nothing takes."""
        if not methods and request.method in ("GET", "HEAD"):
            return Response.problem(404, "Not Found")
        allow = ", ".join(methods) or "GET"
        return Response(405, b'{"detail":"Method Not Allowed"}', headers={"allow": allow})

    def _health(self, _request: Request) -> Response:
        if not self.healthy:
            return Response.of({"status": "degraded", "revision": self.revision}, 503)
        return Response.of({"status": "ok", "revision": self.revision, "timestamp": round(time.time(), 3)})

    def _metrics(self, request: Request) -> Response:
        if not self.metrics_enabled:
            return Response(200, DISABLED.encode(), "text/plain; charset=utf-8")
        encode, content_type = exposition.choose_encoder(request.headers.get("accept", ""))
        return Response(200, encode(self.registry), content_type)

    @staticmethod
    def _dev_login(_request: Request) -> Response:
        return Response.problem(403, "Dev login is disabled")

    def _asset(self, request: Request) -> Response:
        self._fail_sometimes("the file system did not answer")
        content_type, body = ASSETS[request.path]
        return Response(200, body, content_type)

    def _chat(self, request: Request) -> Response:
        user = _user(request)
        if user is None:
            return _UNAUTHENTICATED
        message, thread = request.text("message"), request.text("thread_id")
        self.pace.work(median=0.08, spread=0.5)
        self._fail_sometimes("chat model answered nothing")
        words = message.split()
        event = self.recall.detect(user, thread, max(words, key=len, default=""))
        self.timelines.record(tokens_in=len(words) * 40, tokens_out=len(words) * 16)
        lines.emit("INFO", "chat answered", request.trace, component="chat", words=len(words))
        return Response.of({"reply": f"You said {len(words)} words.", "recall": event})

    def _analyze(self, request: Request) -> Response:
        if _user(request) is None:
            return _UNAUTHENTICATED
        return Response.of(self.analysis.analyze(request.text("text")))

    def _interact(self, request: Request) -> Response:
        user = _user(request)
        if user is None:
            return _UNAUTHENTICATED
        self._fail_sometimes("the event bus refused the interaction")
        try:
            self.recall.interact(user, request.text("action"))
        except ValueError as problem:
            raise BadRequestError(str(problem)) from None
        return Response(204)

    def _timeline(self, request: Request) -> Response:
        kind, period = request.path.rpartition("/")[2], request.query.get("period", "7d")
        if kind not in COLUMNS:
            return Response.problem(404, "Not Found")
        if _user(request) is None:
            return _UNAUTHENTICATED
        if period not in DAYS:
            raise BadRequestError(f"period must be one of {', '.join(DAYS)}")
        self._fail_sometimes("the dashboard's pool has no connection left")
        try:
            return Response.of(self.timelines.read(kind, period))
        except sqlite3.Error as error:
            log.error("[%s] timeline query failed: %s", kind, error)
            return Response.of([])

    def _fail_sometimes(self, reason: str) -> None:
        """Raise as often as the instance's faults say."""
        if self.pace.fails():
            raise ProviderError(reason)


_UNAUTHENTICATED = Response.problem(401, "Not authenticated")


def _user(request: Request) -> str | None:
    """The user that the read-only fallback names, or None."""
    if request.headers.get("x-dev-bypass") != "1":
        return None
    return request.headers.get("x-user-id") or None
