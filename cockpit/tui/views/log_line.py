"""One entry of a log as lines: columns that line up, then its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cockpit.logs.entry import Flag, Severity
from cockpit.text import clean, width
from cockpit.tui.lines import Line, Span, left
from cockpit.tui.views.log_look import Column, Look, in_order
from cockpit.tui.views.log_preamble import preamble
from cockpit.tui.views.log_text import one_line, whole
from cockpit.tui.views.log_times import TimeColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cockpit.logs.entry import Row
    from cockpit.tui.lines import Spans

NARROW = 72
"""Below, moments have no decimals and revisions only their number."""
AIRY = 96
"""From here on, two cells between columns."""

LETTERS: Mapping[Severity, tuple[str, str]] = {
    Severity.DEFAULT: ("·", "muted"),
    Severity.DEBUG: ("D", "muted"),
    Severity.INFO: ("I", "muted"),
    Severity.NOTICE: ("N", "accent"),
    Severity.WARNING: ("W", "warn bold"),
    Severity.ERROR: ("E", "bad bold"),
    Severity.CRITICAL: ("C", "bad bold reverse"),
    Severity.ALERT: ("A", "bad bold reverse"),
    Severity.EMERGENCY: ("!", "bad bold reverse"),
}
"""Each severity's letter and role."""

LATER = "╎"
"""Before what came later than the moment that is looked at: it is dimmed as well, where there are colours."""
_INSTANCE, _LOG = 6, 8
_LONGEST_NAME = 20
_KEPT = 512
"""Entries whose texts are kept as they were made."""


def no_marks(_text: str) -> Sequence[tuple[int, int]]:
    """Nothing is looked for."""
    return ()


@dataclass
class LogLines:
    """Makes the lines of entries for a look and a width.

    `names` are the short, clean names of all revisions, `slots` their colours. `dated`: moments need their day.
    `marks` finds what is to be marked in a text.
    """

    look: Look
    cells: int
    names: Mapping[str, str] = field(default_factory=dict)
    slots: Mapping[str, int] = field(default_factory=dict)
    dated: bool = False
    marks: Callable[[str], Sequence[tuple[int, int]]] = no_marks

    def __post_init__(self) -> None:
        self._made: dict[int, list[Spans]] = {}
        self._gap = " " * (2 if self.cells >= AIRY else 1)
        self._times = TimeColumn(self.look.time, self.dated, self.cells >= NARROW)
        self._is_timed = Column.TIME in self.look.columns and self.look.time in {"local", "utc"}
        self._columns = in_order(self.look.columns)
        self._revision = min(_LONGEST_NAME, max((width(self._name(name)) for name in self.names), default=0))
        self._before = sum(self._cells(column) + len(self._gap) for column in self._columns)

    def count(self, row: Row) -> int:
        """How many lines an entry takes."""
        return len(self._texts(row)) if self.look.wrap else 1

    def when(self, row: Row, *, now: int, before: int | None) -> str:
        """What the column of moments says: all of a line that can change."""
        return self._times.text(row.time, now=now, before=before) if Column.TIME in self.look.columns else ""

    def line(
        self, row: Row, part: int, when: str, *, marked: bool = False, later: bool = False, ground: str = ""
    ) -> Line:
        """One of an entry's lines. `marked`: it has a bookmark; `later`: it came after what is looked at."""
        text = self._texts(row)[part]
        if part:
            indent = " " * self._before
            spans: Spans = (Span(LATER + indent[1:] if later and indent else indent), *text)
        else:
            mark = Span("▸", "accent bold") if marked else Span(LATER if later else " ", "muted")
            columns = (
                each for column in self._columns for each in (self._column(column, row, when), Span(self._gap))
            )
            spans = (mark, *columns, *text)
        return Line(tuple(Span(each.text, "muted dim") for each in spans) if later else spans, ground=ground)

    def _texts(self, row: Row) -> list[Spans]:
        made = self._made.get(row.id)
        if made is None:
            if len(self._made) >= _KEPT:
                self._made.clear()
            room = max(1, self.cells - 1 - self._before)
            hidden = preamble(row, timed=self._is_timed, levelled=Column.LEVEL in self.look.columns)
            one = (row, room, self.marks, hidden)
            made = whole(*one) if self.look.wrap else [one_line(*one)]
            self._made[row.id] = made
        return made

    def _column(self, column: Column, row: Row, when: str) -> Span:
        cells = self._cells(column)
        match column:
            case Column.TIME:
                return Span(when, "muted")
            case Column.LEVEL:
                letter, role = LETTERS[row.severity]
                return Span("┄", "warn bold") if row.flags & Flag.GAP else Span(letter, role)
            case Column.REVISION:
                slot = self.slots.get(row.revision)
                return left(self._name(row.revision), cells, "muted" if slot is None else f"revision-{slot + 1}")
            case Column.INSTANCE:
                return left(clean(row.instance[-_INSTANCE:]), cells, "muted")
            case Column.LOG:
                return left(clean(row.log[-_LONGEST_NAME:].rpartition("/")[2]), cells, "muted")

    def _cells(self, column: Column) -> int:
        match column:
            case Column.TIME:
                return self._times.cells
            case Column.LEVEL:
                return 1
            case Column.REVISION:
                return self._revision
            case Column.INSTANCE:
                return _INSTANCE
            case Column.LOG:
                return _LOG

    def _name(self, revision: str) -> str:
        short = self.names.get(revision, "")
        return short if self.cells >= NARROW else short.partition("-")[0]
