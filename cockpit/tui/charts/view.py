"""Which times are in view, where the cursor stands, and what moving either makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

LEAST_SECONDS = 10.0
MOST_SECONDS = 31 * 86400.0


class Window(NamedTuple):
    """Times from `start` to `end`, epoch seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class View:
    """How a chart is looked at.

    `seconds` is how much time is shown and `end` (epoch seconds) until when; None leaves either to the feeder, so
    that an `end` of None follows the present. `cursor` is a time, `limits` the fixed range of values.
    """

    seconds: float | None = None
    end: float | None = None
    cursor: float | None = None
    limits: tuple[float, float] | None = None
    compare: bool = False

    @property
    def live(self) -> bool:
        """Whether the newest samples are followed."""
        return self.end is None

    def window(self, given: Window) -> Window:
        """The times in view, where the feeder's are `given`."""
        end = given.end if self.end is None else self.end
        return Window(end - (self.seconds or given.seconds), end)

    def zoomed(self, given: Window, factor: float, about: float | None = None) -> View:
        """Show `factor` times as much time. While a moment is looked at, `about` stays where it is; None keeps the
        end in place."""
        old = self.window(given)
        seconds = min(max(old.seconds * factor, LEAST_SECONDS), MOST_SECONDS)
        if self.end is None:
            return replace(self, seconds=seconds)
        end = old.end if about is None else about + (old.end - about) * seconds / old.seconds
        return replace(self, seconds=seconds, end=min(end, max(old.end, given.end)))

    def standing(self, given: Window | None, at: float | None) -> View:
        """With the cursor at a moment and that in view, nothing moving that need not; None follows what is newest.

        `given` are the feeder's times, None while there are none.
        """
        if at is None or given is None:
            return replace(self, cursor=at, end=at)
        old = self.window(given)
        if old.start <= at <= old.end:
            return replace(self, cursor=at, end=old.end)
        return replace(self, cursor=at, end=min(at + old.seconds / 2, max(at, given.end)))


def snapped(window: Window, columns: int) -> Window:
    """The window moved on to whole columns of a canvas: until a column is full, nothing in the picture moves.

    It also keeps the samples of one column together while they wander to the left, so that lines do not flicker.
    """
    column = window.seconds / columns
    end = -(-window.end // column) * column
    return Window(end - window.seconds, end)
