"""Why a revision has no numbers, or old ones, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.metrics.picture import LOCAL, Conduct
from cockpit.live.snapshot import FeedState
from cockpit.release.state import short_name
from cockpit.text import clean, duration
from cockpit.tui.views.signal_rows import pair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.live.metrics.picture import MetricsPicture, TargetPicture
    from cockpit.live.snapshot import Problem, Snapshot
    from cockpit.tui.views.signal_rows import Pair

_FULL = "there are more series than have room: some are missing, and sums too small · raise [metrics] memory_mib"

OLD_SECONDS = 30.0
"""An age from which on values are shown as old, whatever the reason."""


def reasons(snapshot: Snapshot, picture: MetricsPicture, compared: Pair) -> list[str]:
    """What stands between the reader and fresh numbers, a line each, what concerns everything first."""
    found = [_words(picture.problem)] if picture.problem else []
    found += [_FULL] if picture.full else []
    found += (f"{clean(each.signal.title)}: {clean(each.problem)}" for each in picture.readings if each.problem)
    if not (compared.stable or compared.canary):
        return found or ["no revision serves, so there is nothing to read"]
    names = filter(None, (compared.canary, compared.stable))
    for name in names:
        found += (
            f"{clean(short_name(name, snapshot.ref.service))}: {why}" for why in _why(snapshot, picture, name)
        )
    return list(dict.fromkeys(found))


def absence(snapshot: Snapshot) -> list[str]:
    """Why there is no signal at all, and what to do about it, a line each; nothing where there are signals."""
    picture = snapshot.metrics
    if picture is None:
        if snapshot.service is None:
            return ["metrics wait for the service: its URLs are not known before it has been read"]
        return ["metrics are being loaded; the first scrape follows"]
    if picture.readings:
        return []
    return reasons(snapshot, picture, pair(picture, "")) or ["signals show after the second scrape"]


def is_old(snapshot: Snapshot, picture: MetricsPicture, revision: str) -> bool:
    """Whether a revision's values are not of now: the engine does not answer, or its scrapes fail."""
    if picture.problem or (age := reading_age(snapshot, picture)) is None or age > OLD_SECONDS:
        return True
    targets = _targets(picture, revision)
    stopped = (FeedState.STALE, FeedState.FAILED)
    return bool(targets) and all(one.feed.state in stopped for one in targets)


def reading_age(snapshot: Snapshot, picture: MetricsPicture) -> float | None:
    """Seconds since the signals were read, None before the first time."""
    return None if picture.read_at is None else max(0.0, snapshot.at - picture.read_at)


def _targets(picture: MetricsPicture, revision: str) -> list[TargetPicture]:
    """The URLs that reach a revision: its own ones, else the service's."""
    own = [one for one in picture.targets if one.revision == revision]
    return own or [one for one in picture.targets if not one.revision]


def _why(snapshot: Snapshot, picture: MetricsPicture, revision: str) -> Iterator[str]:
    """Why one revision has no fresh numbers, or not all of them; nothing where it has them."""
    known = any(revision in reading.estimates for reading in picture.readings)
    targets = _targets(picture, revision)
    live = [one for one in targets if one.feed.state is FeedState.LIVE and one.conduct is Conduct.SCRAPING]
    if twice := max((one.duplicates for one in live), default=0):
        yield f"samples left out because their series stands there twice: {twice:,}"
    if known and (live or not targets):
        return
    if picture.engine != LOCAL:
        if picture.problem is None:  # else nobody knows what it has
            yield (
                f"{clean(picture.engine)} has nothing of it; [metrics.remote] labels in config.toml says how it "
                "calls our label revision"
            )
    elif not targets:
        yield "not scraped: the service has no URL that is known yet"
    elif live and not any(one.series for one in live):
        yield "scraped, and the answer has no series"
    elif live:
        yield _unread(picture, any(one.revision == revision for one in live))
    else:
        yield from (_trouble(one, snapshot.at) for one in targets)


def _unread(picture: MetricsPicture, own: bool) -> str:
    """It is scraped well, and still there is no value."""
    if picture.read_at is None:
        return "scraped; its signals are about to be read for the first time"
    if not own:
        return "no URL of its own, and no scrape of the service's has met it yet; a tag gives it one"
    if not picture.readings:
        return "scraped, and nothing in it is known as a signal; [[metrics.signals]] in config.toml names some"
    return "scraped, and nothing was counted yet: it takes two scrapes, and requests between them"


def _trouble(target: TargetPicture, at: float) -> str:
    """Why one URL is not scraped well."""
    where = f"tag {clean(target.tag)}" if target.tag else "service URL"
    if target.conduct is Conduct.OFF:
        return f"{where} is not scraped: config.toml says scrape = false"
    if target.conduct is Conduct.RESTING:
        return f"{where} rests: nobody uses it, and a scrape would start an instance; requests wake it"
    if target.feed.problem is None:
        return f"{where}: the first scrape is under way"
    age = target.feed.age(at)
    return f"{_words(target.feed.problem)}{f' · last scraped {duration(age)} ago' if age is not None else ''}"


def _words(problem: Problem) -> str:
    """A problem and its mend."""
    return " · ".join(filter(None, (clean(problem.text), clean(problem.mend))))
