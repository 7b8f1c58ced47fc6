"""The simulated project's logs: what is written goes to the open tails at once and into the index."""

from __future__ import annotations

import asyncio
import random
import time
from heapq import heappop, heappush
from typing import TYPE_CHECKING, cast

from cockpit.simulator.logs.messages import LogEntry
from cockpit.simulator.logs.settings import Clock, LogSettings
from cockpit.simulator.logs.tail import Tails
from cockpit.simulator.logs.timeline import Record, Timeline

if TYPE_CHECKING:
    from google.protobuf.message import Message

_SECOND = 1_000_000_000


class LogStore:
    """Implements `seams.LogSink`. One event loop, one thread."""

    def __init__(self, clock: Clock = time.time, settings: LogSettings | None = None) -> None:
        """`clock` gives Unix seconds; every stamp, lag and session is measured with it."""
        self.settings = settings or LogSettings()
        self.tails = Tails(clock, self.settings)
        self._clock = clock
        self._random = random.Random(self.settings.quirks.seed)
        self._timeline = Timeline(self.settings.limits.entries, self.settings.limits.stored_bytes)
        self._unindexed: list[tuple[int, Record]] = []
        self._written = 0

    def write(self, entry: Message) -> None:
        """Keep one raw LogEntry; an empty insert_id, timestamp or receive_timestamp is filled in, in place."""
        filled = cast(LogEntry, entry)
        now = self.now()
        if not filled.HasField("timestamp"):
            filled.timestamp.seconds, filled.timestamp.nanos = divmod(now, _SECOND)
        if not filled.insert_id:
            self._written += 1
            filled.insert_id = f"{now:016x}{self._written:08x}"
        if self._random.random() < self.settings.quirks.late_share:
            self._hold_back(filled)
        else:
            self._receive(filled, now)

    def now(self) -> int:
        """Unix nanoseconds by the store's clock."""
        return int(self._clock() * _SECOND)

    @property
    def index(self) -> Timeline:
        """Everything a list can find now."""
        self._settle()
        return self._timeline

    def draws_empty_page(self) -> bool:
        """Whether the next list page is to come back empty, as it does now and then."""
        return self._random.random() < self.settings.quirks.empty_pages

    def _settle(self) -> None:
        now = self.now()
        while self._unindexed and self._unindexed[0][0] <= now:
            self._timeline.insert(heappop(self._unindexed)[1])

    def _hold_back(self, entry: LogEntry) -> None:
        late = LogEntry()
        late.CopyFrom(entry)  # the caller may go on using its own
        delay = self._random.uniform(0, self.settings.quirks.late_by)
        asyncio.get_running_loop().call_later(delay, lambda: self._receive(late, self.now()))

    def _receive(self, entry: LogEntry, now: int) -> None:
        if not entry.HasField("receive_timestamp"):
            entry.receive_timestamp.seconds, entry.receive_timestamp.nanos = divmod(now, _SECOND)
        stamp = entry.timestamp
        record = Record(
            stamp.seconds * _SECOND + stamp.nanos, entry.insert_id, entry.log_name, entry.SerializeToString()
        )
        self.tails.offer(record, entry)
        shortest, longest = self.settings.quirks.index_lag
        if longest > 0:
            heappush(self._unindexed, (now + round(self._random.uniform(shortest, longest) * _SECOND), record))
            self._settle()
        else:
            self._timeline.insert(record)
