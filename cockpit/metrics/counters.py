"""Which series of a scrape only ever grow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.labels import NAME, value_of
from cockpit.metrics.tables import PerTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cockpit.metrics.exposed import Exposed, Family

_PARTS = {
    "_total": {MetricKind.COUNTER},
    "_bucket": {MetricKind.HISTOGRAM},
    "_count": {MetricKind.HISTOGRAM, MetricKind.SUMMARY},
}


def is_counter(name: str, families: Mapping[str, Family]) -> bool:
    """Whether a sample of that name is cumulative: a counter, or the counts of a histogram or summary.

    A sum is not, as observations may be negative. Without a type, a name in `_total` is taken at its word.
    """
    if (family := families.get(name)) is not None:
        return family.kind is MetricKind.COUNTER or (family.kind is MetricKind.UNKNOWN and name.endswith("_total"))
    for part, kinds in _PARTS.items():
        if name.endswith(part) and (family := families.get(name.removesuffix(part))) is not None:
            return family.kind in kinds
    return name.endswith("_total")


class Counters:
    """Tells counters from the rest, asking about each series of a table once."""

    def __init__(self) -> None:
        self._flags: PerTable[_Flags] = PerTable(_Flags)

    def of(self, exposed: Exposed) -> NDArray[np.bool_]:
        """By position in `exposed.ids`, whether a series is a counter."""
        return self._flags.of(exposed.table).of(exposed)


class _Flags:
    """By series number of one table."""

    def __init__(self) -> None:
        self._flags = np.empty(0, np.bool_)

    def of(self, exposed: Exposed) -> NDArray[np.bool_]:
        fresh = exposed.table.labels[len(self._flags) :]
        if fresh:
            found = [is_counter(value_of(labels, NAME), exposed.families) for labels in fresh]
            self._flags = np.concatenate((self._flags, np.array(found, dtype=np.bool_)))
        return self._flags.take(exposed.ids)
