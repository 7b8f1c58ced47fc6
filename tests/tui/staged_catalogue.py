"""An engine with the metrics of the service that started it all, which answers from canned series."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.engine import Answer, Line, QueryError, ResultKind, Sample
from cockpit.metrics.exposed import Family, MetricKind
from cockpit.metrics.glance import SERIES_BY_NAME
from cockpit.metrics.labels import NAME, labels_of
from tests.tui.staged import CANARY, STABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.metrics.labels import Labels

FAMILIES = (
    Family("memory_analysis_success_total", MetricKind.COUNTER, "Analyses that succeeded."),
    Family("memory_analysis_failure_total", MetricKind.COUNTER, "Analyses that failed, by kind of error."),
    Family("memory_analysis_duration_seconds", MetricKind.HISTOGRAM, "How long an analysis takes."),
    Family("memory_analysis_cache_size", MetricKind.GAUGE, "Entries in the cache."),
    Family("concept_recall_concepts_total", MetricKind.GAUGE, "Concepts that are known, by user."),
    Family("process_resident_memory_bytes", MetricKind.GAUGE, "Resident memory size in bytes."),
    Family("python_info", MetricKind.INFO, "Python platform information."),
    Family("never_incremented_total", MetricKind.COUNTER, "Told of, without a sample."),
)
HOSTILE = "evil\x1b]0;gotcha\x07[red]{user}"
"""What no label's value should be, and any can."""

USERS = 27
_VALUES = {STABLE: 0.4, CANARY: 2.5}
_PART = re.compile(r"label_replace\((.+?), \"place\", \"(\d+)\", \"\", \"\"\)(?: or |$)")
_METRIC = re.compile(r"[a-z_:]+(?=[\[{)])")


def _of(revision: str, metric: str, **more: str) -> Labels:
    return labels_of({NAME: metric, "revision": revision, "service": "emergence-app", **more})


def series_of_metric(metric: str) -> list[Labels]:
    """The label sets of one metric, by the name of its samples."""
    if metric.startswith("memory_analysis_failure"):
        kinds = ("timeout", "invalid_json", HOSTILE)
        return [
            _of(revision, metric, provider=provider, error_type=kind)
            for revision in (STABLE, CANARY)
            for provider in ("neo", "sage")
            for kind in kinds
        ]
    if metric.startswith("concept_recall"):
        return [_of(STABLE, metric, user_id_hash=f"u{number}") for number in range(USERS)]
    return [_of(revision, metric, provider="neo") for revision in (STABLE, CANARY)]


class CatalogueEngine:
    """Answers what the browser asks. What is in `refused` has no answer; `asked` are the expressions of ranges,
    `glances` the moments (epoch milliseconds) that values were asked for."""

    def __init__(self, families: Sequence[Family] = FAMILIES) -> None:
        self.known = {family.name: family for family in families}
        self.refused: dict[str, QueryError] = {}
        self.asked: list[str] = []
        self.glances: list[int] = []

    async def families(self) -> Mapping[str, Family]:
        """What is told of."""
        self._refuse("families")
        return self.known

    async def series(self, metric: str) -> Sequence[Labels]:
        """The label sets of one metric."""
        self._refuse("series")
        return series_of_metric(metric)

    async def instant(self, expression: str, at: int) -> Answer:
        """How many series there are by name, or the values of many metrics."""
        if expression == SERIES_BY_NAME:
            self._refuse("counts")
            return Answer(ResultKind.VECTOR, tuple(self._counts()))
        self.glances.append(at)
        self._refuse("values")
        for name, error in self.refused.items():
            if name in expression:
                raise error
        places = [place for _, place in _PART.findall(expression)]
        samples = [
            Sample(labels_of({"place": place, "revision": revision}), value * (1 + int(place)))
            for place in places
            for revision, value in _VALUES.items()
        ]
        return Answer(ResultKind.VECTOR, tuple(samples))

    async def range(self, expression: str, start: int, end: int, step: int) -> Answer:
        """One line for each set of the labels that the expression groups by."""
        self.asked.append(expression)
        self._refuse("range")
        by = set(re.findall(r"[\w]+", (re.findall(r"by \((.*?)\)", expression) or [""])[0])) - {"le"}
        metric = _METRIC.findall(expression)[-1]
        sets = dict.fromkeys(
            tuple(pair for pair in labels if pair[0] in by) for labels in series_of_metric(metric)
        )
        times = np.arange(start, end + 1, step, dtype=np.int64)
        lines = [
            Line(labels, times, 0.5 + number + 0.2 * np.sin(times / 40_000 + number))
            for number, labels in enumerate(sets)
        ]
        return Answer(ResultKind.MATRIX, lines=tuple(lines), notes=("a remark of the engine",))

    def _counts(self) -> list[Sample]:
        counted = []
        for family in self.known.values():
            ending = "_count" if family.kind is MetricKind.HISTOGRAM else ""
            if not family.name.startswith("never"):
                count = float(len(series_of_metric(family.name)))
                counted.append(Sample(((NAME, family.name + ending),), count))
        return counted

    def _refuse(self, what: str) -> None:
        if (error := self.refused.get(what)) is not None:
            raise error
