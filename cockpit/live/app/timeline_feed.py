"""One timeline over one period, read now and then; left alone while nobody uses the service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.app.means import Rest
from cockpit.live.feeds import Pace, PollFeed
from cockpit.sources.app import JSON
from cockpit.sources.calling import Call

if TYPE_CHECKING:
    from cockpit.live.app.habits import AppHabits, TimelineHabits
    from cockpit.live.app.means import AppMeans
    from cockpit.live.metrics.targets import TargetUrl
    from cockpit.live.snapshot import Feed
    from cockpit.sources.timelines.shape import Timeline

_HURRY = 5.0
"""Seconds until the first retry; each further one waits twice as long."""


class TimelineFeed:
    """Reads for as long as it runs."""

    def __init__(
        self, timeline: TimelineHabits, period: str, habits: AppHabits, target: TargetUrl, means: AppMeans
    ) -> None:
        self.read: Timeline | None = None
        self.read_at: float | None = None
        self._timeline = timeline
        self._seconds = timeline.periods[period]
        self._means = means
        self._rest = Rest(target, means)
        path = timeline.path_of(period)
        # The service's own URL: the audience of its ID token is the same.
        self._call = Call(
            target.url, path, timeline.headers, habits.timeout, habits.most, audience=target.url, plain=JSON
        )
        late = 2 * habits.interval + habits.timeout
        self._feed = PollFeed(
            f"{timeline.name} {period}",
            self._ask,
            self._landed,
            pace=Pace(habits.interval, _HURRY, habits.interval, stale_after=late, failed_after=2 * late),
            clock=means.clock,
            random=means.random,
            changed=means.changed,
        )

    async def run(self) -> None:
        """Read for ever; a failure is kept for the view and ends nothing."""
        await self._feed.run()

    def refresh(self) -> None:
        """Read now, even where the service rests."""
        self._rest.end(self._feed)

    @property
    def standing(self) -> Feed:
        """How fresh it is, and why it could not be read."""
        return self._feed.standing(self._means.clock.now())

    async def _ask(self) -> Timeline:
        await self._rest.until_used()
        return await self._means.app.timeline(self._call, self._timeline.shape, self._seconds)

    def _landed(self, timeline: Timeline) -> None:
        self.read, self.read_at = timeline, self._means.clock.time()
