"""Alerts along time: bars from when they fired until they cleared."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from cockpit.release.events import EventKind
from cockpit.text import clean, shorten, width
from cockpit.tui.charts.raster import Raster

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cockpit.live.timeline import Shares
    from cockpit.release.events import Event
    from cockpit.tui.charts.times import Frame

BAR, GOES_ON = "━", "▶"
LOOKED_ON = 60.0
"""Seconds between two spans of looking that are taken for one."""
_LEAST_NAME = 6


class Bar(NamedTuple):
    """An alert that fired from `start` until `end` (epoch seconds). `cleared` is whether it did, or whether that
    is only how long somebody looked."""

    start: float
    end: float
    rule: str
    cleared: bool


def bars(events: Iterable[Event], shares: Sequence[Shares]) -> list[Bar]:
    """The bars of some events, in the order in which they fired."""
    firing: dict[str, Event] = {}
    found: list[Bar] = []
    for event in events:
        kind = event.kind
        if kind is EventKind.ALERT_FIRED:
            firing[_alert(event)] = event
        elif kind is EventKind.ALERT_CLEARED and (fired := firing.pop(_alert(event), None)) is not None:
            found.append(Bar(fired.at, event.at, fired.subject, cleared=True))
    fires = ((each, _looked_until(each.at, shares)) for each in firing.values())
    return sorted([*found, *(Bar(each.at, end, each.subject, cleared=False) for each, end in fires)])


def alert_rows(found: Iterable[Bar], frame: Frame, rows: int) -> Raster:
    """The bars in so many rows; where more fire at once, the last row says how many."""
    raster = Raster(frame.columns, [[]] * rows)
    ends = [-1] * rows
    beyond = [0] * frame.columns
    for bar in found:
        first, last = max(0, frame.column(bar.start)), min(frame.columns - 1, frame.column(bar.end))
        if bar.end < frame.window.start or bar.start >= frame.window.end or last < first:
            continue
        row = next((row for row, end in enumerate(ends) if end < first), None)
        if row is None:
            for column in range(first, last + 1):
                beyond[column] += 1
            continue
        ends[row] = last
        _draw(raster, row, first, last, bar)
    for column, count in enumerate(beyond):
        if count:
            raster.put(rows - 1, column, str(min(9, count + 1)), "bad bold")
    return raster


def _draw(raster: Raster, row: int, first: int, last: int, bar: Bar) -> None:
    raster.put(row, first, BAR * (last - first + 1), "bad")
    if not bar.cleared:
        raster.put(row, last, GOES_ON, "bad bold")
    name = shorten(clean(bar.rule), last - first - 2)
    if width(name) >= _LEAST_NAME and len(name) == width(name):
        raster.put(row, first + 1, f" {name} ", "bad bold")


def _alert(event: Event) -> str:
    """What tells one firing of an alert from others: its key, but for whether it is the begin or the end."""
    return event.key.partition("/")[2]


def _looked_until(fired: float, shares: Sequence[Shares]) -> float:
    """Until when somebody looked on since an alert fired: how it went on then nobody knows."""
    end = fired
    for span in shares[max(0, bisect_right(shares, fired, key=lambda each: each.since) - 1) :]:
        if span.since > end + LOOKED_ON:
            break
        end = max(end, span.until)
    return end
