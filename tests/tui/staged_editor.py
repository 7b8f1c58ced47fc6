"""An engine with our own evaluator behind it, on canned samples of the staged service's metrics."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import TYPE_CHECKING

from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.glance import SERIES_BY_NAME
from cockpit.metrics.labels import NAME, value_of
from cockpit.metrics.promql.local import evaluate_instant, evaluate_range
from tests.metrics.promql.memory import MemoryStorage
from tests.tui.staged import CANARY, NOW
from tests.tui.staged_catalogue import FAMILIES, series_of_metric

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.metrics.engine import Answer, QueryError
    from cockpit.metrics.exposed import Family
    from cockpit.metrics.labels import Labels

NOW_MS = round(NOW.timestamp() * 1000)
_STEP = 15_000
_SAMPLES = 100


@cache
def _storage() -> MemoryStorage:
    """25 minutes of samples: counters that grow, faster on the canary, and gauges that stand."""
    storage = MemoryStorage()
    for family in FAMILIES:
        histogram = family.kind is MetricKind.HISTOGRAM
        grows = histogram or family.kind is MetricKind.COUNTER
        for labels in series_of_metric(family.name + "_count" * histogram):
            speed = 3 if value_of(labels, "revision") == CANARY else 1
            for back in range(_SAMPLES):
                value = speed * (_SAMPLES - back) if grows else 40 * speed
                storage.add(labels, [(NOW_MS - back * _STEP, float(value))])
    return storage


class EvaluatedEngine:
    """Answers every expression as the cockpit's own engine would.

    `families_given` are told of. `asked` are the expressions of instants and ranges, `looked_at` the metrics whose
    series were asked for. Answers wait for `gate`; `refusal` is raised in their place, if set.
    """

    def __init__(self, families: Sequence[Family] = FAMILIES) -> None:
        self.families_given = {family.name: family for family in families}
        self.asked: list[str] = []
        self.looked_at: list[str] = []
        self.refusal: QueryError | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def families(self) -> Mapping[str, Family]:
        """What is told of."""
        return self.families_given

    async def series(self, metric: str) -> Sequence[Labels]:
        """The label sets of one metric."""
        self.looked_at.append(metric)
        return [each for each in _storage().series if not metric or value_of(each, NAME) == metric]

    async def instant(self, expression: str, at: int) -> Answer:
        """The value at one moment."""
        await self._admit(expression)
        return evaluate_instant(expression, _storage(), at)

    async def range(self, expression: str, start: int, end: int, step: int) -> Answer:
        """The values over a time."""
        await self._admit(expression)
        return evaluate_range(expression, _storage(), start, end, step)

    async def _admit(self, expression: str) -> None:
        if expression != SERIES_BY_NAME:
            self.asked.append(expression)
        await self.gate.wait()
        if self.refusal is not None:
            raise self.refusal
