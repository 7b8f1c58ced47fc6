"""A measured figure beside its goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement. `goal` is the most it should be, `least` the least; a figure with neither only informs."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    note: str = ""
    least: float | None = None

    @property
    def aim(self) -> str:
        """The bounds in words, "" without any."""
        bounds = (("<=", self.goal), (">=", self.least))
        return ", ".join(f"{sign} {bound:g} {self.unit}" for sign, bound in bounds if bound is not None)

    @property
    def verdict(self) -> str:
        """Whether the goal is met, in a word."""
        if not self.aim:
            return ""
        fits = (self.goal is None or self.value <= self.goal) and (self.least is None or self.value >= self.least)
        return "met" if fits else "MISSED"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of text, a column each for value, goal and verdict."""
    rows = [("figure", "measured", "goal", "", "")]
    rows += [(one.name, f"{one.value:.4g} {one.unit}", one.aim, one.verdict, one.note) for one in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
