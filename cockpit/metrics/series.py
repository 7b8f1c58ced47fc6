"""Samples as they are stored and as PromQL reads them: blocks of series that were scraped together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.matchers import Matcher

_ABSENT_BITS, _STALE_BITS = 0x7FF8_0000_0000_0AB5, 0x7FF8_0000_0000_057A
ABSENT, STALE = (float(np.int64(bits).view(np.float64)) for bits in (_ABSENT_BITS, _STALE_BITS))
"""No value here, in two ways. ABSENT: no sample at all, so an earlier one goes on being the newest. STALE: the
series ended here, as it was missing from a scrape that succeeded. Both are quiet NaNs told apart by their
bits from each other and from a NaN that was scraped; arithmetic does not keep the bits."""


@dataclass(frozen=True, slots=True)
class Block:
    """Samples of several series at shared times.

    `times` are epoch milliseconds (int64, ascending, shape points); `values` is float64 of shape points × series,
    ABSENT or STALE where there is no sample. Both are read-only views or copies that nobody writes to any more.
    """

    labels: tuple[Labels, ...]
    times: NDArray[np.int64]
    values: NDArray[np.float64]


class Storage(Protocol):
    """Where samples come from."""

    def select(self, matchers: Sequence[Matcher], start: int, end: int) -> Sequence[Block]:
        """Every series that all matchers match, with its samples in start < time <= end (epoch milliseconds).

        No label set is in two blocks. A block may have no points.
        """
        ...


def is_absent(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where there is no sample."""
    return np.equal(values.view(np.int64), _ABSENT_BITS)


def is_stale(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where a series ended."""
    return np.equal(values.view(np.int64), _STALE_BITS)
