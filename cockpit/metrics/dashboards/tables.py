"""Answers as a table: a row for each label set, its labels and values in columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.changes import LabelsToFields
from cockpit.metrics.dashboards.display import EPOCH, Clock, Shown, Span, shown, shown_text, span_of
from cockpit.metrics.dashboards.fields import Field
from cockpit.metrics.dashboards.model import Kind, TargetFormat
from cockpit.metrics.dashboards.options import TableOptions
from cockpit.metrics.dashboards.reduce import reduced
from cockpit.metrics.dashboards.series import field_of, shown_name
from cockpit.metrics.dashboards.sheets import TIME, VALUE, Cell, Row, Sheet, changed, in_order, sheet_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.metrics.dashboards.interpolation import Bindings
    from cockpit.metrics.dashboards.model import Panel
    from cockpit.metrics.dashboards.questions import Question
    from cockpit.metrics.dashboards.series import Series
    from cockpit.metrics.engine import Answer

MOST_ROWS = 1000
"""Rows of a table; what is beyond is counted."""

SERIES = "Series"
_MILLISECONDS = "dateTimeAsIso"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its cells as they are shown and as they are; `kind` is "time", "string" or "number"."""

    name: str
    kind: str
    cells: tuple[Shown, ...]
    values: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of the same length, and how many rows more there were."""

    columns: tuple[Column, ...]
    left_out: int = 0

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self.columns[0].cells) if self.columns else 0


def table_of(
    panel: Panel,
    answers: Sequence[tuple[Question, Answer]],
    series: Sequence[Series],
    variables: Bindings,
    clock: Clock = EPOCH,
) -> Table:
    """What a table panel shows, through its transformations: of targets in the format of a table their labels and
    values, rows with the same labels put together; of others, every series with its last value."""
    every = any(isinstance(change, LabelsToFields) for change in panel.changes)
    tabular = [pair for pair in answers if every or pair[0].target.format is TargetFormat.TABLE]
    sheets = sheet_of(tabular) if tabular else [_listed(series)]
    sheet = changed(sheets, panel.changes)
    rows = _sorted(panel, sheet, variables)
    sheet = replace(sheet, rows=rows[:MOST_ROWS])
    names = [name for name in sheet.names if name != TIME or len({row.get(TIME) for row in rows}) > 1]
    made = (_column(panel, name, sheet, variables, clock) for name in names)
    return Table(tuple(column for column in made if column is not None), max(0, len(rows) - MOST_ROWS))


def _listed(series: Sequence[Series]) -> Sheet:
    """Series that are no table: the last value of each."""
    return Sheet([{SERIES: each.name, VALUE: reduced(each.values, "lastNotNull")} for each in series])


def _column(panel: Panel, name: str, sheet: Sheet, variables: Bindings, clock: Clock) -> Column | None:
    """One column; None for one that is hidden."""
    values = tuple(row.get(name) for row in sheet.rows)
    kind = "time" if name == TIME else "string" if any(isinstance(value, str) for value in values) else "number"
    field = field_of(panel, name, sheet.refs.get(name, ""), kind)
    if field.style.hidden:
        return None
    return Column(shown_name(field, name, (), variables), kind, _cells(values, kind, field, clock), values)


def _cells(values: Sequence[Cell], kind: str, field: Field, clock: Clock) -> tuple[Shown, ...]:
    if kind == "time":
        field = Field(unit=_MILLISECONDS)
    span = span_of(field, Kind.TABLE, (value for value in values if isinstance(value, float)))
    return tuple(_cell(value, field, span, clock) for value in values)


def _cell(value: Cell, field: Field, span: Span, clock: Clock) -> Shown:
    if isinstance(value, str) or value is None:
        return shown_text(value or "", field)
    return shown(float(value), field, Kind.TABLE, span, clock)


def _sorted(panel: Panel, sheet: Sheet, variables: Bindings) -> list[Row]:
    """The rows in the order that the panel was saved with: it names a column as that is shown."""
    options = panel.options
    for wanted, descending in options.sort[:1] if isinstance(options, TableOptions) else ():
        for name in sheet.names:
            if wanted in (name, shown_name(field_of(panel, name, sheet.refs.get(name, "")), name, (), variables)):
                return in_order(sheet.rows, name, descending=descending)
    return sheet.rows
