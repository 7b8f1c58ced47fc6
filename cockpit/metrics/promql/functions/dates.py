"""Dates and times of day in UTC, of values that are seconds since the epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from cockpit.metrics.labels import NOTHING
from cockpit.metrics.promql.frames import Frame
from cockpit.metrics.promql.functions.kinds import InstantFunction
from cockpit.metrics.promql.functions.naming import nameless

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.metrics.promql.frames import Indexes
    from cockpit.metrics.promql.functions.kinds import Argument, Context

    Part = Callable[[Indexes], Indexes]
    """Of whole seconds since the epoch a part of their date or time."""

DAY = 86_400
THURSDAY = 4
FARTHEST = 1e15
"""Seconds from the epoch beyond which there is no date: thirty million years."""


def _minute(seconds: Indexes) -> Indexes:
    return seconds // 60 % 60


def _hour(seconds: Indexes) -> Indexes:
    return seconds // 3600 % 24


def _day_of_week(seconds: Indexes) -> Indexes:
    """Sunday is 0; the epoch was a Thursday."""
    return (seconds // DAY + THURSDAY) % 7


def _day_of_month(seconds: Indexes) -> Indexes:
    return seconds // DAY - _first_day(_months(seconds), "M") + 1


def _day_of_year(seconds: Indexes) -> Indexes:
    return seconds // DAY - _first_day(_months(seconds) // 12, "Y") + 1


def _days_in_month(seconds: Indexes) -> Indexes:
    months = _months(seconds)
    return _first_day(months + 1, "M") - _first_day(months, "M")


def _month(seconds: Indexes) -> Indexes:
    return _months(seconds) % 12 + 1


def _year(seconds: Indexes) -> Indexes:
    return _months(seconds) // 12 + 1970


def _months(seconds: Indexes) -> Indexes:
    """Whole months since the epoch."""
    return (seconds // DAY).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def _first_day(count: Indexes, unit: str) -> Indexes:
    """The days from the epoch to the first of a month ("M") or year ("Y") that is counted from there."""
    return count.astype(f"datetime64[{unit}]").astype("datetime64[D]").astype(np.int64)


def _dated(name: str, part: Part) -> InstantFunction:
    def apply(arguments: Sequence[Argument], context: Context) -> Frame:
        vector = cast("Frame", arguments[0]) if arguments else _now(context)
        dated = np.abs(vector.values) < FARTHEST
        seconds = np.where(dated, vector.values, 0.0).astype(np.int64)
        return Frame(nameless(vector), np.where(dated, part(seconds), np.nan), vector.present)

    return InstantFunction(name, apply)


def _now(context: Context) -> Frame:
    seconds = context.steps[np.newaxis, :] // 1000
    return Frame((NOTHING,), seconds.astype(np.float64), np.ones(seconds.shape, dtype=np.bool_))


DATES = (
    _dated("day_of_month", _day_of_month),
    _dated("day_of_week", _day_of_week),
    _dated("day_of_year", _day_of_year),
    _dated("days_in_month", _days_in_month),
    _dated("hour", _hour),
    _dated("minute", _minute),
    _dated("month", _month),
    _dated("year", _year),
)
