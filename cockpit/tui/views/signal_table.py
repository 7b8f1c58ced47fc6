"""The signals as a table: what fits, how wide it is, and the lines it makes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from cockpit.metrics.signals.reading import Verdict
from cockpit.text import width
from cockpit.tui.lines import Line, Span, left, right
from cockpit.tui.views.signal_rows import MARKS
from cockpit.tui.views.sparkline import sparkline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.tui.lines import Spans
    from cockpit.tui.views.signal_rows import Row

NO_DATA = "no data"
_TITLE_MOST, _TITLE_SHORT, _TITLE_LEAST = 28, 14, 5
_SPARK_LEAST = 4
_WORD_SPARK = 12
"""Courses this long leave room for the verdict in words."""
_GAP = 2
_course = lru_cache(256)(sparkline)
_SURE = {Verdict.SAME, Verdict.BETTER}
_WORSE = {Verdict.WORSE, Verdict.LIKELY_WORSE}


@dataclass(frozen=True, slots=True)
class Heading:
    """How a column of values is headed: the longest of `texts` that fits it."""

    texts: tuple[str, ...]
    role: str = ""

    def fitted(self, cells: int) -> Span:
        """The heading in exactly so many cells."""
        text = next((text for text in self.texts if width(text) <= cells), self.texts[-1])
        return left(text, cells, self.role)


@dataclass(slots=True)
class _Widths:
    """Cells of each part; 0 for what is left out. A value is a number, a space and a unit."""

    title: int
    number: tuple[int, int]
    unit: tuple[int, int]
    spark: tuple[int, int]
    change: int
    margin: int
    mark: int

    def value(self, side: int) -> int:
        inside = self.number[side] + (self.unit[side] + 1 if self.unit[side] else 0)
        return max(inside, len(NO_DATA)) if inside else 0

    def column(self, side: int) -> int:
        """A value with its course."""
        return self.value(side) + (self.spark[side] + 1 if self.spark[side] else 0)

    def total(self) -> int:
        parts = (self.column(0), self.column(1), self.change + (self.margin + 1 if self.margin else 0))
        return 1 + self.title + sum(part + _GAP for part in parts if part) + (self.mark + 1 if self.mark else 0)


class Table:
    """The parts that fit some rows into some cells, and the lines of the rows.

    What gives way, in this order: long titles, the courses (stable first), margins, differences, all titles.
    `alone`: there is no canary, so only the stable side is shown.
    """

    def __init__(self, rows: Sequence[Row], cells: int, *, alone: bool = False) -> None:
        self._alone = alone
        self._widths = self._fit(rows, cells)

    def head(self, stable: Heading, canary: Heading) -> Line:
        """The line of titles."""
        wide = self._widths
        spans: Spans = (Span(" " * (1 + wide.title + _GAP)), stable.fitted(wide.column(0)))
        if not self._alone:
            spans += (Span(" " * _GAP), canary.fitted(wide.column(1)))
        if wide.change:
            room = wide.change + (wide.margin + 1 if wide.margin else 0)
            title = "difference" if room >= len("difference") else "diff"
            spans += (Span(" " * _GAP), right(title, max(room, len(title)), "muted"))
        return Line(spans)

    def line(self, row: Row, old: tuple[bool, bool] = (False, False), *, charted: bool = False) -> Line:
        """One signal; `old` are the sides, stable and canary, whose values are not of now."""
        # What was well a while ago may be so no longer: old values are never a pass.
        verdict = Verdict.UNCERTAIN if any(old) and row.verdict in _SURE else row.verdict
        mark, word, verdict_role = MARKS[verdict]
        tone = verdict_role if row.verdict in _WORSE else ""
        mark_of_chart = Span("▸", "accent bold") if charted else Span(" ")
        spans: Spans = (mark_of_chart, left(row.title, self._widths.title, "bold" if tone else ""))
        spans += _faded(self._side(row, 0, "", "muted"), old[0])
        if not self._alone:
            said = left(f"{mark} {word}" if self._widths.mark > 1 else mark, self._widths.mark, verdict_role)
            difference = (*self._difference(row, tone), Span(" "), said)
            spans += _faded(self._side(row, 1, tone, verdict_role or "muted"), old[1])
            spans += _faded(difference, any(old))
        return Line(spans, row.id)

    def _side(self, row: Row, side: int, role: str, course_role: str) -> Spans:
        """The value of one revision and its course."""
        wide, value = self._widths, (row.stable, row.canary)[side]
        cells, unit = wide.value(side), wide.unit[side] + 1 if wide.unit[side] else 0
        gap = Span(" " * _GAP)
        if value.number:
            number = right(value.number, cells - unit, role)
            spans: Spans = (gap, number, left(f" {value.unit}", unit, role or "muted"))
        else:
            spans = (gap, right(NO_DATA, cells, "warn"))
        if wide.spark[side]:
            blocks = _course(value.course, wide.spark[side], row.low, row.high)
            spans += (Span(" "), Span(blocks, course_role))
        return spans

    def _difference(self, row: Row, role: str) -> Spans:
        wide = self._widths
        if not wide.change:
            return ()
        spans: Spans = (Span(" " * _GAP), right(row.change, wide.change, role))
        return (*spans, Span(" "), left(row.margin, wide.margin, "muted")) if wide.margin else spans

    def _fit(self, rows: Sequence[Row], cells: int) -> _Widths:
        sides = [[row.stable for row in rows], [row.canary for row in rows]]
        numbers = [max((width(value.number) for value in side), default=0) for side in sides]
        units = [max((width(value.unit) for value in side), default=0) for side in sides]
        if self._alone:
            numbers[1] = units[1] = 0
        else:
            # Both sides have the same form, so that a value is found where its neighbour's is.
            numbers, units = [max(numbers) or 1] * 2, [max(units)] * 2
        most = max((len(value.course) for side in sides for value in side), default=0)
        wide = _Widths(
            title=min(_TITLE_MOST, max((width(row.title) for row in rows), default=0)),
            number=(numbers[0] or 1, numbers[1]),
            unit=(units[0], units[1]),
            spark=(0, 0),
            change=max((width(row.change) for row in rows), default=0),
            margin=max((width(row.margin) for row in rows), default=0),
            mark=0 if self._alone else 1,
        )
        courses = (1 if self._alone else 2) * (min(_SPARK_LEAST, most) + 1)
        wide.title = _squeezed(wide.title, wide.total() + courses - cells, _TITLE_SHORT)
        if wide.total() > cells:
            wide.margin, most = 0, 0
        if wide.total() > cells:
            wide.change = 0
        wide.title = _squeezed(wide.title, wide.total() - cells, _TITLE_LEAST)
        words = max(len(word) for _, word, _ in MARKS.values()) + 1
        if wide.mark and self._sparks(most, cells - wide.total() - words)[0] >= _WORD_SPARK:
            wide.mark += words
        wide.spark = self._sparks(most, cells - wide.total())
        return wide

    def _sparks(self, most: int, room: int) -> tuple[int, int]:
        """Cells of the courses, at most so many: the canary's comes first, then both have the same."""
        least = min(_SPARK_LEAST, most)
        half = room if self._alone else room // 2
        if most and half > least:
            return min(most, half - 1), 0 if self._alone else min(most, half - 1)
        return (0, min(most, room - 1)) if most and room > least and not self._alone else (0, 0)


def _squeezed(title: int, missing: int, least: int) -> int:
    """The width of titles with so many cells less, as far as they are longer than the least."""
    return max(min(title, least), title - max(0, missing))


def _faded(spans: Spans, old: bool) -> Spans:
    return tuple(Span(span.text, f"{span.role} dim".strip()) for span in spans) if old else spans
