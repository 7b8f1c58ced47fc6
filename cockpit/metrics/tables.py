"""What is worked out once for each series of a reader's table, and kept while the table is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.metrics.exposed import SeriesTable

T = TypeVar("T")

TABLES = 8
"""Tables remembered, the most recently used: a service has a URL of its own and one for each tag."""


class PerTable(Generic[T]):
    """One value a table, made by `make` when a table is first met."""

    def __init__(self, make: Callable[[], T], most: int = TABLES) -> None:
        self._make = make
        self._most = most
        self._values: dict[int, tuple[SeriesTable, T]] = {}

    def of(self, table: SeriesTable) -> T:
        """The table's value."""
        known = self._values.pop(id(table), None)
        if known is None:
            known = (table, self._make())
            if len(self._values) >= self._most:
                del self._values[next(iter(self._values))]
        # The table stands beside its value, so that its id is not another's meanwhile.
        self._values[id(table)] = known
        return known[1]
