"""The axis of values beside a panel's graph: linear or logarithmic, with ends that are given or found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cockpit.text import shorten
from cockpit.tui.charts.ticks import MOST, Axis, fixed_axis, value_axis

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_LEAST_LOG = 1e-300
_LONGEST_LABEL = 12


@dataclass(frozen=True, slots=True)
class Scale:
    """How values lie on the axis. `write` writes a tick, `unit` is the one of `charts.units` that rounds them.

    `low` and `high` are fixed ends, None where they follow the values; `soft` ends are reached at least.
    `log_base` is 0 for a linear axis.
    """

    write: Callable[[float], str]
    unit: str = ""
    low: float | None = None
    high: float | None = None
    soft: tuple[float | None, float | None] = (None, None)
    log_base: int = 0

    def transform(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values as the axis has them; what a logarithmic one cannot show is NaN."""
        if not self.log_base:
            return values
        logs = np.full(values.shape, np.nan)
        np.log(np.minimum(values, MOST), out=logs, where=values > _LEAST_LOG)
        return logs / math.log(self.log_base)

    def axis(self, span: tuple[float, float], count: int) -> Axis:
        """An axis of about `count` ticks for values from `span[0]` to `span[1]`, transformed already."""
        soft_low, soft_high = map(self._shown, self.soft)
        low = span[0] if soft_low is None else min(span[0], soft_low)
        high = span[1] if soft_high is None else max(span[1], soft_high)
        fixed_low, fixed_high = self._shown(self.low), self._shown(self.high)
        if self.log_base:
            return self._decades(_or(fixed_low, low), _or(fixed_high, high), count)
        axis = value_axis(_or(fixed_low, low), max(_or(fixed_low, low), _or(fixed_high, high)), count, self.unit)
        first, last = _or(fixed_low, axis.low), _or(fixed_high, axis.high)
        if (first, last) != (axis.low, axis.high) and last > first:
            axis = fixed_axis(first, last, count, self.unit)
        return axis._replace(labels=tuple(map(self._label, axis.ticks)))

    def _decades(self, low: float, high: float, count: int) -> Axis:
        first = math.floor(low)
        last = max(first + 1, math.ceil(high))
        step = max(1, math.ceil((last - first) / max(1, count - 1)))
        ticks = tuple(float(power) for power in range(first, last + 1, step))
        return Axis(first, last, ticks, tuple(self._label(self.log_base**power) for power in ticks))

    def _label(self, value: float) -> str:
        """A tick's label: a unit may be any text, and must not take the graph's room."""
        return shorten(self.write(value), _LONGEST_LABEL)

    def _shown(self, value: float | None) -> float | None:
        """An end as the axis has it; None for one that a logarithmic axis cannot show."""
        if value is None or not self.log_base:
            return value
        return math.log(min(value, MOST), self.log_base) if value > _LEAST_LOG else None


def _or(value: float | None, other: float) -> float:
    return other if value is None else value
