"""Series reduced to values, as stats, gauges, bars, pies and legends show them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cockpit.metrics.dashboards.display import (
    DEFAULT_THRESHOLDS,
    EPOCH,
    Span,
    absolute,
    shown,
    shown_text,
    span_of,
)
from cockpit.metrics.dashboards.model import Kind, TargetFormat
from cockpit.metrics.dashboards.patterns import pattern
from cockpit.metrics.dashboards.reduce import counts, reduced, title
from cockpit.metrics.labels import NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from cockpit.metrics.dashboards.display import Clock, Shown
    from cockpit.metrics.dashboards.fields import Field, Step
    from cockpit.metrics.dashboards.model import Panel
    from cockpit.metrics.dashboards.series import Series

DEFAULT_LIMIT = 25
"""Values of a panel that shows every value and names no limit."""
_ONE_SCALE = {Kind.BARGAUGE, Kind.PIECHART}
"""Kinds whose values are compared with one another, so that they share a range."""


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One value of a panel. `number` is None where there is none, and for a text; `steps` are its thresholds as
    values of it.

    `times` (epoch milliseconds) and `course` are the series it was made of; `last` is the moment of the last value
    there, None without any: a value may be old.
    """

    name: str
    number: float | None
    shown: Shown
    span: Span
    steps: tuple[Step, ...] = ()
    times: NDArray[np.int64] | None = None
    course: NDArray[np.float64] | None = None
    last: int | None = None


def values_of(panel: Panel, series: Sequence[Series], clock: Clock = EPOCH) -> tuple[Value, ...]:
    """The values of a panel, one for every series and calculation, those hidden left out."""
    kept = [each for each in series if not each.field.style.hidden]
    wanted = panel.reduce.fields
    if wanted:
        named = [each for each in kept if _is_wanted(wanted, each.name) or _is_wanted(wanted, "Value")]
        if not named:
            return tuple(_texts(panel, kept, wanted))
        kept = named
    numbers = [(each, found) for each in kept for found in _numbers(panel, each)]
    if panel.reduce.values:
        numbers = numbers[: panel.reduce.limit or DEFAULT_LIMIT]
    common = [found.number for _, found in numbers if found.number is not None] if panel.kind in _ONE_SCALE else []
    return tuple(_value(panel.kind, each, found, common, clock) for each, found in numbers)


def legend_values(panel: Panel, series: Series, clock: Clock = EPOCH) -> tuple[tuple[str, Shown], ...]:
    """What the legend says of a series: each calculation's title and what it comes to."""
    span = span_of(series.field, panel.kind)
    return tuple(
        (title(calc), shown(reduced(series.values, calc), _field(series, calc), panel.kind, span, clock))
        for calc in panel.legend.calcs
    )


class _Number(NamedTuple):
    """What a series comes to, and how that is shown."""

    name: str
    number: float | None
    field: Field


def _numbers(panel: Panel, series: Series) -> Iterator[_Number]:
    """The names and values of one series."""
    if panel.reduce.values:
        limit = panel.reduce.limit or DEFAULT_LIMIT
        yield from (_Number(series.name, float(value), series.field) for value in series.values[:limit])
        return
    for calc in panel.reduce.calcs:
        name = f"{title(calc)} {series.name}" if len(panel.reduce.calcs) > 1 else series.name
        yield _Number(name, reduced(series.values, calc), _field(series, calc))


def _field(series: Series, calc: str) -> Field:
    return replace(series.field, unit=None) if counts(calc) else series.field


def _value(kind: Kind, series: Series, found: _Number, common: Sequence[float], clock: Clock) -> Value:
    span = span_of(series.field, kind, common if common else series.values)
    there = np.flatnonzero(~np.isnan(series.values))
    return Value(
        name=found.name,
        number=found.number,
        shown=shown(found.number, found.field, kind, span, clock),
        span=span,
        steps=absolute(series.field.thresholds or DEFAULT_THRESHOLDS, span),
        times=series.times,
        course=series.values,
        last=int(series.times[there[-1]]) if there.size else None,
    )


def _texts(panel: Panel, series: Sequence[Series], wanted: str) -> Iterator[Value]:
    """Labels in place of values, as a stat of a version shows them; they are columns of a table's format."""
    tables = {target.ref for target in panel.targets if target.format is TargetFormat.TABLE}
    for each in series:
        for name, value in each.labels:
            if each.ref in tables and name != NAME and _is_wanted(wanted, name):
                yield Value(name, None, shown_text(value, each.field), Span(0, 0))


def _is_wanted(wanted: str, name: str) -> bool:
    if not wanted.startswith("/"):
        return name == wanted
    found = pattern(wanted)
    return found is not None and found.search(name) is not None
