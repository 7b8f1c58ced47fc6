"""What the timeline shows, whatever its form: events, what served, errors, and which part of time is in view."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Protocol

from cockpit.tui.charts.view import snapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import tzinfo

    from cockpit.live.timeline import Shares
    from cockpit.release.events import Event
    from cockpit.tui.charts.view import Window

_at = attrgetter("at")


class Volume(Protocol):
    """How many errors there were."""

    def along(self, start: float, end: float, parts: int) -> Sequence[int | None]:
        """Errors in equal parts of the time between two moments (epoch seconds); None where nothing is known."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """All times are epoch seconds.

    `events` and `shares` are all that there are, oldest first, `window` what is in view of them. `now` is the
    moment that is shown: the present, or where the time cursor stands, which is `cursor` then. `selected` is the
    place of an event, None where the newest is followed. `slots` give revisions their colours, `service` is left
    out of their names; `version` is another one when `errors` are.
    """

    events: Sequence[Event]
    shares: Sequence[Shares]
    window: Window
    now: float
    service: str = ""
    slots: Mapping[str, int] = field(default_factory=dict)
    cursor: float | None = None
    selected: int | None = None
    errors: Volume | None = None
    version: int = 0
    zone: tzinfo | None = None

    @property
    def told(self) -> int | None:
        """The place of the event that is told of: the selected one, or the last one that is not in the future."""
        if self.selected is not None:
            return self.selected
        last = bisect_right(self.events, self.now, key=_at) - 1
        return last if last >= 0 else None

    def draws_as(self, other: Scene, columns: int) -> bool:
        """Whether the lanes of both are the same in so many columns, though some time went by in between."""
        return (
            self.events is other.events
            and self.shares is other.shares
            and self.errors is other.errors
            and snapped(self.window, columns) == snapped(other.window, columns)
            and self._looks == other._looks
        )

    @property
    def _looks(self) -> tuple[object, ...]:
        return self.service, self.slots, self.cursor, self.selected, self.version, self.zone

    def within(self, start: float, end: float) -> range:
        """The places of the events from one moment until before another."""
        return range(bisect_left(self.events, start, key=_at), bisect_left(self.events, end, key=_at))
