"""Which part of the timeline is looked at, and in which form; moving about makes another one of these."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cockpit.tui.charts.view import Window

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
SPANS = (
    *(MINUTE * each for each in (1, 2, 5, 10, 15, 30)),
    *(HOUR * each for each in (1, 2, 3, 6, 12)),
    *(DAY * each for each in (1, 2, 3, 7, 14, 30, 60, 90)),
)
"""Seconds that can be in view."""
FIRST = HOUR


@dataclass(frozen=True, slots=True)
class TimelineView:
    """`seconds` are in view until `end` (epoch seconds), None for the newest. `selected` is an event's key, "" for
    none; `table` is whether it is a table, None where the room there is decides.
    """

    seconds: float = FIRST
    end: float | None = None
    selected: str = ""
    table: bool | None = None

    def window(self, newest: float) -> Window:
        """What is in view, where the axis ends at `newest`."""
        end = newest if self.end is None else self.end
        return Window(end - self.seconds, end)

    def zoomed(self, steps: int, newest: float, about: float | None) -> TimelineView:
        """Less time by so many steps, more by a negative number; the moment `about` stays where it is, if it is in
        view, else the end does."""
        at = min(range(len(SPANS)), key=lambda each: abs(SPANS[each] - self.seconds))
        seconds = SPANS[max(0, min(at - steps, len(SPANS) - 1))]
        old = self.window(newest)
        if about is None or not old.start <= about <= old.end:
            return replace(self, seconds=seconds)
        end = about + (old.end - about) * seconds / old.seconds
        return replace(self, seconds=seconds)._until(end, newest)

    def with_in_view(self, at: float, newest: float) -> TimelineView:
        """The same, moved as far as it takes to see a moment."""
        old = self.window(newest)
        return self if old.start <= at <= old.end else self._until(at + self.seconds / 2, newest)

    def held(self, newest: float) -> TimelineView:
        """The same, going on with time no more."""
        return self if self.end is not None else replace(self, end=newest)

    def _until(self, end: float, newest: float) -> TimelineView:
        return replace(self, end=None if end >= newest else end)
