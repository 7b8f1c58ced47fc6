"""Any expression over time as a chart: its lines named by what tells them apart, coloured by revision."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, NamedTuple

from cockpit.metrics.breakdown import REVISION
from cockpit.metrics.labels import NAME, value_of
from cockpit.metrics.promql.durations import duration
from cockpit.release.state import short_name
from cockpit.tui.charting import events, steps
from cockpit.tui.colours import REVISION_COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.engine import Engine, Line
    from cockpit.metrics.labels import Labels
    from cockpit.release.events import Event
    from cockpit.tui.charts.data import ChartData

MOST_LINES = 40
"""Lines that are drawn; more of them nobody can tell apart."""

_WINDOW = 60


@dataclass(frozen=True, slots=True)
class Course:
    """What to chart: an expression, what it is called ("" for its own words) and the unit of its values."""

    expression: str
    title: str = ""
    unit: str = ""


class Charted(NamedTuple):
    """A chart, how many series there are (more than it draws, maybe), and the engine's remarks, one line each."""

    data: ChartData
    total: int
    notes: tuple[str, ...]


async def charted(
    course: Course,
    snapshot: Snapshot,
    span: tuple[float, float],
    *,
    engine: Engine,
    slots: Mapping[str, int],
    happened: Sequence[Event] = (),
) -> Charted:
    """The expression between two times (epoch seconds), with what happened then. Raises QueryError."""
    from cockpit.tui.charts.data import ChartData, series_of

    first, last, step = steps(span)
    answer = await engine.range(course.expression, first, last, step)
    lines = _largest(answer.lines)
    names = line_names([line.labels for line in lines], snapshot.ref.service)
    found = roles([value_of(line.labels, REVISION) for line in lines], slots)
    series = [
        series_of(line, name, role, step / 1000) for line, name, role in zip(lines, names, found, strict=True)
    ]
    title = course.title or " ".join(course.expression.split())
    if len(lines) < len(answer.lines):
        title += f" · the largest {len(lines)} of {len(answer.lines):,}"
    why = "" if lines else "no samples in this time"
    data = ChartData(tuple(series), events(happened, snapshot.ref.service), course.unit, title, why)
    return Charted(data, len(answer.lines), answer.notes)


def window_of(snapshot: Snapshot) -> str:
    """The time that rates look back over, as PromQL writes it: the same as the signals' courses do."""
    return duration(1000 * (snapshot.metrics.course_window if snapshot.metrics else _WINDOW))


def line_names(sets: Sequence[Labels], service: str) -> list[str]:
    """What each line is called: its revision, and the other labels in which it differs from another."""
    pairs = [set(labels) for labels in sets]
    shared = set.intersection(*pairs) if len(pairs) > 1 else set()
    return [_name(labels, shared, service) for labels in sets]


def _name(labels: Labels, shared: set[tuple[str, str]], service: str) -> str:
    told = [pair for pair in labels if pair not in shared]
    revision = value_of(labels, REVISION)
    parts = [short_name(revision, service)] if revision else []
    metric = value_of(labels, NAME)
    parts += [metric] if metric and ((NAME, metric) in told or not parts) else []
    parts += [f"{name}={value}" for name, value in told if name not in (NAME, REVISION)]
    return " ".join(parts) or "value"


def _largest(lines: Sequence[Line]) -> Sequence[Line]:
    """Those that end highest where there are too many, in their old order."""
    if len(lines) <= MOST_LINES:
        return lines
    order = sorted(range(len(lines)), key=lambda n: -_end(lines[n]))
    return [lines[n] for n in sorted(order[:MOST_LINES])]


def _end(line: Line) -> float:
    end = float(line.values[-1]) if len(line.values) else math.nan
    return -math.inf if math.isnan(end) else end


def roles(revisions: Sequence[str], slots: Mapping[str, int]) -> list[str]:
    """A revision's own colour for its first line; the others have colours of no revision, while there are."""
    held = set(slots.values())
    spare = cycle([slot for slot in range(REVISION_COLOURS) if slot not in held] or range(REVISION_COLOURS))
    own = dict(slots)
    return [f"revision-{(own.pop(each) if each in own else next(spare)) + 1}" for each in revisions]
