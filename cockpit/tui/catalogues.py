"""What an engine has, read for those that look through it: its metrics, how many series each has, and values."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.catalogue import Metric, catalogue, sample_names
from cockpit.metrics.engine import QueryError
from cockpit.metrics.glance import MOST, SERIES_BY_NAME, question, series_by_name, values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.metrics.engine import Engine


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The metrics by name, and the names of their samples. `problem` is why there may be more of them."""

    metrics: tuple[Metric, ...] = ()
    names: tuple[str, ...] = ()
    problem: QueryError | None = None


async def read_catalogue(engine: Engine, at: int) -> Catalogue:
    """What an engine has at a moment (epoch milliseconds). Raises QueryError where it does not even name metrics.

    Metrics that nobody tells of are found by their samples, where the engine says which there are.
    """
    families = await engine.families()
    counts: Mapping[str, int] | None = None
    problem = None
    try:
        counts = series_by_name(await engine.instant(SERIES_BY_NAME, at))
    except QueryError as error:
        problem = error
    metrics = await asyncio.to_thread(catalogue, families, counts)
    return Catalogue(metrics, sample_names(metrics, counts), problem)


@dataclass(frozen=True, slots=True)
class Glance:
    """Values now by metric and revision. `problem` is why some metrics have none here."""

    values: Mapping[str, Mapping[str, float]]
    problem: QueryError | None = None


async def read_values(engine: Engine, metrics: Sequence[Metric], window: str, at: int) -> Glance:
    """The first measure of each metric by revision, at a moment (epoch milliseconds).

    Metrics are asked for together; one that has no answer is found by halves, and does not cost the others theirs.
    """
    found: dict[str, Mapping[str, float]] = {}

    async def ask(together: Sequence[Metric]) -> QueryError | None:
        try:
            answer = await engine.instant(question(together, window), at)
        except QueryError as error:
            if len(together) == 1 or error.of_engine:
                return error
            half = len(together) // 2
            problems = [await ask(together[:half]), await ask(together[half:])]
            return next(filter(None, problems), None)
        found.update(values(together, answer))
        return None

    there = [metric for metric in metrics if metric.series != 0]
    problem = None
    for start in range(0, len(there), MOST):
        problem = await ask(there[start : start + MOST]) or problem
        if problem is not None and problem.of_engine:
            break
    return Glance(found, problem)
