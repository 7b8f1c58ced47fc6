"""Live tails: each session holds matching entries for its buffer window and hands them out in order of time.

After https://cloud.google.com/logging/docs/reference/v2/rpc/google.logging.v2 (TailLogEntries): ascending within a
response, no order between responses, suppressed entries counted by reason as a lower bound.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from heapq import heappop, heappush

from google.rpc import code_pb2

from cockpit.simulator.logs.errors import LoggingError
from cockpit.simulator.logs.filters.compile import Matches
from cockpit.simulator.logs.messages import LogEntry, TailLogEntriesResponse
from cockpit.simulator.logs.settings import Clock, LogSettings
from cockpit.simulator.logs.timeline import Record
from cockpit.simulator.logs.wire import entries_field

_SECOND = 1_000_000_000
_SHORTEST_GAP, _LONGEST_GAP = _SECOND // 100, _SECOND // 10
_MOST_ENTRIES, _MOST_BYTES = 1000, 2**20
"""Of one response: well under the 4 MiB that a gRPC client takes by default."""

_RATE_LIMIT = TailLogEntriesResponse.SuppressionInfo.RATE_LIMIT
_NOT_CONSUMED = TailLogEntriesResponse.SuppressionInfo.NOT_CONSUMED


class TailSession:
    """One open tail. `offer` and `take` never block; `responses` waits in between."""

    def __init__(
        self, parents: tuple[str, ...], matches: Matches, window: float, clock: Clock, settings: LogSettings
    ) -> None:
        """`parents` as `projects/P`; `window` in seconds."""
        self.parents = parents
        self._prefixes = tuple(f"{parent}/" for parent in parents)
        self._matches = matches
        self._window = round(window * _SECOND)
        self._clock = clock
        self._limits = settings.limits
        self._quirks = settings.quirks
        self._random = random.Random(settings.quirks.seed)
        self._waiting: list[tuple[int, Record]] = []
        self._waiting_bytes = 0
        self._suppressed: Counter[int] = Counter()
        # many small windows end within one gap, and one response carries them all
        self._gap = min(max(self._window // 20, _SHORTEST_GAP), _LONGEST_GAP)
        self._not_before = 0
        self._ends_at = self._now() + round(self._limits.tail_seconds * _SECOND)
        self._minute, self._in_minute = 0, 0
        self._wake = asyncio.Event()
        self._closed = False
        self._failure: LoggingError | None = None

    def offer(self, record: Record, entry: LogEntry) -> None:
        """Keep an entry if it belongs here: until its window has passed, or as a count of what was suppressed."""
        if not record.log_name.startswith(self._prefixes) or not self._matches(entry):
            return
        now = self._now()
        if self._over_rate(now):
            self._suppress(_RATE_LIMIT)
        elif (
            len(self._waiting) >= self._limits.tail_buffer
            or self._waiting_bytes + len(record.wire) > self._limits.tail_buffer_bytes
        ):
            self._suppress(_NOT_CONSUMED)
        else:
            self._waiting_bytes += len(record.wire)
            heappush(self._waiting, (min(record.time, now) + self._window + self._jitter(), record))
            if self._waiting[0][1] is record:
                self._wake.set()

    def take(self) -> bytes:
        """A serialised TailLogEntriesResponse with what is due; empty when nothing is."""
        now = self._now()
        if now < self._not_before:
            return b""
        due = sorted(self._due(now))
        if not due and not self._suppressed:
            return b""
        if len(due) < _MOST_ENTRIES:
            self._not_before = now + self._gap
        return entries_field(record.wire for record in due) + self._take_suppressed()

    async def responses(self) -> AsyncIterator[bytes]:
        """Serialised responses, until the session is closed. Raises LoggingError when it ends otherwise."""
        while not self._closed:
            if self._now() >= self._ends_at:
                raise LoggingError(code_pb2.OUT_OF_RANGE, "The maximum duration of the tail session was reached.")
            response = self.take()
            if response:
                yield response
            else:
                await self._pause()
        if self._failure is not None:
            raise self._failure

    def close(self, failure: LoggingError | None = None) -> None:
        """End the session, for the client with OK or with an error."""
        self._closed, self._failure = True, failure
        self._wake.set()

    def _now(self) -> int:
        return int(self._clock() * _SECOND)

    def _jitter(self) -> int:
        if self._random.random() >= self._quirks.reorder_share:
            return 0
        return round(self._random.uniform(0, self._quirks.reorder_by) * _SECOND)

    def _over_rate(self, now: int) -> bool:
        most = self._limits.tail_entries_per_minute
        if not most:
            return False
        minute = now // (60 * _SECOND)
        self._in_minute = self._in_minute + 1 if minute == self._minute else 1
        self._minute = minute
        return self._in_minute > most

    def _suppress(self, reason: int) -> None:
        self._suppressed[reason] += 1
        if not self._waiting:
            self._wake.set()

    def _due(self, now: int) -> Iterator[Record]:
        count = size = 0
        while self._waiting and self._waiting[0][0] <= now and count < _MOST_ENTRIES and size < _MOST_BYTES:
            record = heappop(self._waiting)[1]
            count += 1
            size += len(record.wire)
            yield record
        self._waiting_bytes -= size

    def _take_suppressed(self) -> bytes:
        if not self._suppressed:
            return b""
        response = TailLogEntriesResponse()
        for reason, count in sorted(self._suppressed.items()):
            response.suppression_info.append(
                TailLogEntriesResponse.SuppressionInfo(reason=reason, suppressed_count=count)
            )
        self._suppressed.clear()
        return bytes(response.SerializeToString())

    async def _pause(self) -> None:
        """Until the next entry is due, or something happens."""
        if self._waiting:
            until = max(self._waiting[0][0], self._not_before)
        else:
            until = self._not_before if self._suppressed else self._ends_at
        self._wake.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout((min(until, self._ends_at) - self._now()) / _SECOND):
                await self._wake.wait()


class Tails:
    """The open sessions of a store."""

    def __init__(self, clock: Clock, settings: LogSettings) -> None:
        self._clock = clock
        self._settings = settings
        self._sessions: list[TailSession] = []

    def __len__(self) -> int:
        return len(self._sessions)

    @contextlib.contextmanager
    def session(self, parents: tuple[str, ...], matches: Matches, window: float) -> Iterator[TailSession]:
        """An open session, closed on leaving. Raises RESOURCE_EXHAUSTED when a project has too many."""
        most = self._settings.limits.tail_sessions
        for parent in parents:
            if sum(parent in session.parents for session in self._sessions) >= most:
                raise LoggingError(
                    code_pb2.RESOURCE_EXHAUSTED, f"There are too many tail sessions open: {parent} has {most}."
                )
        session = TailSession(parents, matches, window, self._clock, self._settings)
        self._sessions.append(session)
        try:
            yield session
        finally:
            self._sessions.remove(session)

    def offer(self, record: Record, entry: LogEntry) -> None:
        """Show one entry to every session."""
        for session in self._sessions:
            session.offer(record, entry)

    def break_off(self, code: int = code_pb2.UNAVAILABLE, message: str = "The stream was broken off.") -> None:
        """End every session with an error, as an outage does."""
        for session in self._sessions:
            session.close(LoggingError(code, message))
