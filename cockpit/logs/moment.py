"""Moments as logs write them, in Unix nanoseconds."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from cockpit.logs.entry import Flag

LATEST = (1 << 63) - 1
"""The last moment that a column of times holds, in the year 2262."""

EARLIEST = 1
"""The first, in 1970: 0 is NO_TIME."""

SECOND = 1_000_000_000

_SECOND_DIGITS = len("2025-10-10T02:12:27")
_SCALE: tuple[int, ...] = tuple(10 ** (9 - digits) for digits in range(10))
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
_UNITS = ((1e11, 1_000_000_000), (1e14, 1_000_000), (1e17, 1_000))
"""Numbers below 1e11 count seconds (until the year 5138), then milliseconds, microseconds, nanoseconds."""


def moment(stamp: str) -> int:
    """An RFC 3339 time stamp in UTC, or any other that begins as ISO 8601 has it, UTC where it names no zone.

    Digits beyond nanoseconds are dropped. Raises ValueError for what is no time.
    """
    if stamp[-1:] == "Z" and stamp[_SECOND_DIGITS : _SECOND_DIGITS + 1] == ".":
        fraction = stamp[_SECOND_DIGITS + 1 : -1]
        if len(fraction) <= 9 and fraction.isdecimal():
            return _second(stamp[:_SECOND_DIGITS]) * SECOND + int(fraction) * _SCALE[len(fraction)]
    match = _ISO.match(stamp)
    if match is None:
        raise ValueError(f"{stamp[:40]!r} is no time")
    return from_match(match)


def from_match(match: re.Match[str], first: int = 1, zone: tzinfo | None = None) -> int:
    """From the five groups of ISO, beginning with group `first`; `zone` is for those that name none.

    Raises ValueError for a day or an hour that there is not.
    """
    day, minute, second, fraction, offset = (match[first + at] for at in range(5))
    # A leap second is the first second of the next minute.
    whole = _second(f"{day}T{minute}:00") + int(second or 0)
    if offset is None:
        whole -= _offset_of(zone, whole) if zone is not None else 0
    elif offset[0] in "+-":
        whole -= _offset(offset)
    digits = (fraction or "")[:9]
    return whole * SECOND + (int(digits) * _SCALE[len(digits)] if digits else 0)


ISO = _ISO.pattern
"""Day, minute, second, fraction and zone as five groups, for patterns that have more around them."""


def counted(number: float) -> int:
    """A number of seconds, milliseconds, microseconds or nanoseconds since 1970, whichever is near today.

    Raises ValueError for no number and for an endless one.
    """
    if isinstance(number, int):
        return number * next((scale for below, scale in _UNITS if abs(number) < below), 1)
    if not abs(number) < 1e300:
        raise ValueError(f"{number} is no time")
    scale = next((scale for below, scale in _UNITS if abs(number) < below), 1)
    whole = int(number)
    return whole * scale + round((number - whole) * scale)


def within(time: int) -> tuple[int, int]:
    """The nearest moment that a column holds, and Flag.ODD where that is another one."""
    if EARLIEST <= time <= LATEST:
        return time, 0
    return min(max(time, EARLIEST), LATEST), int(Flag.ODD)


@lru_cache(maxsize=1 << 12)
def _second(stamp: str) -> int:
    """Unix seconds of "2025-10-10T02:12:27", in UTC. Neighbours in a log share them."""
    return int((datetime.fromisoformat(f"{stamp}+00:00") - _EPOCH) // _ONE)


_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - tzinfo is needed beside it
_ONE = timedelta(seconds=1)


def _offset(zone: str) -> int:
    hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
    return (-1 if zone[0] == "-" else 1) * (hours * 3600 + minutes * 60)


def _offset_of(zone: tzinfo, local: int) -> int:
    offset = (_EPOCH + timedelta(seconds=local)).replace(tzinfo=zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
