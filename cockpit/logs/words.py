"""Entries as words for people, the same wherever they are written out: when, how bad, and what was said."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from cockpit.logs.entry import NO_TIME, Severity
from cockpit.logs.moment import SECOND
from cockpit.text import duration

if TYPE_CHECKING:
    from cockpit.logs.entry import Record, Row

INDENT = "    "
"""What the second and later lines of an entry begin with; no first line does."""

LEVELS: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.DEFAULT: "-",
        Severity.DEBUG: "DEBUG",
        Severity.INFO: "INFO",
        Severity.NOTICE: "NOTICE",
        Severity.WARNING: "WARN",
        Severity.ERROR: "ERROR",
        Severity.CRITICAL: "CRIT",
        Severity.ALERT: "ALERT",
        Severity.EMERGENCY: "EMERG",
    }
)
WIDEST_LEVEL = max(map(len, LEVELS.values()))

_NO_TIME = f"{'-':<24}"
_MILLISECOND = 1_000_000


def stamp(time: int) -> str:
    """A moment (Unix ns) in UTC to the millisecond, as wide as every other."""
    if time == NO_TIME:
        return _NO_TIME
    at = datetime.fromtimestamp(time // SECOND, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{time // _MILLISECOND % 1000:03}Z"


def said(entry: Record | Row) -> str:
    """A request's method, status and latency before what it asked for; any other's text, not cleaned."""
    if not (entry.method or entry.status):
        return entry.text
    return f"{entry.method or '-':<4} {entry.status or '-':<3} {latency_words(entry.latency):>7}  {entry.text}"


def latency_words(seconds: float) -> str:
    """How long a request took: "13 ms", "1.2 s"; "" for NaN."""
    if math.isnan(seconds):
        return ""
    return f"{max(0.0, seconds) * 1000:.0f} ms" if seconds < 0.9995 else duration(seconds)
