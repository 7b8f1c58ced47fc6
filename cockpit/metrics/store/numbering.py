"""From the series numbers of a reader to the columns of a segment, at the cost of one lookup a scrape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from cockpit.metrics.exposed import SeriesTable
    from cockpit.metrics.labels import Labels

TABLES = 4
"""Readers remembered: a process may be reached through the service's URL and its revision's tags."""


class Numbering:
    """Which column a series number of each reader stands for in the segment that is written now."""

    REFUSED, UNKNOWN = -1, -2

    def __init__(self) -> None:
        self._tables: dict[int, tuple[SeriesTable, NDArray[np.int64]]] = {}
        self._asked: tuple[SeriesTable, NDArray[np.int64], NDArray[np.int64]] | None = None

    def forget(self) -> None:
        """Begin anew: the columns are another segment's."""
        self._tables.clear()
        self._asked = None

    def known(self, table: SeriesTable, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The columns of those series that have one already; REFUSED or UNKNOWN for the others."""
        if self._asked is not None and self._asked[0] is table and self._asked[1] is ids:
            return self._asked[2]
        return self._columns_of(table).take(ids)

    def columns(
        self, table: SeriesTable, ids: NDArray[np.int64], column: Callable[[Labels], int]
    ) -> NDArray[np.int64]:
        """The columns of all of these series; `column` gives a series that has none its column, or REFUSED."""
        found = self.known(table, ids)
        unknown = ids[found == self.UNKNOWN]
        if unknown.size:
            columns = self._columns_of(table)
            for each in unknown.tolist():
                columns[each] = column(table.labels[each])
            found = columns.take(ids)
        self._asked = (table, ids, found)
        return found

    def _columns_of(self, table: SeriesTable) -> NDArray[np.int64]:
        """The column of every number of a table, which may have grown."""
        _, columns = self._tables.get(id(table), (table, np.empty(0, np.int64)))
        missing = len(table.labels) - len(columns)
        if missing:
            if len(self._tables) >= TABLES and id(table) not in self._tables:
                del self._tables[next(iter(self._tables))]
            columns = np.concatenate((columns, np.full(missing, self.UNKNOWN, dtype=np.int64)))
            self._tables[id(table)] = (table, columns)
        return columns
