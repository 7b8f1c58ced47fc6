"""The observed split: the request log, tailed, counted in a sliding window."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from cockpit.live.problems import LASTING, problem_of
from cockpit.live.snapshot import Feed, FeedState
from cockpit.release.observed import Window
from cockpit.sources.tail import TailMode, TailState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.live.clock import Clock
    from cockpit.release.observed import Observed, RequestSeen
    from cockpit.release.service import ServiceRef
    from cockpit.sources.requestlog import Requests

logger = logging.getLogger(__name__)

NAME = "requests"
RESTART_SECONDS = 30.0


class RequestFeed:
    """Counts a service's requests for as long as it runs. `changed` is told when the tail's standing changes."""

    def __init__(
        self,
        ref: ServiceRef,
        requests: Requests,
        *,
        window: float,
        failed_after: float,
        clock: Clock,
        changed: Callable[[], None],
    ) -> None:
        self._ref = ref
        self._requests = requests
        self._window = Window(window)
        self._failed_after = failed_after
        self._clock = clock
        self._changed = changed
        self._state = TailState(TailMode.OPENING)
        self._stated_at = clock.now()
        self._fresh_at: float | None = None

    async def run(self) -> None:
        """Follow for ever."""
        while True:
            try:
                await self._requests.follow(self._ref, self._seen, self._stands)
            except Exception:
                # A feed outlives a mistake of ours: the rest of the cockpit does without it.
                logger.exception("the request log could not be followed")
            self._stands(TailState(TailMode.WAITING, None, RESTART_SECONDS))
            await self._clock.sleep(RESTART_SECONDS)

    def observed(self) -> Observed | None:
        """What the window holds now; None before the log was read for the first time."""
        return None if self._fresh_at is None else self._window.observed(self._clock.wall().timestamp())

    def standing(self, at: float) -> Feed:
        """How the tail stands. A stream on which nothing matches is fresh: silence is an answer."""
        state = self._state
        problem = problem_of(state.error) if state.error else None
        retry_at = None if state.retry_in is None else self._stated_at + state.retry_in
        return Feed(NAME, self._feed_state(at), self._fresh_at, problem, retry_at)

    def _feed_state(self, at: float) -> FeedState:
        if self._state.mode in (TailMode.STREAMING, TailMode.POLLING):
            return FeedState.LIVE
        if self._fresh_at is None:
            return FeedState.STARTING if self._state.error is None else FeedState.FAILED
        if isinstance(self._state.error, LASTING) or at - self._fresh_at > self._failed_after:
            return FeedState.FAILED
        return FeedState.STALE

    def _seen(self, requests: Sequence[RequestSeen]) -> None:
        for request in requests:
            self._window.add(request)
        self._fresh_at = self._clock.now()

    def _stands(self, state: TailState) -> None:
        now = self._clock.now()
        if TailMode.STREAMING in (self._state.mode, state.mode) or state.mode is TailMode.POLLING:
            self._fresh_at = now
        self._state = state
        self._stated_at = now
        self._changed()
