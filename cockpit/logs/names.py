"""Names that many entries share, numbered: a column of small numbers stands for a column of texts."""

from __future__ import annotations

from dataclasses import dataclass, field

OTHER = "…"
"""Stands for every name beyond those that a table has room for; an entry's payload has its own."""

MOST_NAMES = 1 << 16
MOST_NAME = 256
"""Characters that are kept of a name: whoever calls a service chooses what its agent is called, and how often."""


class Table:
    """Names in the order of their first use, `most` different ones; the number of "" is 0."""

    def __init__(self, most: int = MOST_NAMES) -> None:
        self.names: list[str] = [""]
        self._numbers: dict[str, int] = {"": 0}
        self._most = most

    def __len__(self) -> int:
        return len(self.names)

    def number(self, name: str) -> int:
        """The name's number, a new one at its first use; that of OTHER where there is no more room."""
        known = self._numbers.get(name)
        return self._new(name) if known is None else known

    def find(self, name: str) -> int | None:
        """The name's number, or None where it was never used."""
        return self._numbers.get(name)

    def _new(self, name: str) -> int:
        kept = name[:MOST_NAME] if len(self.names) < self._most - 1 else OTHER
        known = self._numbers.get(kept)
        if known is None:
            known = self._numbers[kept] = len(self.names)
            self.names.append(kept)
        return known


@dataclass(slots=True)
class Names:
    """The tables of one store, or of one who makes segments for it."""

    revision: Table = field(default_factory=Table)
    instance: Table = field(default_factory=Table)
    log: Table = field(default_factory=Table)
    method: Table = field(default_factory=lambda: Table(256))
    agent: Table = field(default_factory=Table)


NAMED = ("revision", "instance", "log", "method", "agent")
"""The columns that hold numbers of names."""
