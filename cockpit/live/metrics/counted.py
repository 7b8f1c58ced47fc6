"""An engine whose answers are counted, with how long they took."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from cockpit.metrics.engine import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cockpit.live.clock import Clock
    from cockpit.live.telemetry import Telemetry
    from cockpit.metrics.engine import Answer, Engine
    from cockpit.metrics.exposed import Family
    from cockpit.metrics.labels import Labels


class CountedEngine:
    """Asks another engine, and keeps count."""

    def __init__(self, engine: Engine, telemetry: Telemetry, clock: Clock) -> None:
        self._engine = engine
        self._telemetry = telemetry
        self._clock = clock

    async def instant(self, expression: str, at: int) -> Answer:
        """The value at one moment. Raises QueryError."""
        with self._counting("instant"):
            return await self._engine.instant(expression, at)

    async def range(self, expression: str, start: int, end: int, step: int) -> Answer:
        """The values from `start` to `end`, both included, every `step`. Raises QueryError."""
        with self._counting("range"):
            return await self._engine.range(expression, start, end, step)

    async def families(self) -> Mapping[str, Family]:
        """Every metric that is known. Raises QueryError."""
        return await self._engine.families()

    async def series(self, metric: str) -> Sequence[Labels]:
        """The label sets of one metric now; of all where it is "". Raises QueryError."""
        return await self._engine.series(metric)

    @contextmanager
    def _counting(self, kind: str) -> Iterator[None]:
        begun = self._clock.now()
        try:
            yield
        except QueryError as error:
            self._telemetry.query_failures[error.kind] += 1
            raise
        finally:
            self._telemetry.queries[kind].add(self._clock.now() - begun)
