"""Moments and lengths of time as people write them in a query."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cockpit.logs.moment import ISO, SECOND, from_match, within

if TYPE_CHECKING:
    from datetime import tzinfo

MOMENTS = "write it like 15m (ago), 12:03, 2025-10-10 or 2025-10-10T02:12:27Z"
WISHES = "write it like 14:05, 14:05:30, -10m, +30s, 2025-10-10 or 2025-10-10T02:12:27Z"
LENGTHS = "write it like 250ms, 1.5s or 2m"

_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_NUMBER = r"([0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})"
_PART = re.compile(rf"{_NUMBER}(ns|us|µs|ms|[smhd])")
_SIGNS = {"+": 1, "-": -1, "−": -1}
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:[.,]([0-9]{1,9}))?)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_STAMP = re.compile(ISO, re.ASCII | re.IGNORECASE)


def seconds_of(text: str) -> float:
    """A length of time in seconds: `250ms`, `1.5s`, `1h30m`; a number alone is seconds. Raises ValueError."""
    if re.fullmatch(_NUMBER, text):
        return float(text)
    parts = list(_PART.finditer(text))
    if not text or "".join(part[0] for part in parts) != text:
        raise ValueError(f"{text!r} is not a length of time")
    return sum(float(part[1]) * _UNITS[part[2]] for part in parts)


def moment_of(text: str, *, now: int, zone: tzinfo) -> int:
    """A moment in Unix ns: a length of time before `now` (Unix ns), a time of the day, a date, or RFC 3339.

    A time of the day is the latest that has been; what names no zone is of `zone`. Moments that no column holds
    become the nearest that one does. Raises ValueError.
    """
    try:
        if clock := _CLOCK.fullmatch(text):
            return within(_latest(clock, now, zone))[0]
        if stamp := _STAMP.fullmatch(f"{text}T00:00" if _DATE.fullmatch(text) else text):
            return within(from_match(stamp, zone=zone))[0]
        if _PART.match(text):
            return within(now - round(seconds_of(text) * SECOND))[0]
    except (ValueError, OverflowError) as error:
        # The 30th of February, or a year of which no calendar knows.
        raise ValueError(f"{text!r} is no moment") from error
    raise ValueError(f"{text!r} is no moment")


def wished(text: str, *, here: int, now: int, zone: tzinfo) -> int:
    """A moment that somebody wants to go to (Unix ns): with a sign so much later or earlier than `here`, else what
    `moment_of` reads. Raises ValueError."""
    sign = _SIGNS.get(text[:1])
    if sign is None:
        return moment_of(text, now=now, zone=zone)
    try:
        return within(here + sign * round(seconds_of(text[1:].strip()) * SECOND))[0]
    except ValueError:
        raise ValueError(f"{text!r} is no moment") from None


def _latest(clock: re.Match[str], now: int, zone: tzinfo) -> int:
    hour, minute, second, fraction = clock.groups()
    here = datetime.fromtimestamp(now // SECOND, zone)
    there = here.replace(hour=int(hour), minute=int(minute), second=int(second or 0), microsecond=0)
    rest = int((fraction or "").ljust(9, "0"))
    found = int(there.timestamp()) * SECOND + rest
    return found if found <= now else int((there - timedelta(days=1)).timestamp()) * SECOND + rest
