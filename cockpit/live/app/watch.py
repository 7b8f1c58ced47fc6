"""Everything about the application in one session: its health at every URL, and its timelines."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from cockpit.live.app.picture import AppPicture, TimelinePicture
from cockpit.live.app.probe_feed import ProbeFeed
from cockpit.live.app.running import Running
from cockpit.live.app.timeline_feed import TimelineFeed
from cockpit.live.app.totals import compared
from cockpit.live.metrics.last_use import known_use
from cockpit.live.metrics.targets import TargetUrl, target_urls
from cockpit.release.traffic import percents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.live.app.habits import AppHabits, CheckHabits, TimelineHabits
    from cockpit.live.app.means import AppMeans
    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import Service


class AppWatch:
    """Probes the URLs that a service has, and reads the timelines that somebody looks at."""

    def __init__(self, habits: AppHabits, means: AppMeans) -> None:
        self._habits = habits
        self._means = means
        self._service = ""
        self._probes: Running[tuple[TargetUrl, CheckHabits], ProbeFeed] = Running()
        self._reads: Running[tuple[str, str, str], TimelineFeed] = Running()
        self._looked = {timeline.name: timeline.first for timeline in habits.timelines}

    def picture(self) -> AppPicture | None:
        """How everything stands now; None until it is known where the application answers."""
        if not self._service:
            return None
        return AppPicture(
            probes=tuple(feed.picture() for feed in self._probes.feeds.values()),
            timelines=tuple(
                self._timeline(timeline, period)
                for timeline in self._habits.timelines
                for period in self._shown(timeline)
            ),
            window=self._habits.probes.window,
        )

    def saw(self, snapshot: Snapshot) -> None:
        """Take what is known of the service: its URLs, its split, who used it."""
        last_use, service = self._means.last_use, snapshot.service
        last_use.saw(known_use(snapshot), self._means.clock.now())
        if service is None:
            return
        last_use.always_on(snapshot.revisions, percents(service.serving) if service.serving else ())
        self._service = service.uri
        self._probe(service)
        self._read()

    def look(self, timeline: str, period: str) -> None:
        """Somebody looks at a timeline over this period; the one looked at before is read no more."""
        if self._looked.get(timeline, period) != period:
            self._looked[timeline] = period
            for feed in self._read():
                feed.refresh()

    def refresh(self) -> None:
        """Ask now, also what rests."""
        self._means.last_use.wake(self._means.clock.now())
        self._probes.refresh()
        self._reads.refresh()

    async def stop(self) -> None:
        """Ask nothing any more."""
        await self._probes.stop()
        await self._reads.stop()

    def _probe(self, service: Service) -> None:
        """Probe the URLs that the service has now and no others."""
        habits = self._habits.probes
        targets = [target for target in target_urls(service) if habits.wants(target.tag)]
        self._probes.keep(
            {
                (target, check): partial(
                    ProbeFeed,
                    target,
                    check,
                    habits,
                    self._means,
                    audience=service.uri,
                    is_there=partial(self._is_there, check),
                )
                for target in targets
                for check in habits.checks
            }
        )

    def _is_there(self, check: CheckHabits) -> bool:
        """Whether the application is known to have a path: somebody said so, or one of its URLs has shown it."""
        return not check.assumed or any(
            feed.found for (_, each), feed in self._probes.feeds.items() if each == check
        )

    def _read(self) -> list[TimelineFeed]:
        """Read what is looked at, and what that is compared with; the feeds that are new."""
        wanted = {
            (self._service, timeline.name, period): partial(
                TimelineFeed, timeline, period, self._habits, TargetUrl(self._service), self._means
            )
            for timeline, period in (self._wanted() if self._service else ())
        }
        return self._reads.keep(wanted)

    def _wanted(self) -> Iterator[tuple[TimelineHabits, str]]:
        for timeline in self._habits.timelines:
            for period in self._shown(timeline):
                yield from ((timeline, each) for each in (period, timeline.longer(period)) if each)

    def _shown(self, timeline: TimelineHabits) -> tuple[str, ...]:
        """The periods that there are pictures of."""
        return tuple(dict.fromkeys((timeline.first, self._looked[timeline.name])))

    def _timeline(self, timeline: TimelineHabits, period: str) -> TimelinePicture:
        feed = self._reads.feeds[self._service, timeline.name, period]
        longer = self._reads.feeds.get((self._service, timeline.name, timeline.longer(period)))
        found = TimelinePicture(
            name=timeline.name,
            title=timeline.title,
            period=period,
            periods=tuple(timeline.periods),
            bars=timeline.bars,
            step=timeline.shape.step,
            path=timeline.path_of(period),
            feed=feed.standing,
        )
        if feed.read is None:
            return found
        before, failed = (longer.read, longer.standing.problem is not None) if longer else (None, False)
        values, said = compared(timeline, period, feed.read, before, failed=failed)
        return replace(
            found,
            values=values,
            rows=feed.read.rows,
            slots=feed.read.slots,
            findings=feed.read.findings,
            compared=said,
            read_at=feed.read_at,
        )
