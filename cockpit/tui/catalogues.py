"""What an engine has, read for those that look through it: its metrics, and how many series of each there are."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.catalogue import Metric, catalogue, sample_names
from cockpit.metrics.engine import QueryError
from cockpit.metrics.glance import SERIES_BY_NAME, series_by_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.metrics.engine import Engine


@dataclass(frozen=True, slots=True)
class Found:
    """The metrics by name, and the names of their samples. `problem` is why there may be more of them."""

    metrics: tuple[Metric, ...] = ()
    names: tuple[str, ...] = ()
    problem: QueryError | None = None


async def read_catalogue(engine: Engine, at: int) -> Found:
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
    return Found(metrics, sample_names(metrics, counts), problem)
