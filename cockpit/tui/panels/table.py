"""A table: columns as wide as their texts, numbers at the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.text import width
from cockpit.tui.lines import Line, Span, left, right

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = 2
_LEAST = 4
_MOST = 48


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and the cells below it, clean texts with their roles; `numbers` stand at the right."""

    heading: str
    cells: tuple[tuple[str, str], ...]
    numbers: bool = False


def table(columns: Sequence[Column], cells: int, rows: int, *, header: bool = True, top: int = 0) -> list[Line]:
    """The rows from `top` on, with their headings; the last line counts what follows, and columns without room."""
    widths = _widths(columns, cells)
    shown = columns[: len(widths)]
    count = max((len(column.cells) for column in columns), default=0)
    more = f" +{len(columns) - len(shown)} columns" if len(shown) < len(columns) else ""
    lines = [_line([(column.heading, "muted") for column in shown], shown, widths, more)] if header else []
    room = max(0, rows - len(lines))
    last = count if count - top <= room else top + max(0, room - 1)
    lines += [_line([column.cells[row] for column in shown], shown, widths) for row in range(top, last)]
    if last < count:
        lines.append(Line((Span(f" +{count - last:,} rows", "muted"),)))
    return lines


def _widths(columns: Sequence[Column], cells: int) -> list[int]:
    """How wide each column is, the widest ones giving way first; the last ones are left out for want of room."""
    wanted = [max(width(column.heading), *(width(text) for text, _ in column.cells), 1) for column in columns]
    for count in range(len(wanted), 0, -1):
        room = cells - 1 - _GAP * (count - 1)
        for most in range(_MOST, _LEAST - 1, -1):
            fitted = [min(each, most) for each in wanted[:count]]
            if sum(fitted) <= room:
                return fitted
    return [max(0, cells - 1)][: len(wanted)]


def _line(
    texts: Sequence[tuple[str, str]], columns: Sequence[Column], widths: Sequence[int], more: str = ""
) -> Line:
    spans: list[Span] = []
    for (text, role), column, wide in zip(texts, columns, widths, strict=True):
        spans += [Span(" " * (_GAP if spans else 1)), (right if column.numbers else left)(text, wide, role)]
    return Line((*spans, Span(more, "muted")) if more else tuple(spans))
