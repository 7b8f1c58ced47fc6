"""Moments of log entries as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.logs.moment import SECOND
from cockpit.text import age
from cockpit.tui.views.quantities import MINUS

if TYPE_CHECKING:
    from cockpit.config.logs import Times

_CLOCK, _FINE, _DATE = len("12:03:43"), len(".120"), len("11-21 ")
_AGE, _DELTA = len("1000d"), len("+999 ms")


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """How moments are written in a column of `cells` cells.

    `dated` puts month and day before the time of day, `fine` three decimals behind it.
    """

    mode: Times
    dated: bool = False
    fine: bool = True

    @property
    def cells(self) -> int:
        """How wide the column is."""
        if self.mode == "relative":
            return _AGE
        if self.mode == "delta":
            return _DELTA
        zone = 1 if self.mode == "utc" else 0
        return _CLOCK + (_FINE if self.fine else 0) + (_DATE if self.dated else 0) + zone

    def text(self, time: int, *, now: int, before: int | None) -> str:
        """A moment (Unix ns): by the clock, how long before `now`, or how long after `before`, the line above."""
        if self.mode == "relative":
            return f"{age((now - time) / SECOND):>{_AGE}}"
        if self.mode == "delta":
            return f"{'' if before is None else _passed(time - before):>{_DELTA}}"
        seconds, rest = divmod(time, SECOND)
        # Without a zone it is the local time of that moment, summer or winter; with the present one it were not.
        moment = datetime.fromtimestamp(seconds, UTC if self.mode == "utc" else None)
        date = f"{moment:%m-%d} " if self.dated else ""
        fine = f".{rest // 1_000_000:03}" if self.fine else ""
        return f"{date}{moment:%H:%M:%S}{fine}{'Z' if self.mode == 'utc' else ''}"


def _passed(nanoseconds: int) -> str:
    sign, size = (MINUS if nanoseconds < 0 else "+"), abs(nanoseconds)
    if size < SECOND:
        return f"{sign}{size // 1_000_000} ms"
    seconds = size / SECOND
    return f"{sign}{seconds:.1f} s" if seconds < 100 else f"{sign}{age(seconds)}"
