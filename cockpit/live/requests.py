"""The observed split: the request log, tailed, counted in a sliding window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.tail_feed import TailFeed
from cockpit.release.observed import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.live.clock import Clock
    from cockpit.live.snapshot import Feed
    from cockpit.release.observed import Observed, RequestSeen
    from cockpit.release.service import ServiceRef
    from cockpit.sources.requestlog import Requests

NAME = "requests"


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
        self._clock = clock
        self._feed = TailFeed(NAME, failed_after=failed_after, clock=clock, changed=changed)

    async def run(self) -> None:
        """Follow for ever."""
        await self._feed.keep_going(lambda: self._requests.follow(self._ref, self._seen, self._feed.stands))

    def observed(self) -> Observed | None:
        """What the window holds now; None before the log was read for the first time."""
        if self._feed.fresh_at is None:
            return None
        return self._window.observed(self._clock.wall().timestamp())

    def standing(self, at: float) -> Feed:
        """How the tail stands. A stream on which nothing matches is fresh: silence is an answer."""
        return self._feed.standing(at)

    def _seen(self, requests: Sequence[RequestSeen]) -> None:
        for request in requests:
            self._window.add(request)
        self._feed.heard()
