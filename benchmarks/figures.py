"""A measured figure beside its goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement. `goal` is the most it should be; None where a figure only informs."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the goal is met, in a word."""
        if self.goal is None:
            return ""
        return "met" if self.value <= self.goal else "MISSED"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of text, a column each for value, goal and verdict."""
    rows = [("figure", "measured", "goal", "", "")]
    for figure in figures:
        goal = "" if figure.goal is None else f"<= {figure.goal:g} {figure.unit}"
        rows.append((figure.name, f"{figure.value:.4g} {figure.unit}", goal, figure.verdict, figure.note))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
