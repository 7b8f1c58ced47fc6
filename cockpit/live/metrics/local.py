"""The engine that is the cockpit itself: its evaluator on what it has kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.promql.local import evaluate_instant, evaluate_range

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.live.metrics.kept import Kept
    from cockpit.live.metrics.worker import Worker
    from cockpit.metrics.engine import Answer
    from cockpit.metrics.exposed import Family
    from cockpit.metrics.labels import Labels
    from cockpit.metrics.promql.nodes import Node
    from cockpit.metrics.promql.scope import Rolled


class LocalEngine:
    """An `Engine` on kept samples, in the worker's thread."""

    def __init__(self, kept: Kept, worker: Worker) -> None:
        self._kept = kept
        self._worker = worker
        self._moment = 0, 0
        self._rolled: dict[Node, Rolled] = {}

    async def instant(self, expression: str, at: int) -> Answer:
        """The value at one moment. Raises QueryError."""
        return await self._worker.do(self._instant, expression, at)

    async def range(self, expression: str, start: int, end: int, step: int) -> Answer:
        """The values from `start` to `end`, both included, every `step`. Raises QueryError."""
        return await self._worker.do(evaluate_range, expression, self._kept.store, start, end, step)

    async def families(self) -> Mapping[str, Family]:
        """Every metric that an endpoint has told of."""
        return self._kept.families

    async def series(self, metric: str) -> Sequence[Labels]:
        """The label sets of one metric now; of all where it is ""."""
        return await self._worker.do(self._kept.store.series, metric)

    def _instant(self, expression: str, at: int) -> Answer:
        """In the worker's thread: what signals and rules of the same moment have in common is read once."""
        store = self._kept.store
        if self._moment != (at, store.changes):
            self._moment, self._rolled = (at, store.changes), {}
        return evaluate_instant(expression, store, at, rolled=self._rolled)
