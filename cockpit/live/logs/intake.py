"""Entries on their way into the store: understood a slice at a time, so that the loop stays free for keys."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cockpit.live.logs.reading import Broken
from cockpit.logs.joining import Joiner
from cockpit.logs.segment import SegmentBuilder
from cockpit.sources.entries import record_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cockpit.logs.entry import Record
    from cockpit.logs.names import Names
    from cockpit.logs.segment import Segment
    from cockpit.logs.store import LogStore
    from cockpit.sources.cloudlogging import LogEntry

logger = logging.getLogger(__name__)

SLICE = 0.008
"""Seconds of understanding between two turns of the loop."""
STEP = 32
"""Entries between two looks at the clock."""
EVERY = 1 / 20
"""Seconds between two batches that go to the store, unless one is full before."""
MOST_ROWS = 2000
MOST_BYTES = 1 << 20
MOST_WAITING = 32
"""Responses and pages that may wait, each of at most 4 MiB, before no more are read."""
MOST_BROKEN = 100
HEAD = 200


class Tap(Protocol):
    """Hears of every entry, in the order in which they are understood: a recording."""

    def logged(self, raw: bytes, time: int, page: int) -> None:
        """A raw `google.logging.v2.LogEntry`, its moment in Unix ns (0 for none), and the page that it came with,
        0 for what a stream brought."""
        ...

    def gap(self, record: Record) -> None:
        """A row of ours among what the stream brought."""
        ...


class _Batch:
    """Entries that become rows; those that are one traceback become one. `page` is 0 for a stream's."""

    def __init__(self, names: Names, tap: Tap | None, page: int = 0) -> None:
        self._builder = SegmentBuilder(names)
        self._joiner: Joiner[bytes] = Joiner()
        self._tap = tap
        self._page = page

    def __len__(self) -> int:
        return len(self._builder)

    @property
    def full(self) -> bool:
        return len(self._builder) >= MOST_ROWS or self._builder.size >= MOST_BYTES

    @property
    def open(self) -> bool:
        """Whether something waits for its end."""
        return len(self._joiner) > 0

    def add(self, entry: LogEntry, now: float) -> None:
        found, raw = record_of(entry), entry.SerializeToString()
        if self._tap is not None:
            self._tap.logged(raw, found.time, self._page)
        for record, payload in self._joiner.feed(found, raw, now):
            self._builder.keep(record, payload)

    def note(self, record: Record) -> None:
        """A row that no entry stands behind."""
        if self._tap is not None:
            self._tap.gap(record)
        self._builder.keep(record)

    def flush(self, now: float) -> None:
        """Wait no longer for the end of what has had its time."""
        for record, payload in self._joiner.flush(now):
            self._builder.keep(record, payload)

    def close(self) -> None:
        """Nothing more comes."""
        for record, payload in self._joiner.close():
            self._builder.keep(record, payload)

    def build(self) -> Segment:
        return self._builder.build()


@dataclass(slots=True)
class _Waiting:
    """What waits to be understood, and where it goes."""

    entries: Iterator[LogEntry]
    batch: _Batch
    note: Record | None = None
    done: asyncio.Event | None = None


class Intake:
    """Takes raw entries and appends them to a store, while `run` runs.

    Nothing is dropped: `room` waits while too much waits to be understood, and whoever reads from a network waits
    with it. `changed` is called after the store was. `broken` are the latest entries that could not be understood.
    """

    def __init__(
        self,
        store: LogStore,
        changed: Callable[[], None],
        *,
        now: Callable[[], float] = time.monotonic,
        tap: Tap | None = None,
    ) -> None:
        self.broken: deque[Broken] = deque(maxlen=MOST_BROKEN)
        self.broken_count = 0
        self._store = store
        self._changed = changed
        self._now = now
        self._tap = tap
        self._pages = 0
        self._waiting: deque[_Waiting] = deque()
        self._live = _Batch(store.names, tap)
        self._published = -math.inf
        self._arrived = asyncio.Event()
        self._roomy = asyncio.Event()
        self._roomy.set()

    def take(self, entries: Sequence[LogEntry]) -> None:
        """Entries as a stream brings them."""
        self._put(_Waiting(iter(entries), self._live))

    def take_page(self, entries: Sequence[LogEntry]) -> asyncio.Event:
        """Entries of one page of a list, in the order of time: nothing is joined with what is not in it.

        The event is set when they are in the store.
        """
        done = asyncio.Event()
        self._pages += 1
        self._put(_Waiting(iter(entries), _Batch(self._store.names, self._tap, self._pages), done=done))
        return done

    def note(self, record: Record) -> None:
        """A row of ours among what the stream brings."""
        self._put(_Waiting(iter(()), self._live, record))

    async def finish(self) -> None:
        """Nothing more comes: returns when all of it is in the store, what waits for its end as it is."""
        await self.take_page(()).wait()
        self._live.close()
        self._publish(self._live)

    async def room(self) -> None:
        """Wait until more can be taken."""
        await self._roomy.wait()

    async def run(self) -> None:
        """Understand what comes, for ever."""
        while True:
            await self._something()
            self._understand()
            self._publish_live()
            await asyncio.sleep(0)

    def _put(self, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        self._arrived.set()
        if len(self._waiting) >= MOST_WAITING:
            self._roomy.clear()

    async def _something(self) -> None:
        """Wait until there is something to understand, or to hand on."""
        if self._waiting:
            return
        self._arrived.clear()
        pause = EVERY if self._live or self._live.open else None
        try:
            async with asyncio.timeout(pause):
                await self._arrived.wait()
        except TimeoutError:
            return

    def _understand(self) -> None:
        """Understand entries for the length of a slice."""
        end = self._now() + SLICE
        while self._waiting and (now := self._now()) < end:
            first = self._waiting[0]
            if not self._step(first, now):
                continue
            self._waiting.popleft()
            if first.note is not None:
                first.batch.note(first.note)
            if first.batch is not self._live:
                first.batch.close()
                self._publish(first.batch)
            if first.done is not None:
                first.done.set()
        if len(self._waiting) < MOST_WAITING:
            self._roomy.set()

    def _step(self, waiting: _Waiting, now: float) -> bool:
        """Understand a few entries; whether these were the last."""
        add = waiting.batch.add
        for _ in range(STEP):
            entry = next(waiting.entries, None)
            if entry is None:
                return True
            try:
                add(entry, now)
            except Exception as error:
                # Whatever somebody managed to log: one entry must not end the log.
                logger.exception("an entry could not be read")
                self._breaks(entry, error)
        return False

    def _breaks(self, entry: LogEntry, error: Exception) -> None:
        self.broken_count += 1
        place = f"insertId {entry.insert_id}"
        self.broken.append(Broken(place, f"{type(error).__name__}: {error}", entry.text_payload[:HEAD]))

    def _publish_live(self) -> None:
        now = self._now()
        if self._live.open:
            self._live.flush(now)
        if len(self._live) and (self._live.full or now - self._published >= EVERY):
            self._published = now
            self._publish(self._live)

    def _publish(self, batch: _Batch) -> None:
        if len(batch):
            self._store.append(batch.build())
            self._changed()
