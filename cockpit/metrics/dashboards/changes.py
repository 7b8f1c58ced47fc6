"""What a dashboard does to the tables of its answers before it shows them: Grafana's transformations."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelsToFields:
    """Series become rows, with their labels in columns."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Tables become one; rows that agree in all that they share become one, too."""


@dataclass(frozen=True, slots=True)
class JoinBy:
    """Tables become one by the values of one column; with `inner` only those that every table has."""

    field: str
    inner: bool = False


@dataclass(frozen=True, slots=True)
class Organize:
    """Columns left out, renamed (old and new name), and in an order of their own; others stand behind those."""

    exclude: frozenset[str] = frozenset()
    rename: tuple[tuple[str, str], ...] = ()
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Keep:
    """Only columns that are named, or whose name a pattern finds; with `exclude` only the others."""

    names: tuple[str, ...] = ()
    pattern: str = ""
    exclude: bool = False


@dataclass(frozen=True, slots=True)
class GroupBy:
    """Rows with the same `keys` become one, with calculations of columns: (column, calculation)."""

    keys: tuple[str, ...]
    calculations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Calculate:
    """A column `name` of two others or numbers: `operator` is +, -, *, / or %. `alone` leaves nothing else."""

    name: str
    left: str
    operator: str
    right: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class SortBy:
    """Rows in the order of one column."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """So many rows from the first on."""

    rows: int


Change = LabelsToFields | Merge | JoinBy | Organize | Keep | GroupBy | Calculate | SortBy | Limit
