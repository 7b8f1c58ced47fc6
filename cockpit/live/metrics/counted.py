"""An engine whose answers are counted, with how long they took, and whose mistakes are errors like others."""

from __future__ import annotations

import logging
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


logger = logging.getLogger(__name__)


class CountedEngine:
    """Asks another engine, and keeps count.

    Whatever goes wrong in it is a QueryError: views ask for what somebody types, and none of it may end a cockpit.
    """

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
        with self._forgiving():
            return await self._engine.families()

    async def series(self, metric: str) -> Sequence[Labels]:
        """The label sets of one metric now; of all where it is "". Raises QueryError."""
        with self._forgiving():
            return await self._engine.series(metric)

    @contextmanager
    def _counting(self, kind: str) -> Iterator[None]:
        begun = self._clock.now()
        try:
            with self._forgiving():
                yield
        except QueryError as error:
            self._telemetry.query_failures[error.kind] += 1
            raise
        finally:
            self._telemetry.queries[kind].add(self._clock.now() - begun)

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        try:
            yield
        except QueryError:
            raise
        except Exception as error:
            logger.exception("an engine failed over a question")
            raise QueryError(
                "the cockpit failed over this question", "evaluation", "its log file has the details"
            ) from error
