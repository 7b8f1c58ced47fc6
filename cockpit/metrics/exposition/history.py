"""Recordings: files in which one series has several samples, as those that fill Prometheus' past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.exposition.formats import grammar_of
from cockpit.metrics.exposition.mistaken import nothing
from cockpit.metrics.exposition.numbering import Numbering
from cockpit.metrics.exposition.reader import scan_of
from cockpit.metrics.exposition.scan import families_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cockpit.metrics.exposed import Family
    from cockpit.metrics.labels import Labels

MAX_SAMPLES = 10_000_000


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Samples over time, as columns of one length, ascending by time: `series` (int64) counts in `labels`,
    `stamps` (int64) are epoch milliseconds, `values` float64. No series has two samples at one time."""

    labels: Sequence[Labels]
    series: NDArray[np.int64]
    stamps: NDArray[np.int64]
    values: NDArray[np.float64]
    families: Mapping[str, Family]


def history(body: bytes, content_type: str = "", *, now: int) -> History:
    """Read a file with several samples a series; those without a timestamp of their own are of `now` (epoch ms).

    Of two samples of a series at one time the first counts. Raises ExpositionError.
    """
    if not body:
        raise nothing()
    numbering = Numbering(grammar_of(body, content_type))
    found = scan_of(body, numbering, MAX_SAMPLES)
    stamps = np.full(len(found.ids), now, np.int64)
    if found.stamps:
        stamps[list(found.stamps)] = list(found.stamps.values())
    order = np.lexsort((np.arange(len(stamps)), found.ids, stamps))
    series, stamps, values = found.ids[order], stamps[order], found.values[order]
    fresh = np.ones(len(series), np.bool_)
    fresh[1:] = (np.diff(series) != 0) | (np.diff(stamps) != 0)
    return History(
        tuple(numbering.table.labels), series[fresh], stamps[fresh], values[fresh], families_of(found.remarks)
    )
