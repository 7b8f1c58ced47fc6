"""Signals read from an engine: each expression asked once, however many signals stand on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.signals.queries import courses, expression, queries, read
from cockpit.metrics.signals.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.metrics.engine import Answer, Engine
    from cockpit.metrics.signals.signal import Signal

COURSE_STEPS = 60
"""Values of a signal's course: what a sparkline has room for."""


async def appraise(
    engine: Engine, signals: Sequence[Signal], window: int, at: int, *, step: int, moment: float
) -> tuple[Reading, ...]:
    """Every signal at `at` (epoch milliseconds) over `window` seconds, with its course until then.

    `step` is the milliseconds between two values of the course; `moment` is kept to tell the readings' age by.
    Raises QueryError.
    """
    asked = {role_query for signal in signals for role_query in queries(signal, window).values()}
    answers: dict[str, Answer] = {query: await engine.instant(query, at) for query in sorted(asked)}
    end = at - at % step
    start = end - (COURSE_STEPS - 1) * step
    readings = []
    for signal in signals:
        found = {role: answers[query] for role, query in queries(signal, window).items()}
        course = await engine.range(expression(signal, window), start, end, step)
        readings.append(Reading(signal, read(signal, found, window), courses(course, start, end, step), moment))
    return tuple(readings)
