"""Signals read from an engine: each expression asked once, however many signals stand on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.engine import QueryError
from cockpit.metrics.signals.queries import courses, expression, queries, read
from cockpit.metrics.signals.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.metrics.engine import Answer, Engine
    from cockpit.metrics.signals.signal import Signal

COURSE_STEPS = 60
"""Values of a signal's course: what a sparkline has room for."""

OF_THE_ENGINE = frozenset({"unreachable", "denied", "throttled", "timeout"})
"""Kinds of errors that the next expression would meet as well: nothing more is asked then."""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """Reads signals over `window` seconds, their courses over `course_window`, with a value every `step` ms."""

    engine: Engine
    window: int
    course_window: int
    step: int

    async def readings(self, signals: Sequence[Signal], at: int, moment: float) -> tuple[Reading, ...]:
        """Every signal at `at` (epoch milliseconds); `moment` is kept to tell the readings' age by.

        A signal whose expressions are refused has nothing but its problem. Raises QueryError where the engine
        itself fails.
        """
        answers: dict[str, Answer] = {}
        readings = []
        for signal in signals:
            try:
                readings.append(await self._reading(signal, at, moment, answers))
            except QueryError as error:
                if error.kind in OF_THE_ENGINE:
                    raise
                problem = f"{error}; {error.mend}" if error.mend else str(error)
                readings.append(Reading(signal, at=moment, problem=problem))
        return tuple(readings)

    async def _reading(self, signal: Signal, at: int, moment: float, answers: dict[str, Answer]) -> Reading:
        """One signal; what it asks is kept in `answers`. Raises QueryError."""
        found: dict[str, Answer] = {}
        for role, query in queries(signal, self.window).items():
            if query not in answers:
                answers[query] = await self.engine.instant(query, at)
            found[role] = answers[query]
        end = at - at % self.step
        start = end - (COURSE_STEPS - 1) * self.step
        course = await self.engine.range(expression(signal, self.course_window), start, end, self.step)
        return Reading(signal, read(signal, found, self.window), courses(course, start, end, self.step), at=moment)
