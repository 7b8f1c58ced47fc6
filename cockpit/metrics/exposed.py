"""What one scrape said: the values of its series, and what its comments tell about the metrics."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from cockpit.metrics.labels import Labels


class MetricKind(Enum):
    """The types of Prometheus text and OpenMetrics."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    GAUGE_HISTOGRAM = "gaugehistogram"
    SUMMARY = "summary"
    INFO = "info"
    STATE_SET = "stateset"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Family:
    """What is told about one metric, by the name its TYPE, HELP or UNIT line gives."""

    name: str
    kind: MetricKind = MetricKind.UNKNOWN
    help: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One observation that stands for others, as a trace id for a slow request. `stamp` in epoch milliseconds."""

    labels: Labels
    value: float
    stamp: int | None = None


@dataclass(slots=True, eq=False)
class SeriesTable:
    """The label sets behind the series numbers of one reader: it only grows. A reader that must forget starts
    another table, so that a number means one label set for as long as its table lives."""

    labels: list[Labels] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Exposed:
    """One scrape, read. `ids` (int64) number the series in `table`, each once; `values` (float64) go with them.

    `stamps` holds epoch milliseconds by position in `ids` for samples that bring their own; `exemplars` go by
    position too. `duplicates` counts samples left out because their series (and time) stood there before.
    `comment` is the first comment that is neither HELP, TYPE nor UNIT: where there are no samples it is all that
    the endpoint says, as with metrics that are switched off.
    """

    table: SeriesTable
    ids: NDArray[np.int64]
    values: NDArray[np.float64]
    families: Mapping[str, Family]
    stamps: Mapping[int, int] = field(default_factory=dict)
    exemplars: Mapping[int, Exemplar] = field(default_factory=dict)
    duplicates: int = 0
    comment: str = ""


class ExpositionError(ValueError):
    """A body that is not metrics, or more than is taken. `str(error)` is one line that quotes its first words.

    `kind` is stable: "html", "json", "binary", "truncated", "empty", "syntax", "too-many-series". `line` from 1,
    0 where no line is to blame.
    """

    def __init__(self, message: str, kind: str, line: int = 0) -> None:
        super().__init__(message)
        self.kind = kind
        self.line = line
