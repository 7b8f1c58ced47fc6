"""Scrapes for tests, made from names and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.exposed import Exposed, Family, MetricKind, SeriesTable
from cockpit.metrics.matchers import Matcher, Op
from cockpit.metrics.series import is_absent, is_stale

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.series import Storage

LONG_AGO, FAR_AHEAD = 0, 1 << 52


class Exposition:
    """One target's table, to which scrapes add what is new. A counter's name ends in `_total`."""

    def __init__(self) -> None:
        self.table = SeriesTable()
        self._numbers: dict[Labels, int] = {}

    def scrape(self, values: Mapping[Labels, float], stamps: Mapping[Labels, int] | None = None) -> Exposed:
        """A scrape with these samples, some of them with times of their own."""
        for labels in values:
            if labels not in self._numbers:
                self._numbers[labels] = len(self.table.labels)
                self.table.labels.append(labels)
        ids = np.array([self._numbers[labels] for labels in values], dtype=np.int64)
        places = {place: stamps[labels] for place, labels in enumerate(values) if stamps and labels in stamps}
        names = {dict(labels)["__name__"] for labels in values}
        families = {
            name: Family(name, MetricKind.COUNTER if name.endswith("_total") else MetricKind.GAUGE)
            for name in names
        }
        return Exposed(self.table, ids, np.array(list(values.values()), dtype=np.float64), families, places)


def named(name: str, **labels: str) -> Labels:
    """A label set."""
    return tuple(sorted({"__name__": name, **labels}.items()))


def equal(**labels: str) -> list[Matcher]:
    """Matchers for labels that are these; `name` is the metric's."""
    return [Matcher("__name__" if name == "name" else name, Op.EQUAL, value) for name, value in labels.items()]


def samples(
    storage: Storage, matchers: Sequence[Matcher], start: int = LONG_AGO, end: int = FAR_AHEAD
) -> dict[Labels, list[tuple[int, float | None]]]:
    """Time and value by series; None where a series ended, once."""
    found: dict[Labels, list[tuple[int, float | None]]] = {}
    for block in storage.select(matchers, start, end):
        gone, absent = is_stale(block.values), is_absent(block.values)
        for column, labels in enumerate(block.labels):
            assert labels not in found, "a label set stands in two blocks"
            line = found[labels] = []
            for row, time in enumerate(block.times.tolist()):
                if gone[row, column]:
                    if line and line[-1][1] is not None:
                        line.append((time, None))
                elif not absent[row, column]:
                    line.append((time, float(block.values[row, column])))
    return found
