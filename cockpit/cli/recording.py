"""A file of metrics as an engine: an exposition saved once, or an OpenMetrics recording with samples over time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from cockpit.cli.saved import MEBIBYTE, read_saved
from cockpit.metrics.exposed import ExpositionError
from cockpit.metrics.exposition.history import history
from cockpit.metrics.exposition.reader import Reader
from cockpit.metrics.promql.local import evaluate_instant, evaluate_range
from cockpit.metrics.store.store import Store
from cockpit.text import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from cockpit.cli.output import Output
    from cockpit.metrics.engine import Answer
    from cockpit.metrics.exposed import Family
    from cockpit.metrics.exposition.history import History
    from cockpit.metrics.labels import Labels

MOST_MEMORY = 4 << 30
"""Bytes that the samples of a file may take: a file that was read fits."""

LARGE_BYTES = 16 * MEBIBYTE
"""A file that takes more than a moment, so that its reader is told."""


class Recording:
    """An `Engine` on the samples of a file, from `oldest` to `newest`, in epoch milliseconds."""

    def __init__(self, found: History) -> None:
        self.oldest, self.newest = int(found.stamps[0]), int(found.stamps[-1])
        self._families = found.families
        self._store = Store(self.newest - self.oldest + 1, MOST_MEMORY)
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


def read_recording(name: str, output: Output) -> Recording:
    """The file's samples; those without a timestamp are of the moment it was saved. Raises CommandError."""
    began = time.monotonic()
    saved = read_saved(name)
    large = len(saved.content) > LARGE_BYTES
    if large:
        output.note(f"reading {saved.name}, {len(saved.content) // MEBIBYTE} MiB …")
    try:
        found = history(saved.content, now=saved.at)
        if not found.stamps.size:
            comment = Reader().read(saved.content).comment
            said = f": {comment}" if comment else ""
            raise saved.refused(f"there is no sample in it{said}", "save it while metrics are on")
    except ExpositionError as error:
        raise saved.refused(str(error), "save what the metrics endpoint answers") from None
    recording = Recording(found)
    if large:
        took = duration(time.monotonic() - began)
        output.note(f"{len(found.stamps):,} samples of {len(found.labels):,} series, read in {took}")
    return recording


def _columns(found: History) -> Iterator[tuple[Labels, NDArray[np.int64], NDArray[np.float64]]]:
    """Label set, times and values, series by series."""
    order = np.argsort(found.series, kind="stable")
    numbers, starts = np.unique(found.series[order], return_index=True)
    for number, rows in zip(numbers.tolist(), np.split(order, starts[1:]), strict=True):
        yield found.labels[number], found.stamps[rows], found.values[rows]
