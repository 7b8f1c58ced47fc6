"""The rows of a table before anybody looks at them: out of answers, and through a panel's transformations.

packages/grafana-data/src/transformations/transformers in grafana/grafana.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.dashboards.changes import (
    Calculate,
    Change,
    GroupBy,
    JoinBy,
    Keep,
    LabelsToFields,
    Limit,
    Merge,
    Organize,
    SortBy,
)
from cockpit.metrics.dashboards.patterns import pattern
from cockpit.metrics.dashboards.reduce import reduced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cockpit.metrics.dashboards.questions import Question
    from cockpit.metrics.engine import Answer

Cell = float | int | str | None
Row = dict[str, Cell]

TIME, VALUE = "Time", "Value"

_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows and the order of their columns, as far as one was asked for. `refs` are the targets of columns."""

    rows: list[Row]
    order: tuple[str, ...] = ()
    refs: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns: those in an order of their own, then times, texts by name, and numbers as they came."""
        found = dict.fromkeys(name for row in self.rows for name in row)
        ordered = [name for name in self.order if name in found]
        rest = [name for name in found if name not in ordered]
        texts = {name for name in rest if any(isinstance(row.get(name), str) for row in self.rows)}
        times = [name for name in rest if name == TIME]
        numbers = [name for name in rest if name not in texts and name != TIME]
        return (*ordered, *times, *sorted(texts), *numbers)


def sheet_of(answers: Sequence[tuple[Question, Answer]]) -> list[Sheet]:
    """A sheet for each answer: the time, the labels and the value of every sample."""
    return [_sheet(question, answer, alone=len(answers) == 1) for question, answer in answers]


def changed(sheets: list[Sheet], changes: Iterable[Change]) -> Sheet:
    """The sheets through all transformations, and at last put together by what they share."""
    for change in changes:
        sheets = _after(change, sheets)
    return _merged(sheets) if len(sheets) != 1 else sheets[0]


def _after(change: Change, sheets: list[Sheet]) -> list[Sheet]:
    """The sheets after one transformation."""
    match change:
        case LabelsToFields():
            return sheets
        case Merge():
            return [_merged(sheets)]
        case JoinBy():
            return [_joined(sheets, change)]
        case Organize():
            return [_organized(sheet, change) for sheet in sheets]
        case Keep():
            return [replace(sheet, rows=_kept(sheet.rows, change)) for sheet in sheets]
        case GroupBy():
            return [replace(sheet, rows=_grouped(sheet.rows, change)) for sheet in sheets]
        case Calculate():
            return [replace(sheet, rows=[_calculated(row, change) for row in sheet.rows]) for sheet in sheets]
        case SortBy(name, descending):
            return [replace(sheet, rows=in_order(sheet.rows, name, descending=descending)) for sheet in sheets]
        case Limit(count):
            return [replace(sheet, rows=sheet.rows[:count]) for sheet in sheets]


def _joined(sheets: Sequence[Sheet], change: JoinBy) -> Sheet:
    """One row for every value of a column; what several sheets have, the first of them says."""
    joined: dict[Cell, Row] = {}
    seen: dict[Cell, set[int]] = {}
    for at, sheet in enumerate(sheets):
        for row in sheet.rows:
            key = row.get(change.field)
            if key is not None:
                joined[key] = {**row, **joined.get(key, {})}
                seen.setdefault(key, set()).add(at)
    kept = [key for key in joined if not change.inner or len(seen[key]) == len(sheets)]
    return Sheet([joined[key] for key in kept], refs=_refs(sheets))


def _organized(sheet: Sheet, change: Organize) -> Sheet:
    names = dict(change.rename)
    rows = [
        {names.get(name, name): cell for name, cell in row.items() if name not in change.exclude}
        for row in sheet.rows
    ]
    order = tuple(names.get(name, name) for name in change.order or sheet.order)
    return Sheet(rows, order, {names.get(name, name): ref for name, ref in sheet.refs.items()})


def _kept(rows: Sequence[Row], change: Keep) -> list[Row]:
    wanted = pattern(change.pattern) if change.pattern else None

    def is_kept(name: str) -> bool:
        named = name in change.names or (wanted is not None and wanted.search(name) is not None)
        return named is not change.exclude

    return [{name: cell for name, cell in row.items() if is_kept(name)} for row in rows]


def in_order(rows: Sequence[Row], name: str, *, descending: bool = False) -> list[Row]:
    """The rows in the order of one column; those without a value there come last."""
    there = [row for row in rows if row.get(name) is not None]
    there.sort(key=lambda row: _order(row[name]), reverse=descending)
    return there + [row for row in rows if row.get(name) is None]


def _sheet(question: Question, answer: Answer, *, alone: bool) -> Sheet:
    ref = question.target.ref
    name = VALUE if alone else f"{VALUE} #{ref}"
    rows: list[Row] = [
        {TIME: question.end, **dict(sample.labels), name: sample.value} for sample in answer.samples
    ]
    for line in answer.lines:
        pairs = zip(line.times.tolist(), line.values.tolist(), strict=True)
        rows += [{TIME: at, **dict(line.labels), name: value} for at, value in pairs]
    return Sheet(rows, refs={name: ref})


def _merged(sheets: Sequence[Sheet]) -> Sheet:
    """Rows that agree in everything but their values become one."""
    refs = _refs(sheets)
    rows: dict[tuple[tuple[str, Cell], ...], Row] = {}
    for sheet in sheets:
        for row in sheet.rows:
            key = tuple(
                sorted((name, cell) for name, cell in row.items() if isinstance(cell, str) or name == TIME)
            )
            rows[key] = {**rows.get(key, {}), **row}
    return Sheet(list(rows.values()), next((sheet.order for sheet in sheets if sheet.order), ()), refs)


def _refs(sheets: Sequence[Sheet]) -> dict[str, str]:
    return {name: ref for sheet in sheets for name, ref in sheet.refs.items()}


def _grouped(rows: Sequence[Row], change: GroupBy) -> list[Row]:
    groups: dict[tuple[Cell, ...], list[Row]] = {}
    for row in rows:
        if any(name in row for name in change.keys):
            groups.setdefault(tuple(row.get(name) for name in change.keys), []).append(row)
    made = []
    for values, members in groups.items():
        row = {name: value for name, value in zip(change.keys, values, strict=True) if value is not None}
        for name, calculation in change.calculations:
            if any(name in member for member in members):
                row[f"{name} ({calculation})"] = reduced(_numbers(members, name), calculation)
        made.append(row)
    return made


def _numbers(rows: Sequence[Row], name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    cells = (row.get(name) for row in rows)
    return np.array([np.nan if cell is None or isinstance(cell, str) else float(cell) for cell in cells])


def _calculated(row: Row, change: Calculate) -> Row:
    left, right = _operand(row, change.left), _operand(row, change.right)
    found = None
    if left is not None and right is not None:
        try:
            found = _OPERATIONS[change.operator](left, right)
        except ZeroDivisionError:
            found = float("nan")
    return {change.name: found} if change.alone else {**row, change.name: found}


def _operand(row: Row, text: str) -> float | None:
    cell = row.get(text)
    if cell is None and text not in row:
        try:
            return float(text)
        except ValueError:
            return None
    return None if cell is None or isinstance(cell, str) else float(cell)


def _order(cell: Cell) -> tuple[bool, float, str]:
    return (True, 0.0, cell) if isinstance(cell, str) else (False, float(cell or 0), "")
