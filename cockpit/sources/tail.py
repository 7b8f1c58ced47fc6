"""A log followed for ever: streamed where that is possible, polled where it is not, and without gaps.

A stream that is opened anew is asked for first; then what came since the last one was heard is listed, from a
minute before, at once and again when what was late to the index has arrived, and what came twice is dropped.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import TYPE_CHECKING, Any, Protocol

from cockpit.logs.moment import SECOND
from cockpit.sources.errors import DeniedError, InvalidError, SourceError, ThrottledError
from cockpit.sources.seen import Seen

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence

    from cockpit.sources.cloudlogging import LogEntry


class Logging(Protocol):
    """What a tail needs of Cloud Logging; see `CloudLogging`."""

    def tail(self, query: str, window: float) -> AsyncGenerator[Any, None]: ...
    def pages(
        self, query: str, *, since: float | None = None, until: int | None = None, most: int = ...
    ) -> AsyncGenerator[Sequence[LogEntry], None]: ...


class TailMode(Enum):
    """How a tail stands at the moment."""

    OPENING = "opening"
    STREAMING = "streaming"
    POLLING = "polling"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class TailState:
    """What a tail says of itself when it changes, and after every poll.

    OPENING: nothing was heard yet. STREAMING stays true while nothing is said: silence means that nothing matched.
    POLLING: `error` is why it does not stream, `retry_in` the seconds until it tries to. WAITING: `error` is why
    nothing comes, `retry_in` the seconds until the next try. `suppressed` counts what the other side left out, at
    least.
    """

    mode: TailMode
    error: SourceError | None = None
    retry_in: float | None = None
    suppressed: int = 0


class Why(Enum):
    """Why entries are missing, as words go on: "left out by Cloud Logging: …"."""

    RATE_LIMIT = "more a minute than it streams"
    NOT_CONSUMED = "read too slowly"
    UNKNOWN = "for a reason it does not name"
    TOO_MANY = "more came than is listed at once"


_WHY = {1: Why.RATE_LIMIT, 2: Why.NOT_CONSUMED}
"""By the number of `TailLogEntriesResponse.SuppressionInfo.Reason`."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Entries that are left out.

    At least `count` of them, 0 where nobody knows, before the moment `at` (Unix nanoseconds) and, where that is
    known, after `since`.
    """

    why: Why
    at: int
    count: int = 0
    since: int | None = None


@dataclass(frozen=True, slots=True)
class TailPace:
    """How a tail goes about it, in seconds and numbers of entries.

    The other side gathers for a `window`. At the first stream the last `start` are listed, at most `start_most`
    entries; at every later one what came since the last was heard, but no more than `recall` and `most` entries,
    and `lookback` before that, again after `settle`. Not refused within `grace`, a stream is open; it is replaced
    after `rotate`. Retries pause from `first_retry` to `last_retry`, and begin anew after a `steady` time. Instead
    of a stream: every `poll`, for `poll_for`. `known` entries are remembered to tell what comes twice.
    """

    window: float = 0.05
    start: float = 60.0
    start_most: int = 10_000
    lookback: float = 60.0
    recall: float = 60.0
    most: int = 10_000
    grace: float = 0.5
    settle: float = 6.0
    rotate: float = 55 * 60.0
    first_retry: float = 0.5
    last_retry: float = 30.0
    steady: float = 30.0
    poll: float = 10.0
    poll_for: float = 60.0
    known: int = 100_000


class EntryTail:
    """Gives every entry that matches a query once, as it learns of them: not quite in the order of time.

    All it is given is called on the loop and must return quickly, but for `room`. `entries` gets them, those of
    a response in the order of time; `listed` those that a list gave, in that order as well, page by page
    from the newest, and without it `entries` gets them. `stands` is told when the state changes, `missing` what is
    left out. `room` is awaited before more is read: while it waits the other side holds back, and says itself what
    it leaves out.
    """

    def __init__(
        self,
        logging: Logging,
        query: str,
        entries: Callable[[Sequence[LogEntry]], None],
        stands: Callable[[TailState], None],
        *,
        listed: Callable[[Sequence[LogEntry]], None] | None = None,
        missing: Callable[[Missing], None] | None = None,
        room: Callable[[], Awaitable[None]] | None = None,
        pace: TailPace | None = None,
        wall: Callable[[], float] = time.time,
        random: Random | None = None,
    ) -> None:
        self._logging = logging
        self._query = query
        self._entries = entries
        self._stands = stands
        self._listed = listed or entries
        self._missing = missing
        self._room = room
        self._pace = pace or TailPace()
        self._wall = wall
        self._random = random or Random()
        self.seen = Seen(max(self._pace.known, 2 * self._pace.most))
        self.since: int | None = None
        """From this moment (Unix nanoseconds) on everything was given; None until the first list was answered."""
        self._heard: float | None = None
        self._state: TailState | None = None
        self._suppressed = 0
        self._failures = 0

    async def run(self) -> None:
        """Follow until cancelled. Raises nothing of its own: whatever goes wrong outside is told as a state."""
        loop = asyncio.get_running_loop()
        self._say(TailMode.OPENING)
        while True:
            began = loop.time()
            error = await self._attempt()
            if loop.time() - began > self._pace.steady:
                self._failures = 0
            await self._wait(error)

    async def _attempt(self) -> SourceError | None:
        """Stream, or else poll for a while; answers what ended it."""
        try:
            await self._streams()
        except (ThrottledError, DeniedError, InvalidError) as reason:
            # Ten sessions a project is all there are, and lists may be allowed where tails are not.
            try:
                await self._poll_instead(reason)
            except SourceError as error:
                return error
        except SourceError as error:
            return error
        return None

    async def _wait(self, error: SourceError | None) -> None:
        self._failures += 1
        pause = min(self._pace.last_retry, self._pace.first_retry * 2 ** min(self._failures - 1, 16))
        pause *= self._random.uniform(0.5, 1.0)
        if isinstance(error, ThrottledError) and error.retry_after:
            pause = max(pause, error.retry_after)
        if error is not None:
            self._say(TailMode.WAITING, error, pause)
        await asyncio.sleep(pause)

    async def _streams(self) -> None:
        """One stream after another, each opened before its predecessor is given up, until one ends by itself."""
        stream = asyncio.create_task(self._stream())
        try:
            while True:
                await asyncio.wait({stream}, timeout=self._pace.rotate)
                if stream.done():
                    return await stream
                stale, stream = stream, asyncio.create_task(self._stream())
                try:
                    await asyncio.wait({stream}, timeout=self._pace.settle)
                finally:
                    await _cancelled(stale)
        finally:
            await _cancelled(stream)

    async def _stream(self) -> None:
        caught_up = asyncio.Event()
        backfill = asyncio.create_task(self._backfill(caught_up))
        try:
            async with aclosing(self._logging.tail(self._query, self._pace.window)) as responses:
                async for response in responses:
                    self._take(response.entries)
                    self._note_suppressed(response)
                    if caught_up.is_set():
                        self._hear(response)
                    self._say(TailMode.STREAMING)
                    await self._made_room()
        finally:
            await _cancelled(backfill)

    def _note_suppressed(self, response: Any) -> None:
        """Tell what the other side left out, in its place: behind what came with it."""
        for info in response.suppression_info:
            self._suppressed += info.suppressed_count
            last = moment_of(response.entries[-1]) if response.entries else round(self._wall() * SECOND)
            self._miss(Missing(_WHY.get(info.reason, Why.UNKNOWN), last, info.suppressed_count))

    def _hear(self, response: Any) -> None:
        """Note up to when all was given: the other side may be behind, with entries that were held back."""
        heard = self._wall()
        if response.entries:
            heard = min(heard, response.entries[-1].timestamp.seconds)
        self._heard = max(self._heard or 0.0, heard)

    async def _backfill(self, caught_up: asyncio.Event) -> None:
        """List what the stream came too late for, until a list begun after everything has settled succeeds.

        That lists are answered is also the first sign that the stream, silent until something matches, is open.
        """
        opened = self._wall()
        settled = opened + self._pace.settle
        since = self._list_from(opened)
        while True:
            began = self._wall()
            try:
                await self._list(since, began)
                caught_up.set()
                since = max(since, opened - self._pace.lookback)
                await asyncio.sleep(self._pace.grace)
                self._say(TailMode.STREAMING)
                if began >= settled:
                    return
            except SourceError as error:
                if self._state is None or self._state.mode is not TailMode.STREAMING:
                    self._say(TailMode.WAITING, error, self._pace.settle)
            await asyncio.sleep(self._pace.settle)

    async def _poll_instead(self, reason: SourceError) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._pace.poll_for
        while (left := until - loop.time()) > 0:
            began = self._wall()
            await self._list(self._list_from(began), began)
            self._say(TailMode.POLLING, reason, left)
            await asyncio.sleep(self._pace.poll * self._random.uniform(0.9, 1.1))

    def _list_from(self, now: float) -> float:
        """From which moment (epoch seconds) on something may not have been given yet."""
        if self._heard is None:
            return now - self._pace.start
        return max(self._heard, now - self._pace.recall) - self._pace.lookback

    async def _list(self, since: float, began: float) -> None:
        """Give what lists know since then; it was all, up to the moment the list began, unless `missing` is told.

        Raises a SourceError; what came before it is given.
        """
        heard = self._heard
        most = self._pace.start_most if heard is None else self._pace.most
        count, reached = 0, round(since * SECOND)
        async with aclosing(self._logging.pages(self._query, since=since, most=most)) as pages:
            async for page in pages:
                self._take(reversed(page), self._listed)
                count += len(page)
                if page and count >= most:
                    reached = moment_of(page[-1])
                await self._made_room()
        if heard is None:
            self.since, self.seen.edge = reached, reached // SECOND
        elif count >= most and reached > heard * SECOND:
            self._miss(Missing(Why.TOO_MANY, reached, since=round(heard * SECOND)))
        self._heard = max(self._heard or 0.0, began)

    def _take(self, entries: Iterable[LogEntry], give: Callable[[Sequence[LogEntry]], None] | None = None) -> None:
        fresh = self.seen.fresh(entries)
        if fresh:
            (give or self._entries)(fresh)

    def _miss(self, missing: Missing) -> None:
        if self._missing is not None:
            self._missing(missing)

    async def _made_room(self) -> None:
        if self._room is not None:
            await self._room()

    def _say(self, mode: TailMode, error: SourceError | None = None, retry_in: float | None = None) -> None:
        state = TailState(mode, error, retry_in, self._suppressed)
        if state != self._state:
            self._state = state
            self._stands(state)


def moment_of(entry: LogEntry) -> int:
    """When an entry was written, in Unix nanoseconds."""
    stamp = entry.timestamp
    return int(stamp.seconds * SECOND + stamp.nanos)


async def _cancelled(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait for its end. Raises what it failed with by a mistake of ours."""
    task.cancel()
    (outcome,) = await asyncio.gather(task, return_exceptions=True)
    if isinstance(outcome, Exception) and not isinstance(outcome, SourceError):
        raise outcome
