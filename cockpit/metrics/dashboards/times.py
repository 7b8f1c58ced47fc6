"""Durations and moments as Grafana writes them: "30s", "1d", "now-6h", "now/d"."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

    from cockpit.metrics.dashboards.model import TimeRange

_UNITS = {
    "ms": 1,
    "s": 1000,
    "m": 60_000,
    "h": 3_600_000,
    "d": 86_400_000,
    "w": 604_800_000,
    "M": 2_592_000_000,
    "y": 31_536_000_000,
}
_DURATION = re.compile(r"(?:\d{1,12}(?:ms|[smhdwMy]))+")
_PIECE = re.compile(r"(\d+)(ms|[smhdwMy])")
_SECONDS = re.compile(r"\d{1,12}(?:\.\d{1,6})?")
_MOVE = re.compile(r"([+-])(\d{1,9})([smhdwMy])|/(fy|fQ|[smhdwMyQ])")
_LONGEST = 100 * _UNITS["y"]
_STEPS = (*((name, _UNITS[name]) for name in ("y", "d", "h", "m", "s")), ("ms", 1))
_HOW = "write it like now-6h, now/d or 2025-10-10T02:12:00Z"


class TimeError(ValueError):
    """A moment that cannot be read. `mend` says how one is written."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text!r} is no moment")
        self.mend = _HOW


def milliseconds(text: str) -> int | None:
    """A duration as "90s", "1h30m" or, bare, seconds; a leading > or "<" is passed over. None for what is none."""
    text = text.strip().lstrip("><").lstrip("=").strip()
    if _SECONDS.fullmatch(text):
        return min(round(float(text) * 1000), _LONGEST)
    if not _DURATION.fullmatch(text):
        return None
    return min(sum(int(count) * _UNITS[unit] for count, unit in _PIECE.findall(text)), _LONGEST)


def duration(span: int) -> str:
    """Milliseconds as PromQL writes them, in the largest unit that divides them: "90s", "5m", "1d"."""
    return next(f"{span // size}{unit}" for unit, size in _STEPS if span % size == 0) if span else "0s"


def bounds(time: TimeRange, now: float, zone: tzinfo = UTC) -> tuple[float, float]:
    """The range in epoch seconds, at the moment `now`. Raises TimeError."""
    start, end = moment(time.start, now, zone), moment(time.end, now, zone, up=True)
    return (start, end) if start < end else (end, start)


def moment(text: str, now: float, zone: tzinfo = UTC, *, up: bool = False) -> float:
    """A moment in epoch seconds. `up` rounds "now/d" to the end of the day in place of its beginning.

    Raises TimeError.
    """
    text = text.strip()
    if text.startswith("now"):
        return _moved(text, now, zone, up=up)
    if text.isascii() and text.isdigit() and len(text) <= 15:
        return int(text) / 1000
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise TimeError(text) from None
    return (found if found.tzinfo else found.replace(tzinfo=zone)).timestamp()


def _moved(text: str, now: float, zone: tzinfo, *, up: bool) -> float:
    at, place = datetime.fromtimestamp(now, zone), len("now")
    try:
        while place < len(text):
            move = _MOVE.match(text, place)
            if move is None:
                raise TimeError(text)
            sign, count, unit, rounded = move.groups()
            at = (
                _rounded(at, rounded, up=up)
                if rounded
                else _shifted(at, int(count) * (1 if sign == "+" else -1), unit)
            )
            place = move.end()
        return at.timestamp()
    except (OverflowError, ValueError):
        raise TimeError(text) from None


def _shifted(at: datetime, count: int, unit: str) -> datetime:
    if unit in "My":
        months = at.year * 12 + at.month - 1 + count * (12 if unit == "y" else 1)
        year, month = divmod(months, 12)
        return _in_month(at, year, month + 1)
    return at + timedelta(milliseconds=count * _UNITS[unit])


def _in_month(at: datetime, year: int, month: int) -> datetime:
    """The same day of another month, or its last one."""
    for day in range(at.day, 27, -1):
        try:
            return at.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    return at.replace(year=year, month=month, day=min(at.day, 28))


def _rounded(at: datetime, unit: str, *, up: bool) -> datetime:
    """The beginning of the unit that a moment is in, or its last millisecond. Weeks begin on Monday."""
    start = at.replace(microsecond=0)
    if unit != "s":
        start = start.replace(second=0)
    if unit not in "sm":
        start = start.replace(minute=0)
    if unit not in "smh":
        start = start.replace(hour=0)
    if unit == "w":
        start -= timedelta(days=start.weekday())
    elif unit in ("M", "Q", "fQ"):
        start = start.replace(day=1, month=start.month if unit == "M" else (start.month - 1) // 3 * 3 + 1)
    elif unit in ("y", "fy"):
        start = start.replace(day=1, month=1)
    if not up:
        return start
    count = 3 if unit in ("Q", "fQ") else 1
    return _shifted(start, count, {"Q": "M", "fQ": "M", "fy": "y"}.get(unit, unit)) - timedelta(milliseconds=1)
