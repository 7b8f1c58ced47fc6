"""One loopback port for every client: the first bytes of a connection say what it speaks.

gRPC opens with `PRI * HTTP/2.0`, TLS with byte 0x16; anything else is HTTP/1.1. gRPC connections are relayed to
the server that grpc runs for itself, HTTP ones are handed to an asyncio protocol with what was read so far.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

LOOPBACK = "127.0.0.1"
PREFACE = b"PRI * HTTP/2.0"
TLS_HANDSHAKE = 0x16
# A fatal alert, handshake_failure: what a TLS client shows as such, where plain text would read as garbage.
TLS_REFUSAL = bytes([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28])


class PortInUseError(OSError):
    """Somebody else listens on the port."""


def listen(port: int = 0) -> socket.socket:
    """A socket that listens on loopback; port 0 lets the system choose. Raises PortInUseError."""
    # asyncio turns Nagle's delay off only where the protocol is named, and accepted sockets inherit the name.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(128)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or str(error)
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            reason = "the port is in use by another program"
        raise PortInUseError(f"cannot listen on {LOOPBACK}:{port}: {reason}") from None
    return listener


class Port:
    """Accepts connections on a listening socket and sends each where it belongs.

    `grpc_port` is where the gRPC server listens on loopback; `http` makes the protocol of one HTTP connection.
    """

    def __init__(self, listener: socket.socket, *, grpc_port: int, http: Callable[[], asyncio.Protocol]) -> None:
        self._listener = listener
        self._grpc_port = grpc_port
        self._http = http
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Transport] = set()

    async def open(self) -> None:
        """Begin to accept."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._peek, sock=self._listener)

    def close(self) -> None:
        """Accept nothing more, and drop the connections that are not HTTP's own."""
        if self._server is not None:
            self._server.close()
        for transport in list(self._open):
            transport.abort()

    def _peek(self) -> asyncio.Protocol:
        return _Peek(self._grpc_port, self._http, self._open)


class _Peek(asyncio.Protocol):
    """A connection nobody knows yet."""

    def __init__(
        self, grpc_port: int, http: Callable[[], asyncio.Protocol], known: set[asyncio.Transport]
    ) -> None:
        self._grpc_port = grpc_port
        self._http = http
        self._known = known
        self._head = b""
        self._relaying: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._known.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._known.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._head += data
        if self._head[0] == TLS_HANDSHAKE:
            self._transport.write(TLS_REFUSAL)
            self._transport.close()
        elif self._head.startswith(PREFACE):
            self._transport.pause_reading()
            self._relaying = asyncio.create_task(self._relay())
        elif not PREFACE.startswith(self._head):
            self._hand_over()

    def _hand_over(self) -> None:
        protocol = self._http()
        self._known.discard(self._transport)
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        protocol.data_received(self._head)

    async def _relay(self) -> None:
        far = _Relay(self._known, self._transport)
        loop = asyncio.get_running_loop()
        try:
            transport, _ = await loop.create_connection(lambda: far, LOOPBACK, self._grpc_port)
        except OSError:
            self._transport.abort()
            return
        near = _Relay(self._known, transport)
        self._transport.set_protocol(near)
        near.connection_made(self._transport)
        transport.write(self._head)
        if self._transport.is_closing():
            transport.close()
        else:
            self._transport.resume_reading()


class _Relay(asyncio.Protocol):
    """One end of a relayed connection: what arrives goes out at the other, no faster than the other takes it."""

    def __init__(self, known: set[asyncio.Transport], other: asyncio.Transport) -> None:
        self._known = known
        self._other = other

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._own = transport
        self._known.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self._known.discard(self._own)
        self._other.close()

    def data_received(self, data: bytes) -> None:
        self._other.write(data)

    def pause_writing(self) -> None:
        self._other.pause_reading()

    def resume_writing(self) -> None:
        self._other.resume_reading()
