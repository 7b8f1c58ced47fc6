"""A file of metrics as an engine: an exposition saved once, or an OpenMetrics recording with samples over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.cli.exits import CommandError, Exit
from cockpit.metrics.exposed import ExpositionError
from cockpit.metrics.exposition.history import history
from cockpit.metrics.promql.local import evaluate_instant, evaluate_range
from cockpit.metrics.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from cockpit.metrics.engine import Answer
    from cockpit.metrics.exposed import Family
    from cockpit.metrics.exposition.history import History
    from cockpit.metrics.labels import Labels

MOST_BYTES = 4 << 30
"""What the samples of a file may take in memory: a file that was read fits."""


class Recording:
    """An `Engine` on the samples of a file; `newest` is the time of the last one, in epoch milliseconds."""

    def __init__(self, found: History) -> None:
        oldest, self.newest = int(found.stamps[0]), int(found.stamps[-1])
        self._families = found.families
        self._store = Store(self.newest - oldest + 1, MOST_BYTES)
        self._store.load(_columns(found))

    async def instant(self, expression: str, at: int) -> Answer:
        """The value at one moment. Raises QueryError."""
        return evaluate_instant(expression, self._store, at)

    async def range(self, expression: str, start: int, end: int, step: int) -> Answer:
        """The values from `start` to `end`, both included, every `step`. Raises QueryError."""
        return evaluate_range(expression, self._store, start, end, step)

    async def families(self) -> Mapping[str, Family]:
        """Every metric that the file tells of."""
        return self._families

    async def series(self, metric: str) -> Sequence[Labels]:
        """The label sets of one metric at the end of the file; of all where it is ""."""
        return self._store.series(metric)


def read_recording(path: Path) -> Recording:
    """The file's samples; those without a timestamp are of the moment it was saved. Raises CommandError."""
    try:
        body, saved = path.read_bytes(), path.stat().st_mtime
    except OSError as error:
        raise _unusable(path, (error.strerror or str(error)).lower(), "name a readable file") from None
    try:
        found = history(body, now=round(saved * 1000))
    except ExpositionError as error:
        raise _unusable(path, str(error), "save what the metrics endpoint answers") from None
    if not found.stamps.size:
        raise _unusable(path, "there is no sample in it", "save it while metrics are on")
    return Recording(found)


def _columns(found: History) -> Iterator[tuple[Labels, NDArray[np.int64], NDArray[np.float64]]]:
    """Label set, times and values, series by series."""
    order = np.argsort(found.series, kind="stable")
    numbers, starts = np.unique(found.series[order], return_index=True)
    for number, rows in zip(numbers.tolist(), np.split(order, starts[1:]), strict=True):
        yield found.labels[number], found.stamps[rows], found.values[rows]


def _unusable(path: Path, message: str, mend: str) -> CommandError:
    return CommandError(f"{path}: {message}", mend, kind="usage", code=Exit.USAGE)
