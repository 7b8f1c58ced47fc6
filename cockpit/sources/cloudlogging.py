"""Cloud Logging's API v2: a live tail, and lists of what was there before.

Entries are raw `google.logging.v2.LogEntry` messages: proto-plus would cost seven times as much for each.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cockpit.logs.moment import rfc3339
from cockpit.sources.status import Attempt, translated
from cockpit.sources.target import Api

if TYPE_CHECKING:
    from collections.abc import Sequence

    from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2AsyncClient

    from cockpit.sources.connection import Channel, Connection

LogEntry = Any
"""A raw `google.logging.v2.LogEntry`; protobuf builds its classes at run time."""

PAGE = 1000
"""Entries in one answer, the most the API gives; a page costs one of the 60 list reads a minute."""

_READ_SECONDS = 10.0
_TRIES = 5
_REFUSED_UNHEARD = "Internal error from Core"
"""What gRPC makes of a refusal that came before the request was sent; asked again, the refusal itself comes."""


class CloudLogging:
    """The log entries of a connection's project. Every method raises a SourceError and nothing else."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._client: LoggingServiceV2AsyncClient | None = None
        self._channel: Channel = None

    async def tail(self, query: str, window: float) -> AsyncGenerator[Any, None]:
        """Raw `TailLogEntriesResponse`s with the entries that match `query` from now on.

        `window` in seconds (0 to 60) is how long the other side gathers late entries to put them in order. Ends by
        itself when the session has lasted as long as sessions may; take it in `contextlib.aclosing`.
        """
        client = await self._open()  # first: it loads the clients in a thread
        from google.api_core.exceptions import InternalServerError, OutOfRange
        from google.cloud.logging_v2.types import TailLogEntriesRequest

        request = TailLogEntriesRequest(
            resource_names=self._names(), filter=query, buffer_window=timedelta(seconds=window)
        )
        with translated(self._attempt("tail the log")):
            for tries_left in reversed(range(_TRIES)):
                over = asyncio.Event()
                held_open = _held_open(request, over)
                stream: Any = await client.tail_log_entries(held_open, retry=None, timeout=None)
                try:
                    async for response in stream:
                        yield type(response).pb(response)
                    return
                except OutOfRange:
                    return
                except InternalServerError as error:
                    if _REFUSED_UNHEARD not in str(error) or not tries_left:
                        raise
                finally:
                    stream.cancel()
                    over.set()

    async def entries(self, query: str, since: float, most: int) -> list[LogEntry]:
        """The newest entries since `since` (epoch seconds) that match `query`, newest first.

        At most `most` of them, a page for each PAGE.
        """
        async with aclosing(self.pages(query, since=since, most=most)) as pages:
            return [entry async for page in pages for entry in page]

    async def pages(
        self,
        query: str,
        *,
        since: float | None = None,
        until: int | None = None,
        most: int = PAGE,
        oldest_first: bool = False,
    ) -> AsyncGenerator[Sequence[LogEntry], None]:
        """The same, page by page as they come; a page may be empty, and the last is cut at `most`.

        `until` in Unix nanoseconds is the latest moment asked for. Take it in `contextlib.aclosing`.
        """
        client = await self._open()
        request = {
            "resource_names": self._names(),
            "filter": between(query, since, until),
            "order_by": "timestamp asc" if oldest_first else "timestamp desc",
            "page_size": min(most, PAGE),
        }
        found = 0
        with translated(self._attempt("read the log", _READ_SECONDS)):
            pager = await client.list_log_entries(request, retry=None, timeout=_READ_SECONDS)
            async for page in pager.pages:
                entries = type(page).pb(page).entries
                yield entries[: most - found]
                found += len(entries)
                if found >= most:
                    return

    def _names(self) -> list[str]:
        return [f"projects/{self._connection.target.project}"]

    def _attempt(self, doing: str, timeout: float | None = None) -> Attempt:
        return Attempt(doing, self._connection.target, Api.LOGGING, "logging.logEntries.list", timeout)

    async def _open(self) -> LoggingServiceV2AsyncClient:
        channel = await self._connection.channel(Api.LOGGING)
        if self._client is None or self._channel is not channel:
            self._client, self._channel = _client(channel), channel
        return self._client


def between(query: str, since: float | None = None, until: int | None = None) -> str:
    """A filter for what matches `query` between two moments: epoch seconds, and Unix nanoseconds."""
    bounds = [f"({query})"]
    if since is not None:
        bounds.append(f'timestamp>="{rfc3339(round(since * 1e6) * 1000)}"')
    if until is not None:
        bounds.append(f'timestamp<="{rfc3339(until)}"')
    return " AND ".join(bounds)


def _client(channel: Channel) -> LoggingServiceV2AsyncClient:
    from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2AsyncClient
    from google.cloud.logging_v2.services.logging_service_v2.transports import (
        LoggingServiceV2GrpcAsyncIOTransport,
    )

    return LoggingServiceV2AsyncClient(transport=LoggingServiceV2GrpcAsyncIOTransport(channel=channel))


async def _held_open(request: Any, over: asyncio.Event) -> AsyncGenerator[Any, None]:
    """One request, and then nothing: the session lasts as long as its sending side is open."""
    yield request
    await over.wait()
