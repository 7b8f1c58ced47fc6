"""A Grafana dashboard as it was written: rows of panels on a grid of 24 columns, their questions, and variables.

Texts are as they stand in the file, untrusted and with their `$variables`; whoever shows one cleans it first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from cockpit.metrics.dashboards.changes import Change
from cockpit.metrics.dashboards.fields import PLAIN, Field, Override
from cockpit.metrics.dashboards.options import Options

COLUMNS = 24
"""Columns of the grid; one of its rows is 30 px high in Grafana, and 8 px lie between two."""

ALL = "$__all"
"""The value a variable has while all of its options are chosen."""


class Problem(NamedTuple):
    """Something that could not be read: `place` is the path in the JSON, as `panels[3].targets[0].expr`."""

    place: str
    message: str
    mend: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class Kind(Enum):
    """What a panel draws, by Grafana's names of today; older ones are read as these."""

    TIMESERIES = "timeseries"
    STAT = "stat"
    GAUGE = "gauge"
    BARGAUGE = "bargauge"
    TABLE = "table"
    PIECHART = "piechart"
    HEATMAP = "heatmap"
    TEXT = "text"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Grid:
    """Where a panel lies: `x` and `w` in columns, `y` (from the top of its row's panels) and `h` in grid rows."""

    x: int = 0
    y: int = 0
    w: int = 12
    h: int = 8


class TargetFormat(Enum):
    """What an answer is taken for."""

    TIME_SERIES = "time_series"
    TABLE = "table"
    HEATMAP = "heatmap"


@dataclass(frozen=True, slots=True)
class Target:
    """A question of a panel. `expression` holds its variables still; `legend` is legendFormat, "" or "__auto" for
    Grafana's own choice. `missing` says what it lacks to be asked here, "" for nothing.

    `min_step` is its own least interval, as "30s" or "$interval", "" where it leaves that to the panel;
    `interval_factor` multiplies the step.
    """

    ref: str
    expression: str
    legend: str = ""
    instant: bool = False
    range: bool = True
    format: TargetFormat = TargetFormat.TIME_SERIES
    min_step: str = ""
    interval_factor: int = 1
    hidden: bool = False
    missing: str = ""
    place: str = ""


class Option(NamedTuple):
    """One choice of a variable: what is shown, and what is put in."""

    text: str
    value: str


class VariableKind(Enum):
    """Where a variable's options come from."""

    QUERY = "query"
    CUSTOM = "custom"
    CONSTANT = "constant"
    INTERVAL = "interval"
    TEXTBOX = "textbox"
    DATASOURCE = "datasource"
    ADHOC = "adhoc"


class Hide(Enum):
    """What of a variable is shown above the panels."""

    NOTHING = 0
    LABEL = 1
    VARIABLE = 2


@dataclass(frozen=True, slots=True)
class Sort:
    """The order of a query variable's answer: "" as it comes, "text", "number" or "folded" (without case)."""

    by: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Variable:
    """A template variable. `current` are the values that were chosen when the file was written, ALL among them.

    `query` is what a query variable asks (`label_values(up, job)`), `regex` what is kept of its answer. `options`
    are those that are known without asking. `auto` (of an interval) is how many steps `auto` makes of the range,
    0 without it, and `auto_min` the least it comes to.
    """

    name: str
    kind: VariableKind
    label: str = ""
    query: str = ""
    options: tuple[Option, ...] = ()
    current: tuple[str, ...] = ()
    multi: bool = False
    include_all: bool = False
    all_value: str = ""
    regex: str = ""
    sort: Sort = Sort()
    hide: Hide = Hide.NOTHING
    auto: int = 0
    auto_min: str = "10s"
    missing: str = ""
    description: str = ""

    @property
    def title(self) -> str:
        """What stands before its value: its label, or its name."""
        return self.label or self.name


@dataclass(frozen=True, slots=True)
class Legend:
    """The legend of a time series panel or a pie; `calcs` are ids of reduce calculations."""

    shown: bool = True
    table: bool = False
    right: bool = False
    calcs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reduce:
    """What one value is made of: the calculations, or, with `values`, every value as one of its own up to `limit`
    (0 for any number). `fields` is "" for numbers, or the name or /regex/ of the fields that are meant."""

    calcs: tuple[str, ...] = ("lastNotNull",)
    values: bool = False
    limit: int = 0
    fields: str = ""


LAST = Reduce()
"""The last value that is there, as most panels show it."""

LISTED = Legend()
"""The names below the drawing."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """A panel or row for each value of a variable, beside one another (at most `most` in a line) or below."""

    variable: str
    vertical: bool = False
    most: int = 4


Scope = tuple[tuple[str, Option], ...]
"""What variables are inside a repeated panel or row: name and the one value."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `type_name` is the type as written ("graph", "singlestat", "timeseries").

    `missing` says in words what it lacks here, a short line each: where there is one, what is drawn may not be
    what Grafana draws. `time_from` and `time_shift` are durations that override the dashboard's range, `min_step`
    is the least interval of all targets, `most_points` how many values a line has, 0 for Grafana's own choice.
    `changes` are the transformations of a table.
    """

    id: int
    title: str
    kind: Kind
    type_name: str
    grid: Grid = Grid()
    targets: tuple[Target, ...] = ()
    field: Field = PLAIN
    overrides: tuple[Override, ...] = ()
    options: Options | None = None
    reduce: Reduce = LAST
    legend: Legend = LISTED
    description: str = ""
    repeat: Repeat | None = None
    scope: Scope = ()
    min_step: str = ""
    most_points: int = 0
    time_from: str = ""
    time_shift: str = ""
    changes: tuple[Change, ...] = ()
    missing: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Panels below one another's headline; the first of a dashboard may have none (`headed` is False).

    `collapsed` is how it was saved. Its panels' `grid.y` begin at 0, so that rows stack whatever is collapsed.
    """

    title: str = ""
    panels: tuple[Panel, ...] = ()
    headed: bool = False
    collapsed: bool = False
    repeat: Repeat | None = None
    scope: Scope = ()

    @property
    def height(self) -> int:
        """Grid rows its panels take, the headline not counted."""
        return max((panel.grid.y + panel.grid.h for panel in self.panels), default=0)


@dataclass(frozen=True, slots=True)
class TimeRange:
    """From when to when, as Grafana writes it: "now-6h", "now", "now/d", or an ISO date."""

    start: str = "now-6h"
    end: str = "now"


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A dashboard. `refresh_seconds` is 0 where it is off; `schema` is Grafana's schemaVersion, 0 where unknown.

    `time_zone` is "" or "browser", "utc", or an IANA name. `problems` are the parts that could not be read.
    """

    title: str
    uid: str = ""
    rows: tuple[Row, ...] = ()
    variables: tuple[Variable, ...] = ()
    time: TimeRange = TimeRange()
    refresh_seconds: float = 0.0
    time_zone: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    schema: int = 0
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The panels of all rows, collapsed ones too."""
        return tuple(panel for row in self.rows for panel in row.panels)
