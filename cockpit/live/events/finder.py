"""Finds what happened: by what one snapshot says and the one before did not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.live.events.alerts import AlertWatch
from cockpit.live.events.feeds import FeedWatch
from cockpit.live.events.health import HealthWatch
from cockpit.live.events.revisions import revision_events
from cockpit.live.events.traffic import past_changes, traffic_events
from cockpit.release.events import bounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.live.snapshot import Snapshot
    from cockpit.release.events import Event


class Found(NamedTuple):
    """`seen` happened before our eyes, or the API tells of it; `told` is what the journal remembers."""

    seen: Sequence[Event]
    told: Sequence[Event]


class EventFinder:
    """Looks at the snapshots of one service in their order. What is the same object as before costs nothing."""

    def __init__(self) -> None:
        self._before: Snapshot | None = None
        self._alerts = AlertWatch()
        self._feeds = FeedWatch()
        self._health = HealthWatch()

    def look(self, snapshot: Snapshot) -> Found:
        """What happened since the last look; at the first one, all that the API tells of the past."""
        before, self._before = self._before, snapshot
        seen = [
            *revision_events(before, snapshot),
            *traffic_events(before, snapshot),
            *self._alerts.look(snapshot),
            *self._feeds.look(snapshot),
            *self._health.look(snapshot),
        ]
        return Found(tuple(map(bounded, seen)), tuple(map(bounded, past_changes(before, snapshot))))
