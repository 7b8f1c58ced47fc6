"""Durations and moments as Grafana writes them."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.units.numbers import MINUS, Formatted, fixed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

_YEAR = 31_536_000.0
_STEPS = (
    (1e-6, 1e-9, "ns"),
    (1e-3, 1e-6, "µs"),
    (1.0, 1e-3, "ms"),
    (60.0, 1.0, "s"),
    (3600.0, 60.0, "min"),
    (86_400.0, 3600.0, "hour"),
    (604_800.0, 86_400.0, "day"),
    (_YEAR, 604_800.0, "week"),
    (math.inf, _YEAR, "year"),
)
"""Up to so many seconds, a span is written as multiples of so many, with this behind."""
_LONG = {"hour", "day", "week", "year"}
_PARTS = (
    ("year", 31_536_000_000),
    ("month", 2_592_000_000),
    ("week", 604_800_000),
    ("day", 86_400_000),
    ("hour", 3_600_000),
    ("minute", 60_000),
    ("second", 1000),
    ("millisecond", 1),
)
_MOST_DURATION = 1e18
_TOKENS = re.compile(r"\[([^\]]*)\]|YYYY|YY|MMMM|MMM|MM|M|DD|D|dddd|ddd|HH|H|hh|h|mm|m|ss|s|SSS|A|a|Z|X|x")
_ISO, _US, _LOCAL = "YYYY-MM-DD HH:mm:ss", "MM/DD/YYYY h:mm:ss a", "YYYY-MM-DD HH:mm:ss"
DATES = {"dateTimeAsIso": _ISO, "dateTimeAsUS": _US, "dateTimeAsLocal": _LOCAL, "dateTimeAsSystem": _ISO}
"""Units whose values are epoch milliseconds, and the way each is written."""
_TIMES = {_ISO: "HH:mm:ss", _US: "h:mm:ss a"}
_TODAY = "NoDateIfToday"


def span(unit: float, name: str) -> Callable[[float, int | None], Formatted]:
    """Durations that are counted in units of so many seconds, in whatever unit reads best; never a smaller one
    than theirs, seconds aside."""
    least = 0 if name == "s" else next(at for at, step in enumerate(_STEPS) if step[2] == name)

    def write(value: float, decimals: int | None) -> Formatted:
        if not value or not abs(value) < _MOST_DURATION:
            return Formatted(fixed(value, decimals), suffix=f" {name}" if math.isfinite(value) else "")
        seconds = abs(value) * unit
        _, size, word = next(step for step in _STEPS[least:] if seconds < step[0] * (1 - 1e-12))
        text = fixed(value * unit / size, decimals)
        return Formatted(text, suffix=f" {word}s" if word in _LONG and text != "1" else f" {word}")

    return write


def in_words(unit: int) -> Callable[[float, int | None], Formatted]:
    """Durations counted in so many milliseconds: "2 days, 3 hours" with one decimal, "2 days" with none."""

    def write(value: float, decimals: int | None) -> Formatted:
        if not math.isfinite(value) or abs(value) > _MOST_DURATION:
            return Formatted(fixed(value, decimals))
        left = round(abs(value) * unit)
        words: list[str] = []
        for word, size in _PARTS:
            count, rest = divmod(left, size)
            if count or words:
                words.append(f"{count} {word}{'s' if count != 1 else ''}")
                left = rest
            if len(words) > (decimals or 0):
                break
        shown = ", ".join(words) or "0 seconds"
        return Formatted(f"{shown} ago" if value < 0 and words else shown)

    return write


def hours_minutes_seconds(*, days: bool) -> Callable[[float, int | None], Formatted]:
    """Seconds as "02:15:30", or with days as "1 d 02:15:30"."""

    def write(value: float, decimals: int | None) -> Formatted:
        if not math.isfinite(value) or abs(value) > _MOST_DURATION:
            return Formatted(fixed(value, decimals))
        minutes, seconds = divmod(int(abs(value)), 60)
        hours, minutes = divmod(minutes, 60)
        whole, hours = divmod(hours, 24) if days else (0, hours)
        text = (
            f"{whole} d {hours:02}:{minutes:02}:{seconds:02}" if days else f"{hours:02}:{minutes:02}:{seconds:02}"
        )
        return Formatted(text, MINUS if value < 0 else "")

    return write


def clock(unit: float) -> Callable[[float, int | None], Formatted]:
    """Durations of so many milliseconds each as "02h:15m:30s:120ms", cut after so many decimals of its parts."""

    def write(value: float, decimals: int | None) -> Formatted:
        if not math.isfinite(value) or abs(value) > _MOST_DURATION:
            return Formatted(fixed(value, decimals))
        left = round(abs(value) * unit)
        hours, left = divmod(left, 3_600_000)
        minutes, left = divmod(left, 60_000)
        seconds, left = divmod(left, 1000)
        parts = [f"{hours:02}h", f"{minutes:02}m", f"{seconds:02}s", f"{left:03}ms"]
        first = next((at for at, count in enumerate((hours, minutes, seconds)) if count), 3)
        shown = parts[first:] if decimals is None else parts[first : first + decimals + 1]
        return Formatted(":".join(shown), MINUS if value < 0 else "")

    return write


def date(value: float, unit: str, now: float, zone: tzinfo = UTC) -> Formatted:
    """Epoch milliseconds as a date, by the id of its unit; `now`, in epoch seconds, is what "today" means."""
    try:
        at = datetime.fromtimestamp(value / 1000, zone)
    except (OverflowError, ValueError, OSError):
        return Formatted(fixed(value, None))
    if unit == "dateTimeFromNow":
        return Formatted(_ago(now - value / 1000))
    form = unit.removeprefix("time:") if unit.startswith("time:") else DATES.get(unit.removesuffix(_TODAY), _ISO)
    if unit.endswith(_TODAY) and at.date() == datetime.fromtimestamp(now, zone).date():
        form = _TIMES.get(form, form)
    return Formatted(moment_text(at, form))


def moment_text(at: datetime, form: str) -> str:
    """A moment by a format of moment.js: "YYYY-MM-DD HH:mm:ss"; text in brackets stands as it is."""
    return _TOKENS.sub(lambda token: token[1] if token[1] is not None else _token(at, token[0]), form)


def _token(at: datetime, token: str) -> str:
    if token in ("X", "x"):
        return str(int(at.timestamp() * (1 if token == "X" else 1000)))
    if token in ("A", "a"):
        word = "AM" if at.hour < 12 else "PM"
        return word if token == "A" else word.lower()
    if token in _STRFTIME:
        return at.strftime(_STRFTIME[token])
    if token == "SSS":
        return f"{at.microsecond // 1000:03}"
    if token == "Z":
        return at.isoformat()[-6:]
    number = {
        "M": at.month,
        "D": at.day,
        "H": at.hour,
        "h": (at.hour - 1) % 12 + 1,
        "m": at.minute,
        "s": at.second,
    }
    return str(number[token])


_STRFTIME = {
    "YYYY": "%Y",
    "YY": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "DD": "%d",
    "dddd": "%A",
    "ddd": "%a",
    "HH": "%H",
    "hh": "%I",
    "mm": "%M",
    "ss": "%S",
}


def _ago(seconds: float) -> str:
    """As moment.js says it: "5 minutes ago", "in 2 hours"."""
    word, size = next(
        ((word, size / 1000) for word, size in _PARTS if abs(seconds) * 1000 >= size), ("second", 1.0)
    )
    count = max(1, round(abs(seconds) / size))
    text = "a few seconds" if abs(seconds) < 45 else f"{count} {word}{'s' if count != 1 else ''}"
    return f"{text} ago" if seconds >= 0 else f"in {text}"
