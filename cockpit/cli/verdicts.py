"""What signals come to for a script: worse, no data, likely worse, too few data, or no worse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.cli.exits import Exit, exit_of
from cockpit.live.metrics.picture import Conduct
from cockpit.live.snapshot import FeedState
from cockpit.metrics.signals.compare import compare
from cockpit.metrics.signals.reading import Verdict

if TYPE_CHECKING:
    from cockpit.live.metrics.picture import MetricsPicture, TargetPicture
    from cockpit.metrics.signals.reading import Difference, Reading

NO_WORSE = "no worse"
_GRAVEST_FIRST = {
    Verdict.WORSE: Exit.FAILED,
    Verdict.NO_DATA: Exit.FAILED,
    Verdict.LIKELY_WORSE: Exit.UNSURE,
    Verdict.UNCERTAIN: Exit.UNSURE,
}


def difference(reading: Reading, picture: MetricsPicture) -> Difference | None:
    """Canary less stable; None where there is no canary."""
    if not picture.canary:
        return None
    return compare(reading.signal, reading.estimates.get(picture.stable), reading.estimates.get(picture.canary))


def verdict(reading: Reading, picture: MetricsPicture) -> Verdict:
    """How the canary stands by one signal; a stable revision alone is not judged, but must have data."""
    differs = difference(reading, picture)
    if differs is not None:
        return differs.verdict
    return Verdict.NOT_JUDGED if picture.stable in reading.estimates else Verdict.NO_DATA


def is_failing(target: TargetPicture) -> bool:
    """Whether a URL that should give metrics gives none, or has not for long."""
    feed = target.feed
    return target.conduct is Conduct.SCRAPING and (feed.fresh_at is None or feed.state is FeedState.FAILED)


def overall(picture: MetricsPicture) -> tuple[Exit, str]:
    """How a command ends for what it saw, and the word for it. No data is never a pass."""
    found = {verdict(reading, picture) for reading in picture.readings}
    if any(map(is_failing, picture.targets)) or not found:
        found.add(Verdict.NO_DATA)
    if picture.problem is not None and Verdict.WORSE not in found:
        return exit_of(picture.problem.kind), Verdict.NO_DATA.value
    gravest = next((each for each in _GRAVEST_FIRST if each in found), None)
    return (Exit.OK, NO_WORSE) if gravest is None else (_GRAVEST_FIRST[gravest], gravest.value)
