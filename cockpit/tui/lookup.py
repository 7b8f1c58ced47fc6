"""Asks an engine what completion has to know: its metrics, and the labels of those that are written."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from cockpit.metrics.breakdown import Label, labels
from cockpit.metrics.engine import QueryError
from cockpit.tui.catalogues import read_catalogue
from cockpit.tui.suggestions import Answer, Known, at_once, suggestions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.metrics.engine import Engine
    from cockpit.metrics.labels import Labels
    from cockpit.metrics.promql.completion import Place

logger = logging.getLogger(__name__)

MOST_SERIES = 20_000
"""Series of a metric that are looked through for labels."""
MOST_VALUES = 2_000
"""Values of a label that are kept, the most frequent ones."""
MOST_METRICS = 4
"""Metrics of an expression whose labels are asked for at a time."""


class Lookup:
    """What is known of an engine, read when it is first needed.

    What the engine does not tell is not known: why, the answer to the expression itself says.
    """

    def __init__(self, engine: Engine) -> None:
        self.known = Known()
        self._engine = engine

    async def read(self, at: int) -> None:
        """Ask for the metrics of a moment (epoch milliseconds)."""
        try:
            found = await read_catalogue(self._engine, at)
        except QueryError as error:
            logger.info("no metrics to complete: %s", error)
        else:
            self.known = await asyncio.to_thread(Known, found.metrics, found.names, self.known.labels)

    def at_once(self, place: Place) -> Answer | None:
        """What can be typed at a place, None where that takes longer than a key can wait."""
        return None if self.known.missing(place) else at_once(place, self.known)

    async def suggest(self, place: Place) -> Answer:
        """What can be typed at a place. What the engine refuses is nothing to choose from."""
        for metric in self.known.missing(place)[:MOST_METRICS]:
            await self._look_at(metric)
        return await asyncio.to_thread(suggestions, place, self.known)

    async def _look_at(self, metric: str) -> None:
        try:
            series = await self._engine.series(metric)
        except QueryError as error:
            logger.info("no labels to complete: %s", error)
            return
        self.known.labels[metric] = await asyncio.to_thread(_bounded, series[:MOST_SERIES])


def _bounded(series: Sequence[Labels]) -> tuple[Label, ...]:
    return tuple(Label(each.name, each.values[:MOST_VALUES]) for each in labels(series))
