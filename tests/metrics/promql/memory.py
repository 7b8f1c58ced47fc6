"""Samples in memory for tests, served as the store serves them: in blocks with gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from cockpit.metrics.labels import Labels
from cockpit.metrics.matchers import Matcher
from cockpit.metrics.series import ABSENT, Block

Samples = Mapping[int, float]
"""Values by epoch milliseconds."""


class MemoryStorage:
    """Series by their labels. All that are selected come in one block, ABSENT where one has no sample."""

    def __init__(self, series: Mapping[Labels, Samples] | None = None) -> None:
        self.series: dict[Labels, dict[int, float]] = {
            labels: dict(samples) for labels, samples in (series or {}).items()
        }

    def add(self, labels: Labels, samples: Iterable[tuple[int, float]]) -> None:
        """Add samples to a series, which need not be there."""
        self.series.setdefault(labels, {}).update(samples)

    def select(self, matchers: Sequence[Matcher], start: int, end: int) -> Sequence[Block]:
        """As the protocol Storage has it."""
        chosen = [labels for labels in self.series if all(matcher.matches(labels) for matcher in matchers)]
        held = [
            {time: value for time, value in self.series[each].items() if start < time <= end} for each in chosen
        ]
        times = np.array(sorted({time for samples in held for time in samples}), dtype=np.int64)
        values = np.full((times.size, len(chosen)), ABSENT)
        for column, samples in enumerate(held):
            rows = np.searchsorted(times, np.fromiter(samples, dtype=np.int64, count=len(samples)))
            values[rows, column] = np.fromiter(samples.values(), dtype=np.float64, count=len(samples))
        return [Block(tuple(chosen), times, values)]
