"""Answers as a table: a row for each label set, its labels and values in columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.display import EPOCH, Clock, Shown, shown, shown_text, span_of
from cockpit.metrics.dashboards.fields import Field
from cockpit.metrics.dashboards.model import Kind, TargetFormat
from cockpit.metrics.dashboards.options import TableOptions
from cockpit.metrics.dashboards.reduce import reduced
from cockpit.metrics.dashboards.series import field_of, shown_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cockpit.metrics.dashboards.interpolation import Bindings
    from cockpit.metrics.dashboards.model import Panel
    from cockpit.metrics.dashboards.questions import Question
    from cockpit.metrics.dashboards.series import Series
    from cockpit.metrics.engine import Answer
    from cockpit.metrics.labels import Labels

Cell = float | str | None

MOST_ROWS = 1000
"""Rows of a table; what is beyond is counted."""

TIME, VALUE, SERIES = "Time", "Value", "Series"
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
    """What a table panel shows: of targets in the format of a table their labels and values, rows with the same
    labels put together; of others, every series with its last value."""
    tabular = [pair for pair in answers if pair[0].target.format is TargetFormat.TABLE]
    rows = _joined(tabular) if tabular else [{SERIES: each.name, VALUE: _last(each)} for each in series]
    names = _named(rows)
    columns = (_column(panel, name, rows, variables, clock) for name in names)
    shown_ones = tuple(column for column in columns if column is not None)
    return Table(_sorted(panel, shown_ones), max(0, len(rows) - MOST_ROWS))


def _joined(answers: Sequence[tuple[Question, Answer]]) -> list[dict[str, Cell]]:
    """A row for each label set and time; the values of several targets stand in columns of their own."""
    rows: dict[tuple[Labels, int], dict[str, Cell]] = {}
    for question, answer in answers:
        name = VALUE if len(answers) == 1 else f"{VALUE} #{question.target.ref}"
        for labels, at, value in _samples(question, answer):
            row = rows.setdefault((labels, at), {TIME: at, **dict(labels)})
            row[name] = value
    return list(rows.values())


def _samples(question: Question, answer: Answer) -> Iterable[tuple[Labels, int, float]]:
    for sample in answer.samples:
        yield sample.labels, question.end, sample.value
    for line in answer.lines:
        for at, value in zip(line.times.tolist(), line.values.tolist(), strict=True):
            yield line.labels, at, value


def _named(rows: Sequence[dict[str, Cell]]) -> list[str]:
    """The names of the columns: the time where it differs, then labels, then values."""
    names = dict.fromkeys(name for row in rows for name in row)
    if len({row.get(TIME) for row in rows}) <= 1:
        names.pop(TIME, None)
    values = [name for name in names if name.split(" #")[0] == VALUE]
    labels = sorted(name for name in names if name not in values and name != TIME)
    return [*([TIME] if TIME in names else []), *labels, *values]


def _column(
    panel: Panel, name: str, rows: Sequence[dict[str, Cell]], variables: Bindings, clock: Clock
) -> Column | None:
    """One column; None for one that is hidden."""
    values = tuple(row.get(name) for row in rows[:MOST_ROWS])
    kind = "time" if name == TIME else "string" if any(isinstance(value, str) for value in values) else "number"
    field = field_of(panel, name, name.partition("#")[2], kind)
    if field.style.hidden:
        return None
    cells = _cells(values, kind, field, clock)
    return Column(shown_name(field, name, (), variables), kind, cells, values)


def _cells(values: Sequence[Cell], kind: str, field: Field, clock: Clock) -> tuple[Shown, ...]:
    if kind == "time":
        field = Field(unit=_MILLISECONDS)
    span = span_of(field, Kind.TABLE, (value for value in values if isinstance(value, float)))
    return tuple(
        shown_text(value, field)
        if isinstance(value, str)
        else shown_text("", field)
        if value is None
        else shown(float(value), field, Kind.TABLE, span, clock)
        for value in values
    )


def _sorted(panel: Panel, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The rows in the order that the panel was saved with, empty cells last."""
    options = panel.options
    by = options.sort[:1] if isinstance(options, TableOptions) else ()
    key = next((column for name, _ in by for column in columns if column.name == name), None)
    if key is None:
        return columns
    places = [at for at, value in enumerate(key.values) if value is not None]
    places.sort(key=lambda at: _order(key.values[at]), reverse=by[0][1])
    places += [at for at, value in enumerate(key.values) if value is None]
    return tuple(
        Column(
            column.name,
            column.kind,
            tuple(column.cells[at] for at in places),
            tuple(column.values[at] for at in places),
        )
        for column in columns
    )


def _order(value: Cell) -> tuple[bool, float, str]:
    return (True, 0.0, value) if isinstance(value, str) else (False, float(value or 0), "")


def _last(series: Series) -> Cell:
    return reduced(series.values, "lastNotNull")
