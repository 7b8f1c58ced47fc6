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
        """Show `factor` times as much time. The moment `about` stays where it is; None keeps the end in place."""
        old = self.window(given)
        seconds = min(max(old.seconds * factor, LEAST_SECONDS), MOST_SECONDS)
        end = old.end
        if about is not None:
            end = about + (old.end - about) * seconds / old.seconds
        return replace(self, seconds=seconds)._ending(given, end)

    def panned(self, given: Window, share: float) -> View:
        """Move by a share of what is in view: earlier if negative."""
        old = self.window(given)
        end = max(old.end + share * old.seconds, given.end - MOST_SECONDS)
        return replace(self, seconds=old.seconds)._ending(given, end)

    def to_live(self) -> View:
        """Back to the feeder's own times, without a cursor."""
        return replace(self, seconds=None, end=None, cursor=None)

    def _ending(self, given: Window, end: float) -> View:
        return replace(self, end=None if end >= given.end else end)


def snapped(window: Window, columns: int) -> Window:
    """The window moved on to whole columns of a canvas: until a column is full, nothing in the picture moves.

    It also keeps the samples of one column together while they wander to the left, so that lines do not flicker.
    """
    column = window.seconds / columns
    end = -(-window.end // column) * column
    return Window(end - window.seconds, end)
