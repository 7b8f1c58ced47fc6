"""One path of one URL, probed again and again; left alone while nobody uses the URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.app.judging import NOTHING_THERE, Verdict, of_answer, of_error
from cockpit.live.app.means import Rest
from cockpit.live.app.picture import Health, ProbePicture
from cockpit.live.app.record import Probed, Record
from cockpit.live.feeds import Pace, PollFeed
from cockpit.live.snapshot import FeedState
from cockpit.sources.calling import Call
from cockpit.sources.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.live.app.habits import CheckHabits, ProbeHabits
    from cockpit.live.app.means import AppMeans
    from cockpit.live.metrics.targets import TargetUrl
    from cockpit.live.snapshot import Feed

NAME = "health"

_MOST = 256 << 10
"""Bytes of an answer to a health check: a page larger than this is none."""
_RESTING = Verdict(Health.UNKNOWN, "nobody uses it: left alone, as a probe would start an instance")
_LATE = Verdict(Health.UNKNOWN, "not probed for long")
_UNSEEN = Verdict(Health.UNKNOWN, "not probed yet")


class ProbeFeed:
    """Probes for as long as it runs. `audience` is the service's own URL, for its ID token.

    `is_there` says whether the application is known to have the path.
    """

    def __init__(
        self,
        target: TargetUrl,
        check: CheckHabits,
        habits: ProbeHabits,
        means: AppMeans,
        *,
        audience: str,
        is_there: Callable[[], bool],
    ) -> None:
        self.check = check
        self._target = target
        self._habits = habits
        self._means = means
        self._is_there = is_there
        self._call = Call(target.url, check.path, check.headers, habits.timeout, _MOST, audience)
        self._record = Record(habits.window)
        self._rest = Rest(target, means)
        late = 3 * habits.interval + habits.timeout
        # What goes wrong is an answer here, too: it is kept in the record, and probes go on at their pace.
        self._feed = PollFeed(
            NAME,
            self._probe,
            self._record.add,
            pace=Pace(habits.interval, cap=habits.interval, stale_after=late, failed_after=2 * late),
            clock=means.clock,
            random=means.random,
            changed=means.changed,
        )

    async def run(self) -> None:
        """Probe for ever."""
        await self._feed.run()

    def refresh(self) -> None:
        """Probe now, even where the URL rests."""
        self._rest.end(self._feed)

    @property
    def found(self) -> bool:
        """Whether the last answer shows that the path is there."""
        last = self._record.last
        return last is not None and last.status not in (0, *NOTHING_THERE)

    def picture(self) -> ProbePicture:
        """How it stands now."""
        feed = self._feed.standing(self._means.clock.now())
        verdict, record = self._verdict(feed), self._record
        record.stands(verdict.health, self._means.clock.time())
        last = record.last
        return ProbePicture(
            url=self._target.url,
            tag=self._target.tag,
            revision=self._target.revision,
            path=self.check.path,
            feed=feed,
            health=verdict.health,
            why=verdict.why,
            mend=verdict.mend,
            status=last.status if last else 0,
            seconds=last.seconds if last else None,
            p50=record.quantile(0.5),
            p95=record.quantile(0.95),
            course=record.course,
            probes=record.count,
            bad=record.bad,
            since=record.since,
            before=record.before,
            resting=verdict is _RESTING,
        )

    def _verdict(self, feed: Feed) -> Verdict:
        """What the last probe said, where it still says anything."""
        last = self._record.last
        if self._means.resting(self._target):
            return _RESTING
        if last is None:
            return _UNSEEN
        return _LATE if feed.state is not FeedState.LIVE else last.verdict

    async def _probe(self) -> Probed:
        await self._rest.until_used()
        slow, last = self._habits.slow, self._record.last
        again = last is not None and (last.seconds is None or last.seconds > slow)
        try:
            answer = await self._means.app.answer(self._call)
        except SourceError as error:
            return Probed(self._means.clock.time(), of_error(error, again=again))
        verdict = of_answer(answer, self.check.expected, slow, there=self._is_there(), again=again)
        return Probed(self._means.clock.time(), verdict, answer.status, answer.seconds)
