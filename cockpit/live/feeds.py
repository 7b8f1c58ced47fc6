"""Feeds: they keep asking, at a polite pace, and always know how old their answer is."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from cockpit.live.problems import LASTING, problem_of
from cockpit.live.snapshot import Feed, FeedState, Problem
from cockpit.sources.errors import SourceError, ThrottledError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from random import Random

    from cockpit.live.clock import Clock

T = TypeVar("T")

logger = logging.getLogger(__name__)

LATE = Problem("late", "No answer in time", "It is being asked again")
INTERNAL = Problem("internal", "The cockpit could not make sense of an answer", "The log file has the details")


@dataclass(frozen=True, slots=True)
class Pace:
    """How a feed asks, in seconds.

    `interval` between reads, `hurry` while something is under way, `cap` the longest pause between tries while it
    fails. Data older than `stale_after` are STALE, and FAILED when older than `failed_after` with reads failing.
    """

    interval: float
    hurry: float = 1.0
    cap: float = 60.0
    stale_after: float = 10.0
    failed_after: float = 30.0


class Standing:
    """One feed's freshness: told of answers and failures, it says how the feed stands at a moment."""

    def __init__(self, name: str, *, stale_after: float, failed_after: float) -> None:
        self._name = name
        self._stale_after = stale_after
        self._failed_after = failed_after
        self._fresh_at: float | None = None
        self._problem: Problem | None = None
        self._lasting = False
        self._retry_at: float | None = None

    def good(self, at: float) -> None:
        """An answer came."""
        self._fresh_at = at
        self._problem = None
        self._lasting = False
        self._retry_at = None

    def bad(self, problem: Problem, *, lasting: bool, retry_at: float | None) -> None:
        """A try failed; `lasting` where trying again will not mend it by itself."""
        self._problem = problem
        self._lasting = lasting
        self._retry_at = retry_at

    def at(self, moment: float) -> Feed:
        """How the feed stands."""
        age = None if self._fresh_at is None else moment - self._fresh_at
        late = age is not None and age > self._stale_after
        if self._problem is not None:
            gone = self._lasting or age is None or age > self._failed_after
            state = FeedState.FAILED if gone else FeedState.STALE
        elif age is None:
            state = FeedState.STARTING
        else:
            state = FeedState.STALE if late else FeedState.LIVE
        problem = self._problem or (LATE if late else None)
        return Feed(self._name, state, self._fresh_at, problem, self._retry_at)


class PollFeed(Generic[T]):
    """Reads again and again: at its interval with jitter, faster in a hurry, with back-off while it fails.

    `landed` folds an answer, `changed` is told after every try, `hurry` is asked before every pause. An answer to
    a read that began before one already folded is dropped: it is older.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[], Awaitable[T]],
        landed: Callable[[T], None],
        *,
        pace: Pace,
        clock: Clock,
        random: Random,
        changed: Callable[[], None] = lambda: None,
        hurry: Callable[[], bool] = lambda: False,
    ) -> None:
        self._standing = Standing(name, stale_after=pace.stale_after, failed_after=pace.failed_after)
        self._read = read
        self._landed = landed
        self._pace = pace
        self._clock = clock
        self._random = random
        self._changed = changed
        self._hurry = hurry
        self._wake = asyncio.Event()
        self._begun = 0
        self._folded = 0
        self._failures = 0
        self._ended = clock.now()
        self._not_before = 0.0

    def standing(self, at: float) -> Feed:
        """How the feed stands at a moment."""
        return self._standing.at(at)

    def refresh(self) -> None:
        """Read now."""
        self._wake.set()

    async def run(self) -> None:
        """Read for ever; a failure is kept for the view and ends nothing."""
        while True:
            self._wake.clear()
            with suppress(SourceError):
                await self.read(self._read)
            await self._pause()

    async def read(self, read: Callable[[], Awaitable[T]]) -> T:
        """Read once, fold the answer and give it; raises what the read raises, after keeping it for the view."""
        self._begun += 1
        number = self._begun
        try:
            answer = await read()
            if number > self._folded:
                self._folded = number
                self._landed(answer)
        except SourceError as error:
            self._failed(problem_of(error), error)
            raise
        except Exception as error:
            # A feed outlives a mistake of ours: the rest of the cockpit is needed most when something is odd.
            logger.exception("a feed could not fold its answer")
            self._failed(INTERNAL, error)
            raise SourceError(INTERNAL.text, INTERNAL.mend) from error
        self._failures = 0
        self._not_before = 0.0
        self._ended = self._clock.now()
        self._standing.good(self._ended)
        self._changed()
        return answer

    def _failed(self, problem: Problem, error: Exception) -> None:
        self._failures += 1
        self._ended = self._clock.now()
        pause = min(self._pace.cap, self._pace.hurry * 2 ** min(self._failures - 1, 16)) * self._random.uniform(
            0.5, 1
        )
        asked = error.retry_after if isinstance(error, ThrottledError) else None
        self._not_before = self._ended + max(pause, asked or 0.0)
        self._standing.bad(problem, lasting=isinstance(error, LASTING), retry_at=self._not_before)
        self._changed()

    async def _pause(self) -> None:
        """Wait until the next read is due; one made meanwhile by somebody else moves it, a refresh ends it."""
        jitter = self._random.uniform(0.9, 1.1)
        while not self._wake.is_set():
            left = self._due(jitter) - self._clock.now()
            if left <= 0:
                return
            await self._clock.sleep_or(self._wake, left)

    def _due(self, jitter: float) -> float:
        if self._failures:
            return self._not_before
        interval = min(self._pace.hurry, self._pace.interval) if self._hurry() else self._pace.interval
        return self._ended + interval * jitter
