"""A log followed for ever: streamed where that is possible, polled where it is not, and without gaps.

A stream that is opened anew is asked for first; then the last minute is listed, at once and again when what was
late to the index has arrived, and what came twice is dropped.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import TYPE_CHECKING, Any

from cockpit.sources.errors import DeniedError, InvalidError, SourceError, ThrottledError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cockpit.sources.cloudlogging import CloudLogging, LogEntry


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


@dataclass(frozen=True, slots=True)
class TailPace:
    """How a tail goes about it, in seconds; `most` is the number of entries it lists at once.

    The other side gathers for a `window`. When a stream opens, `lookback` is listed, and again after `settle`;
    not refused within `grace`, it is open; it is replaced after `rotate`. Retries pause from `first_retry` to
    `last_retry`, and begin anew after a `steady` time. Instead of a stream: every `poll`, for `poll_for`.
    """

    window: float = 0.05
    lookback: float = 60.0
    grace: float = 0.5
    settle: float = 6.0
    rotate: float = 55 * 60.0
    first_retry: float = 0.5
    last_retry: float = 30.0
    steady: float = 30.0
    poll: float = 10.0
    poll_for: float = 60.0
    most: int = 10_000


class EntryTail:
    """Gives every entry that matches a query once, as it learns of them: not quite in the order of time.

    `entries` and `stands` are called on the loop; both must return quickly.
    """

    def __init__(
        self,
        logging: CloudLogging,
        query: str,
        entries: Callable[[Sequence[LogEntry]], None],
        stands: Callable[[TailState], None],
        *,
        pace: TailPace | None = None,
        wall: Callable[[], float] = time.time,
        random: Random | None = None,
    ) -> None:
        self._logging = logging
        self._query = query
        self._entries = entries
        self._stands = stands
        self._pace = pace or TailPace()
        self._wall = wall
        self._random = random or Random()
        self._seen = _Seen(keep=3 * self._pace.lookback, wall=wall)
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
        backfill = asyncio.create_task(self._backfill(self._wall() - self._pace.lookback))
        try:
            async with aclosing(self._logging.tail(self._query, self._pace.window)) as responses:
                async for response in responses:
                    self._suppressed += sum(info.suppressed_count for info in response.suppression_info)
                    self._take(response.entries)
                    self._say(TailMode.STREAMING)
        finally:
            await _cancelled(backfill)

    async def _backfill(self, since: float) -> None:
        """List what the stream came too late for, until a list begun after everything has settled succeeds.

        That lists are answered is also the first sign that the stream, silent until something matches, is open.
        """
        settled = self._wall() + self._pace.settle
        while True:
            began = self._wall()
            try:
                self._take(await self._logging.entries(self._query, since, self._pace.most))
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
        since = self._wall() - self._pace.lookback
        while (left := until - loop.time()) > 0:
            began = self._wall()
            self._take(await self._logging.entries(self._query, since, self._pace.most))
            self._say(TailMode.POLLING, reason, left)
            since = began - self._pace.poll
            await asyncio.sleep(self._pace.poll * self._random.uniform(0.9, 1.1))

    def _take(self, entries: Iterable[LogEntry]) -> None:
        fresh = [entry for entry in entries if self._seen.is_new(entry)]
        if fresh:
            self._entries(fresh)

    def _say(self, mode: TailMode, error: SourceError | None = None, retry_in: float | None = None) -> None:
        state = TailState(mode, error, retry_in, self._suppressed)
        if state != self._state:
            self._state = state
            self._stands(state)


class _Seen:
    """Which entries were seen in the last while, known by time and insert ID.

    Two generations, so that forgetting costs nothing: a key is kept for `keep` seconds at least, and twice that at
    most.
    """

    def __init__(self, keep: float, wall: Callable[[], float]) -> None:
        self._keep = keep
        self._wall = wall
        self._began = wall()
        self._young: set[tuple[int, str]] = set()
        self._old: set[tuple[int, str]] = set()

    def is_new(self, entry: Any) -> bool:
        """Whether it is seen for the first time; it is known from then on."""
        stamp = entry.timestamp
        key = (stamp.seconds * 1_000_000_000 + stamp.nanos, entry.insert_id)
        if key in self._young or key in self._old:
            return False
        if self._wall() - self._began > self._keep:
            self._began = self._wall()
            self._young, self._old = set(), self._young
        self._young.add(key)
        return True


async def _cancelled(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait for its end. Raises what it failed with by a mistake of ours."""
    task.cancel()
    (outcome,) = await asyncio.gather(task, return_exceptions=True)
    if isinstance(outcome, Exception) and not isinstance(outcome, SourceError):
        raise outcome
