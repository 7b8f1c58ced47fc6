"""Cells of a canvas that can still be written to, before they become spans."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from cockpit.tui.lines import Span, Spans

if TYPE_CHECKING:
    from collections.abc import Iterable

Cell = tuple[str, str]
"""One character of one cell's width, and its role."""

BLANKS = " \u2800"
_EMPTY: Cell = (" ", "")


class Raster:
    """Rows of cells, the first one at the top."""

    def __init__(self, columns: int, rows: Iterable[Iterable[tuple[str, str]]]) -> None:
        """`rows` are texts with their roles; what is too long is cut, what is missing is blank."""
        self.columns = columns
        self.cells = [[(each, role) for text, role in row for each in text][:columns] for row in rows]
        for row in self.cells:
            row.extend([_EMPTY] * (columns - len(row)))

    def put(self, row: int, column: int, text: str, role: str) -> None:
        """Write narrow characters over what is there."""
        cells = self.cells[row]
        for place, each in enumerate(text, column):
            if 0 <= place < len(cells):
                cells[place] = (each, role)

    def rule_down(self, column: int, character: str, role: str) -> None:
        """A line from top to bottom, behind what is there."""
        for cells in self.cells:
            if cells[column][0] in BLANKS:
                cells[column] = (character, role)

    def rule_across(self, row: int, character: str, role: str) -> None:
        """A line from left to right, behind what is there."""
        ruled = (character, role)
        self.cells[row] = [ruled if cell[0] in BLANKS else cell for cell in self.cells[row]]

    def light(self, column: int, ground: str) -> None:
        """Give one column a ground."""
        for row in self.cells:
            character, role = row[column]
            row[column] = (character, f"{role} {ground}".strip())

    def spans(self, row: int) -> Spans:
        """One row, neighbours of the same role in one span."""
        grouped = groupby(self.cells[row], key=_role)
        return tuple(Span("".join(cell[0] for cell in cells), role) for role, cells in grouped)


def _role(cell: Cell) -> str:
    return cell[1]
