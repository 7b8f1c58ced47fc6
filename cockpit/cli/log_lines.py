"""Log entries as lines for people: the time, the level, the revision and what was said, in columns."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.cli.output import Styled
from cockpit.logs.entry import NO_TIME, Severity
from cockpit.release.state import short_name
from cockpit.text import clean, duration, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cockpit.cli.output import Piece
    from cockpit.logs.entry import Record

INDENT = "    "
"""What the second and later lines of an entry begin with; no first line does."""

_NO_TIME = f"{'-':<24}"
_MILLISECOND = 1_000_000
_LEVELS = {
    Severity.DEFAULT: ("-", ""),
    Severity.DEBUG: ("DEBUG", "dim"),
    Severity.INFO: ("INFO", ""),
    Severity.NOTICE: ("NOTICE", ""),
    Severity.WARNING: ("WARN", "yellow"),
    Severity.ERROR: ("ERROR", "red"),
    Severity.CRITICAL: ("CRIT", "red"),
    Severity.ALERT: ("ALERT", "red"),
    Severity.EMERGENCY: ("EMERG", "red"),
}
_WIDEST_LEVEL = max(len(name) for name, _ in _LEVELS.values())


class LogLines:
    """Writes records as lines; revisions of `service` go by their short names.

    The column of revisions is as wide as the widest so far: what follows a log does not know what comes.
    """

    def __init__(self, service: str = "") -> None:
        self._service = service
        self._widest = 0

    def of(self, records: Sequence[Record]) -> Iterator[list[Piece]]:
        """The lines of these records."""
        named = [clean(short_name(record.revision, self._service)) for record in records]
        self._widest = max([self._widest, *map(width, named)])
        for record, revision in zip(records, named, strict=True):
            yield from self._entry(record, revision)

    def _entry(self, record: Record, revision: str) -> Iterable[list[Piece]]:
        level, style = _LEVELS[Severity(record.severity)]
        gap = " " * (self._widest - width(revision))
        first, *others = _said(record).split("\n")
        column = f"{revision}{gap}  " if self._widest else ""
        name = Styled(f"{level:<{_WIDEST_LEVEL}}", style)
        yield [Styled(stamp(record.time), "dim"), "  ", name, "  ", column, first]
        for line in others:
            yield [INDENT, line]


def stamp(time: int) -> str:
    """A moment in UTC to the millisecond, as wide as every other."""
    if time == NO_TIME:
        return _NO_TIME
    at = datetime.fromtimestamp(time // 1_000_000_000, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{time // _MILLISECOND % 1000:03}Z"


def _said(record: Record) -> str:
    """A request's method, status and latency before what it asked for; any other's text."""
    if not (record.method or record.status):
        return record.text
    took = "" if math.isnan(record.latency) else _seconds(record.latency)
    return f"{record.method or '-':<4} {record.status or '-':<3} {took:>7}  {record.text}"


def _seconds(latency: float) -> str:
    return f"{latency * 1000:.0f} ms" if latency < 1 else duration(latency)
