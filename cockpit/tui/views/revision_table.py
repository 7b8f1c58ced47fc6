"""The revisions as a table: which columns fit, how wide they are, and the lines they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.release.state import State
from cockpit.text import age, duration, percent, width
from cockpit.tui.colours import FILLS
from cockpit.tui.lines import Line, Span, cells_of, crop, join, left, right

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cockpit.tui.lines import Spans
    from cockpit.tui.views.revision_rows import Row

GAP = "  "
WIDEST = 60
ROOM_FOR_STATE = 30

GLYPHS = {
    State.SERVING: ("●", "good"),
    State.READY: ("○", "muted"),
    State.PENDING: ("◌", "warn"),
    State.FAILED: ("✗", "bad"),
    State.RETIRED: ("·", "muted"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, its text and role for a row, and how long it stays when room gets scarce.

    `rank` 0 stays always; the highest goes first. A failed revision's reason takes the place of all columns that
    have `yields`.
    """

    title: str
    text: Callable[[Row], str]
    rank: int
    role: str = ""
    numeric: bool = False
    yields: bool = True


def _traffic(row: Row) -> str:
    if row.asked != row.serving:
        return f"{row.asked} → {row.serving} %"
    return f"{row.serving} %" if row.serving else ""


def _errors(row: Row) -> str:
    return "" if row.error_share is None else percent(row.error_share, 1)


COLUMNS = (
    Column("revision", lambda row: row.short, 0, yields=False),
    Column("traffic", _traffic, 0, numeric=True, yields=False),
    Column("tag", lambda row: row.tags, 1, "accent", yields=False),
    Column("age", lambda row: age(row.age), 2, "muted", numeric=True, yields=False),
    Column("ready in", lambda row: duration(row.ready), 5, "muted", numeric=True),
    Column("image", lambda row: row.image, 4, "muted"),
    Column("digest", lambda row: row.digest, 6, "muted"),
    Column("inst", lambda row: str(row.instances or ""), 3, numeric=True),
    Column("req/min", lambda row: f"{row.requests:,.0f}" if row.requests else "", 7, numeric=True),
    Column("5xx", _errors, 8, numeric=True),
    Column("resources", lambda row: row.resources, 9, "muted"),
    Column("scaling", lambda row: row.scaling, 10, "muted"),
    Column("by", lambda row: row.creator, 11, "muted"),
    Column("created", lambda row: row.created, 12, "muted"),
    Column("runs as", lambda row: row.runs_as, 13, "muted"),
)


class Table:
    """The columns that fit some rows into some cells, and the lines of the rows."""

    def __init__(self, rows: Sequence[Row], slots: Mapping[str, int], cells: int) -> None:
        self._slots = slots
        self._cells = cells
        used = [(column, _width(column, rows)) for column in COLUMNS]
        used = [(column, wide) for column, wide in used if wide]
        while len(used) > 1 and self._room(used) < 0:
            last = max(used, key=lambda pair: pair[0].rank)
            if last[0].rank == 0:
                break
            used.remove(last)
        self._columns = used

    def head(self, *, differs: bool) -> Line:
        """The line of titles; where asked and serving differ, the traffic column says which is which."""
        cells: list[Spans] = []
        for column, wide in self._columns:
            title = "ask → now" if differs and column.title == "traffic" else column.title
            cells.append((_fit(column, title, wide, "muted"),))
        return Line((Span("    "), *join(cells, GAP)))

    def line(self, row: Row) -> Line:
        """One revision."""
        glyph, role = GLYPHS[row.standing.state]
        slot = self._slots.get(row.name)
        name_role = f"revision-{slot + 1}" if slot is not None else "muted" if row.retired else ""
        head = (Span(f"{glyph} ", role), Span(f"{FILLS[slot]} " if slot is not None else "  ", name_role))
        explained = row.standing.state in {State.FAILED, State.PENDING}
        cells: list[Spans] = [
            (_fit(column, column.text(row), wide, self._role(column, row, name_role)),)
            for column, wide in self._columns
            if not (explained and column.yields)
        ]
        if explained:
            room = max(0, self._cells - cells_of((*head, *join(cells, GAP))) - len(GAP))
            reason = str(row.standing) if room >= ROOM_FOR_STATE else row.standing.why or row.standing.state.value
            cells.append(crop((Span(reason, role),), room))
        return Line((*head, *join(cells, GAP)), row.name, "changed" if row.moved else "")

    def _role(self, column: Column, row: Row, name_role: str) -> str:
        if column.title == "revision":
            return f"{name_role} bold" if row.serving else name_role
        if column.title == "traffic":
            return "warn bold" if row.asked != row.serving else "bold"
        if column.title == "5xx" and row.error_share is not None and row.error_share >= 1:
            return "bad"
        return column.role

    def _room(self, used: list[tuple[Column, int]]) -> int:
        return self._cells - 4 - sum(wide + len(GAP) for _, wide in used) + len(GAP)


def _fit(column: Column, text: str, cells: int, role: str) -> Span:
    return right(text, cells, role) if column.numeric else left(text, cells, role)


def _width(column: Column, rows: Sequence[Row]) -> int:
    """The cells a column wants; 0 where it has nothing to say and may go."""
    longest = max((width(column.text(row)) for row in rows), default=0)
    if not longest and column.rank:
        return 0
    return min(WIDEST, max(longest, width(column.title)))


def fold_line(folded: int, key: str) -> Line:
    """What stands for the retired revisions that are folded away."""
    spans: Spans = (Span(f"▸ {folded} retired", "muted"), Span(f"  {key} shows them" if key else "", "muted"))
    return Line(spans)
