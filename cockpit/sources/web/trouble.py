"""What httpx's errors mean, in one line each."""

from __future__ import annotations

import socket
import ssl
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from cockpit.sources.errors import SourceError, UnreachableError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

_NETWORK = "check the network, VPN and proxy"
_LONGEST_PATIENCE = 300.0


def source_error(error: httpx.HTTPError, place: str, *, local: bool) -> SourceError:
    """The meaning of what httpx raised about a request to `place`; `local` where that is this machine."""
    import httpx

    causes = tuple(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            return _tls(cause, place)
        if isinstance(cause, socket.gaierror):
            return UnreachableError(f"no answer from {place}: its name cannot be resolved", _NETWORK)
    if isinstance(error, httpx.ProxyError):
        return UnreachableError(f"no answer from {place}: the proxy says {_line(error)}", "check HTTPS_PROXY")
    if isinstance(error, httpx.RemoteProtocolError):
        return _protocol(str(error), place)
    mend = "is it running?" if local else _NETWORK
    return UnreachableError(f"no answer from {place}: {_network(causes) or _line(error)}", mend)


def is_lost(error: Exception) -> bool:
    """Whether a connection that was kept open went away: a server may close one just as a request is sent."""
    import httpx

    if isinstance(error, httpx.RemoteProtocolError):
        return "without sending a response" in str(error)
    return isinstance(error, httpx.ReadError | httpx.WriteError)


def retry_after(value: str, now: float) -> float | None:
    """Seconds that a Retry-After header asks for, at most five minutes; None where it says nothing.

    `now` in epoch seconds, for the form that is a date (RFC 9110, 10.2.3).
    """
    try:
        seconds = float(value) if value.strip().isdigit() else parsedate_to_datetime(value).timestamp() - now
    except ValueError:
        return None
    return min(max(seconds, 0.0), _LONGEST_PATIENCE)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and what led to it."""
    yield error
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _causes(each)
    cause = error.__cause__ or error.__context__
    if cause is not None:
        yield from _causes(cause)


def _tls(error: ssl.SSLError, place: str) -> SourceError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return UnreachableError(
            f"the certificate of {place} is not trusted: {error.verify_message}",
            "check the address and this machine's clock; SSL_CERT_FILE names authorities of your own",
        )
    reason = (error.reason or str(error)).replace("_", " ").lower()
    return UnreachableError(f"no TLS with {place}: {reason}", "is it plain http there?")


def _protocol(message: str, place: str) -> SourceError:
    if "without sending a response" in message:
        return UnreachableError(f"no answer from {place}: it closes the connection", "try again in a moment")
    if "without sending complete message body" in message or "incomplete chunked read" in message:
        return UnreadableError(f"the answer of {place} broke off", "try again in a moment")
    return UnreadableError(
        f"what {place} answers is not HTTP: {' '.join(message.split())[:120]}", "check the port"
    )


def _network(causes: tuple[BaseException, ...]) -> str:
    for cause in causes:
        if isinstance(cause, ConnectionRefusedError):
            return "connection refused"
        if isinstance(cause, ConnectionResetError):
            return "the connection was reset"
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror.lower()
    return ""


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
