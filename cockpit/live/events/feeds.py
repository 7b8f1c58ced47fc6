"""Feeds: lost, and back. What was not heard is no calm, so the axis says when nobody heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.events.moments import millis
from cockpit.live.metrics.picture import Conduct
from cockpit.live.snapshot import FeedState
from cockpit.release.events import Event, EventKind
from cockpit.text import duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.live.snapshot import Feed, Snapshot


class FeedWatch:
    """Remembers which feeds are lost, and when each was heard last."""

    def __init__(self) -> None:
        self._lost: dict[str, float] = {}
        self._seen: tuple[object, object] = (None, None)

    def look(self, snapshot: Snapshot) -> Iterator[Event]:
        """Which feeds failed, or answered again, since the last look."""
        targets = snapshot.metrics.targets if snapshot.metrics is not None else ()
        if self._seen == (snapshot.feeds, targets):
            return
        self._seen = snapshot.feeds, targets
        feeds = [(feed.name, feed) for feed in snapshot.feeds]
        feeds += [
            (f"metrics of {each.tag or each.url}", each.feed)
            for each in targets
            if each.conduct is Conduct.SCRAPING
        ]
        for name, feed in feeds:
            if feed.state is FeedState.FAILED and name not in self._lost:
                self._lost[name] = at = _heard(feed, snapshot)
                yield _lost(name, feed, at)
            elif feed.state is FeedState.LIVE and name in self._lost:
                at = _heard(feed, snapshot)
                yield _back(name, at, at - self._lost.pop(name))


def _heard(feed: Feed, snapshot: Snapshot) -> float:
    """When a feed was heard last: that is also when it was lost."""
    return snapshot.time if feed.fresh_at is None else snapshot.epoch + feed.fresh_at


def _lost(name: str, feed: Feed, at: float) -> Event:
    problem, kind = feed.problem, EventKind.FEED_LOST
    facts = (("problem", problem.text), ("mend", problem.mend)) if problem is not None else ()
    return Event(
        at,
        kind,
        name,
        f"{name} lost{f': {problem.text}' if problem is not None else ''}",
        f"{kind.value}/{name}/{millis(at)}",
        details=tuple(fact for fact in facts if fact[1]),
    )


def _back(name: str, at: float, gap: float) -> Event:
    kind = EventKind.FEED_BACK
    return Event(at, kind, name, f"{name} back after {duration(gap)}", f"{kind.value}/{name}/{millis(at)}")
