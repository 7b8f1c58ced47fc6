"""Signals read from an engine: each expression asked once, however many signals stand on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.engine import QueryError
from cockpit.metrics.signals.queries import EVERYTHING, courses, expression, queries, read
from cockpit.metrics.signals.reading import Reading
from cockpit.metrics.signals.signal import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.metrics.engine import Answer, Engine
    from cockpit.metrics.signals.signal import Signal

COURSE_STEPS = 60
"""Values of a signal's course: what a sparkline has room for."""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """Reads signals over `window` seconds, their courses over `course_window`, with a value every `step` ms."""

    engine: Engine
    window: int
    course_window: int
    step: int

    async def readings(
        self, signals: Sequence[Signal], at: int, moment: float, watched: Mapping[str, float] = EVERYTHING
    ) -> tuple[Reading, ...]:
        """Every signal at `at` (epoch milliseconds); `moment` is kept to tell the readings' age by.

        `watched` are the seconds of the window from which there are samples, by revision, where these are fewer.
        A signal whose expressions are refused has nothing but its problem. Raises QueryError where the engine
        itself fails.
        """
        answers: dict[str, Answer] = {}
        readings = []
        for signal in signals:
            try:
                found, course = await self._asked(signal, at, answers)
                readings.append(Reading(signal, read(signal, found, self.window, watched), course, at=moment))
            except QueryError as error:
                if error.of_engine:
                    raise
                problem = f"{error}; {error.mend}" if error.mend else str(error)
                readings.append(Reading(signal, at=moment, problem=problem))
        return tuple(readings)

    async def _asked(
        self, signal: Signal, at: int, answers: dict[str, Answer]
    ) -> tuple[dict[str, Answer], Mapping[str, tuple[float, ...]]]:
        """The answers by role, and the courses, of one signal; `answers` are those there already are."""
        found: dict[str, Answer] = {}
        # A gauge is as it stands now: one that is a rate, like CPU, looks back no further than its course.
        window = self.course_window if signal.kind is Kind.GAUGE else self.window
        for role, query in queries(signal, window).items():
            if query not in answers:
                answers[query] = await self.engine.instant(query, at)
            found[role] = answers[query]
        end = at - at % self.step
        start = end - (COURSE_STEPS - 1) * self.step
        course = await self.engine.range(expression(signal, self.course_window), start, end, self.step)
        return found, courses(course, start, end, self.step)
