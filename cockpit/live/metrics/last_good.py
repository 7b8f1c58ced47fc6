"""What was read of a revision while it was scraped stays when that fails: the last good values, with their age.

A rate over the last minute would otherwise sink with every second in which nothing is scraped, as if requests did.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.live.snapshot import FeedState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import TypeVar

    from cockpit.live.metrics.picture import TargetPicture
    from cockpit.metrics.signals.reading import Reading

    V = TypeVar("V")


def unseen(revisions: Iterable[str], targets: Sequence[TargetPicture]) -> frozenset[str]:
    """The revisions of which nothing new is known: no URL that reaches them is scraped well, or at all."""
    live = {one.revision for one in targets if one.feed.state is FeedState.LIVE}
    own = {one.revision for one in targets}
    return frozenset(name for name in revisions if (name if name in own else "") not in live)


def with_last_good(
    before: Iterable[Reading], now: Iterable[Reading], revisions: Collection[str]
) -> tuple[Reading, ...]:
    """The readings of now, with what was read `before` of those revisions in place of what is read now."""
    known = {reading.signal: reading for reading in before}
    return tuple(_kept(known[each.signal], each, revisions) if each.signal in known else each for each in now)


def _kept(before: Reading, now: Reading, revisions: Collection[str]) -> Reading:
    return replace(
        now,
        estimates=_put(now.estimates, before.estimates, revisions),
        courses=_put(now.courses, before.courses, revisions),
    )


def _put(now: Mapping[str, V], before: Mapping[str, V], revisions: Collection[str]) -> Mapping[str, V]:
    last = {name: before[name] for name in revisions if name in before}
    return {**now, **last} if last else now
