"""Names that many entries share, numbered: a column of small numbers stands for a column of texts."""

from __future__ import annotations

from dataclasses import dataclass, field


class Table:
    """Names in the order of their first use; the number of "" is 0."""

    def __init__(self) -> None:
        self.names: list[str] = [""]
        self._numbers: dict[str, int] = {"": 0}

    def __len__(self) -> int:
        return len(self.names)

    def number(self, name: str) -> int:
        """The name's number, a new one at its first use."""
        known = self._numbers.get(name)
        if known is None:
            known = self._numbers[name] = len(self.names)
            self.names.append(name)
        return known

    def find(self, name: str) -> int | None:
        """The name's number, or None where it was never used."""
        return self._numbers.get(name)


@dataclass(slots=True)
class Names:
    """The tables of one store, or of one who makes segments for it."""

    revision: Table = field(default_factory=Table)
    instance: Table = field(default_factory=Table)
    log: Table = field(default_factory=Table)
    method: Table = field(default_factory=Table)
    agent: Table = field(default_factory=Table)


NAMED = ("revision", "instance", "log", "method", "agent")
"""The columns that hold numbers of names."""
