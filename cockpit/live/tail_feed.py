"""A tail as a feed: how fresh it is while it streams, polls, waits or breaks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from cockpit.live.problems import LASTING, problem_of
from cockpit.live.snapshot import Feed, FeedState
from cockpit.sources.tail import TailMode, TailState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cockpit.live.clock import Clock

logger = logging.getLogger(__name__)

RESTART_SECONDS = 30.0


class TailFeed:
    """Turns what a tail says of itself into a feed. `changed` is told when it stands otherwise."""

    def __init__(self, name: str, *, failed_after: float, clock: Clock, changed: Callable[[], None]) -> None:
        self.name = name
        self.state = TailState(TailMode.OPENING)
        self.fresh_at: float | None = None
        self._failed_after = failed_after
        self._clock = clock
        self._changed = changed
        self._stated_at = clock.now()

    async def keep_going(self, follow: Callable[[], Awaitable[None]]) -> None:
        """Follow for ever, whatever `follow` does."""
        while True:
            try:
                await follow()
            except Exception:
                # A feed outlives a mistake of ours: the rest of the cockpit does without it.
                logger.exception("the log could not be followed (%s)", self.name)
            self.stands(TailState(TailMode.WAITING, None, RESTART_SECONDS, self.state.suppressed))
            await self._clock.sleep(RESTART_SECONDS)

    def heard(self) -> None:
        """Something came."""
        self.fresh_at = self._clock.now()

    def stands(self, state: TailState) -> None:
        """Take what the tail says of itself."""
        now = self._clock.now()
        if TailMode.STREAMING in (self.state.mode, state.mode) or state.mode is TailMode.POLLING:
            self.fresh_at = now
        self.state = state
        self._stated_at = now
        self._changed()

    def standing(self, at: float) -> Feed:
        """How the tail stands. A stream on which nothing matches is fresh: silence is an answer."""
        state = self.state
        problem = problem_of(state.error) if state.error else None
        retry_at = None if state.retry_in is None else self._stated_at + state.retry_in
        return Feed(self.name, self._feed_state(at), self.fresh_at, problem, retry_at)

    def _feed_state(self, at: float) -> FeedState:
        if self.state.mode in (TailMode.STREAMING, TailMode.POLLING):
            return FeedState.LIVE
        if self.fresh_at is None:
            return FeedState.STARTING if self.state.error is None else FeedState.FAILED
        if isinstance(self.state.error, LASTING) or at - self.fresh_at > self._failed_after:
            return FeedState.FAILED
        return FeedState.STALE
