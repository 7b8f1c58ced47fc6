"""Alerts of a whole fleet, from the engine elsewhere that evaluates its rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.config import ConfigError
from cockpit.metrics.engine import QueryError
from cockpit.metrics.labels import value_of
from cockpit.sources.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from cockpit.metrics.engine import Engine

FIRING = 'count by (service) (ALERTS{alertstate="firing"})'
"""What Prometheus writes of its alerts, in our labels: a service with none has no series."""


async def firing(elsewhere: Callable[[], Awaitable[Engine]], at: float) -> Mapping[str, int]:
    """How many alerts fire at a moment (epoch seconds), by service. Raises a SourceError."""
    try:
        engine = await elsewhere()
        answer = await engine.instant(FIRING, round(at * 1000))
    except (ConfigError, QueryError) as error:
        raise SourceError(str(error), error.mend) from error
    return {value_of(sample.labels, "service"): round(sample.value) for sample in answer.samples}
