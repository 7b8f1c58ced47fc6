"""Where an axis has its ticks, and what stands beside them: round values, round times."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from cockpit.tui.charts.units import labelled, scale

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from cockpit.tui.charts.view import Window

_ROUND = (1.0, 2.0, 5.0, 10.0)
_DAY = 86400
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200)
_DAYS = (1, 2, 7, 14)
MOST = 1e300
"""Values beyond are drawn as if they were here: the difference of two of them must not overflow."""
_LEAST = 1e-290
"""And what is smaller is no range: its parts would have no digits left."""


class Axis(NamedTuple):
    """The range an axis shows, its ticks within, and their labels."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]


def value_axis(low: float, high: float, count: int, unit: str = "") -> Axis:
    """An axis over `low` to `high`, both finite, that ends on ticks: about `count` of them.

    Zero is on it where it is not far. A range without any width is widened.
    """
    low, high = (min(max(value, -MOST), MOST) for value in (low, high))
    if low >= 0 and low <= 0.5 * high:
        low = 0.0
    elif high <= 0 and high >= 0.5 * low:
        high = 0.0
    if high - low <= max(_LEAST, 1e-12 * max(abs(low), abs(high))):
        low, high = _widened(low, high)
    step = _round_step((high - low) / max(1, count - 1), max(abs(low), abs(high)), unit)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(number * step for number in range(first, last + 1))
    return Axis(ticks[0], ticks[-1], ticks, tuple(labelled(ticks, unit)))


def fixed_axis(low: float, high: float, count: int, unit: str = "") -> Axis:
    """An axis over exactly `low` to `high`, with the round ticks between them."""
    step = _round_step((high - low) / max(1, count - 1), max(abs(low), abs(high)), unit)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    ticks = tuple(number * step for number in range(first, last + 1))
    return Axis(low, high, ticks, tuple(labelled(ticks, unit)))


def time_axis(window: Window, count: int, zone: tzinfo | None = None) -> Axis:
    """The axis of a window, with at most `count` ticks at round times of a zone; None is the system's own.

    Labels are HH:MM:SS, HH:MM or the day, which also takes the place of midnight.
    """
    least = window.seconds / max(1, count)
    step = next((step for step in _STEPS if step >= least), None)
    ticks = tuple(_clock_ticks(window, step, zone) if step else _day_ticks(window, least, zone))
    labels = tuple(_label(tick, step or _DAY, zone) for tick in ticks)
    return Axis(window.start, window.end, ticks, labels)


def clock(at: float, zone: tzinfo | None = None) -> str:
    """A moment to the second, as the cursor says it."""
    return f"{_local(at, zone):%H:%M:%S}"


def _widened(low: float, high: float) -> tuple[float, float]:
    """A range around one value, with zero in it where the value is on the same side."""
    if abs(low) <= _LEAST:
        return 0.0, 1.0
    margin = abs(low) * 0.1
    return low - margin, high + margin


def _round_step(least: float, largest: float, unit: str) -> float:
    """The smallest step that is no less and reads as 1, 2 or 5 times a power of ten on the scale of `largest`."""
    size = scale(largest, unit).size
    magnitude = 10.0 ** math.floor(math.log10(least / size))
    return size * next(factor * magnitude for factor in _ROUND if factor * magnitude >= least / size * (1 - 1e-9))


def _clock_ticks(window: Window, step: int, zone: tzinfo | None) -> Iterator[float]:
    offset = _local(window.end, zone).utcoffset() or timedelta()
    shift = offset.total_seconds()
    number = math.ceil((window.start + shift) / step)
    while (tick := number * step - shift) <= window.end:
        yield tick
        number += 1


def _day_ticks(window: Window, least: float, zone: tzinfo | None) -> Iterator[float]:
    days = next((days for days in _DAYS if days * _DAY >= least), math.ceil(least / _DAY))
    start = _local(window.start, zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=zone)
    start += timedelta(days=(1 - start.toordinal()) % days)  # weeks begin on Monday
    while (tick := start.timestamp()) <= window.end:
        if tick >= window.start:
            yield tick
        start += timedelta(days=days)


def _label(tick: float, step: int, zone: tzinfo | None) -> str:
    local = _local(tick, zone)
    if step >= _DAY or (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{local.day} {local:%b}"
    return f"{local:%H:%M:%S}" if step < 60 else f"{local:%H:%M}"


def _local(at: float, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(at).astimezone() if zone is None else datetime.fromtimestamp(at, zone)
