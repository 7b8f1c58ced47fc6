"""Log entries as lines for people: the time, the level, the revision and what was said, in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.cli.output import Styled
from cockpit.logs.entry import Severity
from cockpit.logs.words import INDENT, LEVELS, WIDEST_LEVEL, said, stamp
from cockpit.release.state import short_name
from cockpit.text import clean, width

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cockpit.cli.output import Piece
    from cockpit.logs.entry import Record

_STYLES = {
    Severity.DEBUG: "dim",
    Severity.WARNING: "yellow",
    Severity.ERROR: "red",
    Severity.CRITICAL: "red",
    Severity.ALERT: "red",
    Severity.EMERGENCY: "red",
}


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
        level = Severity(record.severity)
        gap = " " * (self._widest - width(revision))
        first, *others = said(record).split("\n")
        column = f"{revision}{gap}  " if self._widest else ""
        name = Styled(f"{LEVELS[level]:<{WIDEST_LEVEL}}", _STYLES.get(level, ""))
        yield [Styled(stamp(record.time), "dim"), "  ", name, "  ", column, first]
        for line in others:
            yield [INDENT, line]
