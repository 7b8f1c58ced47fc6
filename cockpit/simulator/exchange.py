"""One request on its way through the front: passed to an instance and back, byte by byte."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from cockpit.simulator.entries import Served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import Receive, Scope, Send

    from cockpit.simulator.instances import Instance

Headers = list[tuple[bytes, bytes]]

MALFORMED = (
    "The request failed because either the HTTP response was malformed or connection to the instance had an error."
)
TIMED_OUT = "The request has been terminated because it has reached the maximum request timeout."
CLIENT_CLOSED = 499

HOP_BY_HOP = frozenset(
    (b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade")
)
OWN = (b"server", b"Google Frontend")


class ClientGoneError(Exception):
    """The caller hung up before its request was complete."""


@dataclass(slots=True)
class Exchange:
    """What is known of a request, and, as it goes, of its answer. Header names are in lower case."""

    method: str
    target: bytes
    headers: Headers
    remote_ip: str
    trace: str
    span: str
    send: Send
    status: int = 0
    request_size: int = 0
    response_size: int = 0
    message: str = ""
    _started: int = field(default_factory=time.time_ns)
    _clock: float = field(default_factory=time.perf_counter)

    @classmethod
    def of(cls, scope: Scope, send: Send, *, trace: str, span: str) -> Exchange:
        """From an ASGI scope. The trace and span given are used where the request names none."""
        headers = [(name.lower(), value) for name, value in scope["headers"]]
        query: bytes = scope["query_string"]
        path: bytes = scope.get("raw_path") or scope["path"].encode()
        client = scope["client"][0] if scope.get("client") else ""
        exchange = cls(scope["method"], path + b"?" * bool(query) + query, headers, client, trace, span, send)
        exchange.remote_ip = exchange.header(b"x-forwarded-for").partition(",")[0].strip() or client
        named, _, parent = exchange.header(b"x-cloud-trace-context").partition(";")[0].partition("/")
        exchange.trace, exchange.span = named or trace, parent or span
        return exchange

    def header(self, name: bytes) -> str:
        """The first value of a header, or ""."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name), "")

    async def forward(self, instance: Instance, timeout: float, receive: Receive) -> None:  # noqa: ASYNC109
        """Have an instance answer within `timeout` seconds; when it cannot, answer for it."""
        try:
            async with asyncio.timeout(timeout):
                response = await instance.transport.handle_async_request(self._request(instance, receive))
                try:
                    await self._relay(response)
                finally:
                    await response.aclose()
        except ClientGoneError:
            self.status = CLIENT_CLOSED
        except TimeoutError:
            await self.answer(504, "upstream request timeout", TIMED_OUT)
        except httpx.TransportError:
            await self.answer(503, "Service Unavailable", MALFORMED)

    async def answer(self, status: int, text: str, message: str = "") -> None:
        """Answer in the platform's name; `message` goes to the log. Too late once an answer has begun."""
        self.message = message
        if not self.status:
            body = f"{text}\n".encode()
            await self._begin(status, [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))])
            await self._continue(body, more=False)

    def served(self) -> Served:
        """The finished exchange, for the request log."""
        return Served(
            method=self.method,
            url=f"http://{self.header(b'host')}{self.target.decode('latin-1')}",
            status=self.status,
            request_size=self.request_size,
            response_size=self.response_size,
            started=self._started,
            latency=time.perf_counter() - self._clock,
            user_agent=self.header(b"user-agent"),
            remote_ip=self.remote_ip,
            trace=self.trace,
            span=self.span,
            message=self.message,
        )

    def _request(self, instance: Instance, receive: Receive) -> httpx.Request:
        names = {name for name, _ in self.headers}
        has_body = b"transfer-encoding" in names or self.header(b"content-length") not in ("", "0")
        added = [
            (b"x-cloud-trace-context", f"{self.trace}/{self.span};o=1".encode("latin-1")),
            (b"x-forwarded-for", self.remote_ip.encode("latin-1")),
            (b"x-forwarded-proto", b"http"),
        ]
        taken = HOP_BY_HOP | {name for name, _ in added}
        return httpx.Request(
            self.method,
            httpx.URL(instance.url).copy_with(raw_path=self.target),
            headers=[pair for pair in self.headers if pair[0] not in taken] + added,
            content=self._body(receive) if has_body else None,
        )

    async def _body(self, receive: Receive) -> AsyncIterator[bytes]:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            chunk = message.get("body", b"")
            self.request_size += len(chunk)
            more = message.get("more_body", False)
            yield chunk

    async def _relay(self, response: httpx.Response) -> None:
        kept = [
            (name.lower(), value)
            for name, value in response.headers.raw
            if name.lower() not in HOP_BY_HOP | {OWN[0]}
        ]
        trace = (b"x-cloud-trace-context", f"{self.trace};o=1".encode("latin-1"))
        await self._begin(response.status_code, [*kept, trace])
        async for chunk in response.aiter_raw():
            await self._continue(chunk, more=True)
        await self._continue(b"", more=False)

    async def _begin(self, status: int, headers: Headers) -> None:
        self.status = status
        await self.send({"type": "http.response.start", "status": status, "headers": [OWN, *headers]})

    async def _continue(self, body: bytes, *, more: bool) -> None:
        self.response_size += len(body)
        await self.send({"type": "http.response.body", "body": body, "more_body": more})
