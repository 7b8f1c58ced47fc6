"""A server that speaks raw HTTP/1.1 as a test wants it, badly for the most part."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator


@dataclass(frozen=True, slots=True)
class Received:
    """One request: its head as it came, with header names in lower case, its body, and who sent it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    peer: tuple[str, int]


@dataclass(slots=True)
class Exchange:
    """One request and the connection to answer it on."""

    received: Received
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """Some bytes, as soon as the other side takes them."""
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, status: str = "200 OK", body: bytes = b"", *headers: str) -> None:
        """A whole answer."""
        lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers, "", ""]
        await self.send("\r\n".join(lines).encode("latin-1") + body)

    def reset(self) -> None:
        """Drop the connection."""
        self.writer.transport.abort()


Behaviour = Callable[[Exchange], Awaitable[None]]


@dataclass(slots=True)
class Hostile:
    """The server: `url` and `port`, what it received, and how it behaves by path (a query is no part of it)."""

    port: int = 0
    scheme: str = "http"
    received: list[Received] = field(default_factory=list)
    behaves: dict[str, Behaviour] = field(default_factory=dict)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Its address."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def on(self, path: str) -> Callable[[Behaviour], Behaviour]:
        """Decorates what answers a path."""

        def keep(behaviour: Behaviour) -> Behaviour:
            self.behaves[path] = behaviour
            return behaviour

        return keep

    def always(self, path: str, status: str = "200 OK", body: bytes = b"", *headers: str) -> None:
        """Answer a path with this."""

        @self.on(path)
        async def _(exchange: Exchange) -> None:
            await exchange.answer(status, body, *headers)

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection until either side has enough."""
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while not writer.is_closing():
                    received = await _read(reader, writer)
                    self.received.append(received)
                    behave = self.behaves.get(received.path.partition("?")[0], _nothing_there)
                    await behave(Exchange(received, writer))
            writer.close()
        finally:
            self.ended.set()
            if not writer.is_closing():  # the test is over in the middle of an answer
                writer.transport.abort()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def _nothing_there(exchange: Exchange) -> None:
    await exchange.answer("404 Not Found")


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Received(method, path, headers, body, writer.get_extra_info("peername")[:2])


@asynccontextmanager
async def hostile_server(context: ssl.SSLContext | None = None) -> AsyncIterator[Hostile]:
    """A server on a port of its own while the block runs; with a context it speaks TLS."""
    server = Hostile(scheme="https" if context else "http")
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(server.connected(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    listening = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await listening.wait_closed()
