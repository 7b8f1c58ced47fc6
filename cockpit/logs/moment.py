"""Moments as logs write them, in Unix nanoseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from cockpit.logs.entry import Flag

SECOND = 1_000_000_000
EARLIEST = 1
"""The first moment that an entry can have, in 1970: 0 is NO_TIME."""

LATEST = (1 << 63) - 1
"""The last that a column of times holds, in the year 2262."""

ISO = (
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?"
    r"(?:\s?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)(?![\w-]))?"
)
"""Day, minute, second, fraction and zone as ISO 8601 has them, five groups; case does not matter."""

_ISO = re.compile(ISO, re.ASCII | re.IGNORECASE)
_UP_TO_SECOND = len("2025-10-10T02:12:27")
_SCALE: tuple[int, ...] = tuple(10 ** (9 - digits) for digits in range(10))
_UNITS = ((1e11, SECOND), (1e14, 1_000_000), (1e17, 1_000))
"""Numbers below 1e11 count seconds (until the year 5138), then milliseconds, microseconds, nanoseconds."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE = timedelta(seconds=1)


def moment(stamp: str) -> int:
    """An RFC 3339 time stamp, or any other that begins as ISO 8601 has it, in UTC where it names no zone.

    Digits beyond nanoseconds are dropped. Raises ValueError for what is no time.
    """
    if stamp[-1:] == "Z":
        fraction = stamp[_UP_TO_SECOND + 1 : -1]
        if len(fraction) <= 9 and fraction.isdecimal():
            return _second(stamp[:_UP_TO_SECOND]) * SECOND + int(fraction) * _SCALE[len(fraction)]
    match = _ISO.match(stamp)
    if match is None:
        raise ValueError(f"{stamp[:40]!r} is no time")
    return from_match(match)


def from_match(match: re.Match[str], *, zone: tzinfo = UTC) -> int:
    """From a match of ISO; `zone` is for those that name none.

    Raises ValueError for a day or an hour that there is not.
    """
    day, minute, second, fraction, offset = match.groups()
    whole = _second(f"{day}T{minute}:{second or '00'}")
    if offset is not None:
        whole -= _offset(offset)
    elif zone is not UTC:
        whole -= _offset_in(zone, whole)
    return whole * SECOND + _fraction(fraction or "")


def nanoseconds(minute: datetime, second: int, fraction: str) -> int:
    """From a minute with its zone, a second, and the digits behind the decimal point."""
    return ((minute - _EPOCH) // _ONE + second) * SECOND + _fraction(fraction)


def rfc3339(at: int) -> str:
    """A moment in Unix ns as RFC 3339 in UTC, with as many digits as it needs."""
    seconds, rest = divmod(at, SECOND)
    written = (_EPOCH + seconds * _ONE).isoformat().removesuffix("+00:00")
    digits = f"{rest:09}".rstrip("0")
    return f"{written}.{digits}Z" if digits else f"{written}Z"


def counted(number: float) -> int:
    """A number of seconds, milliseconds, microseconds or nanoseconds since 1970, whichever is near today.

    Raises ValueError for what is no finite number.
    """
    if not abs(number) < 1e300:
        raise ValueError(f"{number} is no time")
    scale = next((scale for below, scale in _UNITS if abs(number) < below), 1)
    whole = int(number)
    return whole * scale + round((number - whole) * scale / 1000) * 1000  # floats hold no more than microseconds


def within(time: int) -> tuple[int, int]:
    """The nearest moment that an entry can have, and Flag.ODD where that is another one."""
    if EARLIEST <= time <= LATEST:
        return time, 0
    return min(max(time, EARLIEST), LATEST), int(Flag.ODD)


@lru_cache(maxsize=1 << 12)
def _second(stamp: str) -> int:
    """Unix seconds of "2025-10-10T02:12:27", in UTC; neighbours in a log share them.

    A leap second begins the next minute.
    """
    if stamp.endswith(":60"):
        return _second(f"{stamp[:-2]}59") + 1
    return (datetime.fromisoformat(f"{stamp}+00:00") - _EPOCH) // _ONE


def _fraction(digits: str) -> int:
    digits = digits[:9]
    return int(digits) * _SCALE[len(digits)] if digits else 0


def _offset(zone: str) -> int:
    """Seconds that a zone is ahead of UTC."""
    if zone[0] not in "+-":
        return 0
    seconds = int(zone[1:3]) * 3600 + int(zone[3:].lstrip(":") or 0) * 60
    return -seconds if zone[0] == "-" else seconds


def _offset_in(zone: tzinfo, local: int) -> int:
    offset = (_EPOCH + timedelta(seconds=local)).replace(tzinfo=zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
