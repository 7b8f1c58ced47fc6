"""What a chart shows, as its feeder hands it over."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.release.events import EventKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cockpit.metrics.engine import Line

_MISSED_STEPS = 1.5


@dataclass(frozen=True, slots=True)
class ChartEvent:
    """Something that happened `at` a time (epoch seconds), marked by a vertical line in the colour of `role`."""

    at: float
    label: str
    role: str = "accent"
    kind: EventKind = EventKind.TRAFFIC_ASKED


@dataclass(frozen=True, slots=True, eq=False)
class ChartSeries:
    """One line of a chart.

    `times` are epoch seconds (float64, ascending), `values` float64 of the same length. A value that is not finite
    breaks the line, as do two samples more than `gap` seconds apart. `role` colours it (`colours.Palette`).
    """

    label: str
    role: str
    times: NDArray[np.float64]
    values: NDArray[np.float64]
    gap: float = math.inf


@dataclass(frozen=True, slots=True, eq=False)
class ChartData:
    """Everything one chart shows. Labels, title and `why` may be text from outside: the chart cleans them.

    `unit` is one that `units` knows or any other word; `why` says why there is nothing where there is nothing. Two
    of these are the same only if they are one object: a new one is drawn anew.
    """

    series: tuple[ChartSeries, ...] = ()
    events: tuple[ChartEvent, ...] = ()
    unit: str = ""
    title: str = ""
    why: str = ""


def series_of(line: Line, label: str, role: str, step: float) -> ChartSeries:
    """A line of an engine's answer, evaluated every `step` seconds: it is broken where a step has no value."""
    return ChartSeries(label, role, line.times / 1000, line.values, step * _MISSED_STEPS)


def last_shift(data: ChartData, until: float) -> float | None:
    """When traffic was last shifted, not after `until` (epoch seconds); None where no shift is known."""
    shifts = (each.at for each in data.events if each.kind is EventKind.TRAFFIC_ASKED)
    return max((at for at in shifts if at <= until), default=None)
