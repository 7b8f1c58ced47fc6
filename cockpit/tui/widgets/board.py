"""A board of panels that scrolls as one: only those in view are painted, and only rows that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from cockpit.tui.panels.frame import Face, framed
from cockpit.tui.panels.places import bottom
from cockpit.tui.tiling import Place
from cockpit.tui.widgets.painted import Painted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from cockpit.tui.lines import Line

FRAME = 1 / 20
"""Seconds that changed panels wait for others before they are painted."""

_SIDE = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


class _Block:
    """A panel on the board: where it is, what it shows, and the strips that were painted of it."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.face = Face()
        self.lines: list[Line] = []
        self.strips: list[Strip | None] = []

    def lay(self, *, selected: bool) -> list[int]:
        """Make the lines anew; the rows that are other ones than before."""
        old, self.lines = self.lines, framed(self.face, self.place, selected=selected)
        changed = [row for row, line in enumerate(self.lines) if row >= len(old) or old[row] != line]
        self.strips += [None] * (len(self.lines) - len(self.strips))
        for row in changed:
            self.strips[row] = None
        return changed


class Board(ScrollView, Painted, can_focus=True, inherit_bindings=False):
    """Panels by number. `lay_out` says where they are, `put` what one of them shows."""

    DEFAULT_CSS = """
    Board {
        height: 1fr; overflow-x: hidden; background: $background; scrollbar-size-vertical: 1;
        scrollbar-background: $background; scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
        scrollbar-color: $border; scrollbar-color-hover: $primary; scrollbar-color-active: $primary;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"go('{key}')", show=False) for key in _SIDE),
        Binding("h", "go('left')", show=False),
        Binding("l", "go('right')", show=False),
        Binding("k", "go('up')", show=False),
        Binding("j", "go('down')", show=False),
        Binding("tab", "step(1)", show=False),
        Binding("shift+tab", "step(-1)", show=False),
        Binding("home,g", "edge(0)", show=False),
        Binding("G", "edge(-1)", show=False),
        Binding("pagedown", "page_down", show=False),
        Binding("pageup", "page_up", show=False),
        Binding("enter", "open", show=False),
    ]

    class Moved(Message):
        """Other panels are in view."""

    class Selected(Message):
        """Another panel is selected."""

    class Opened(Message):
        """Enter or a second click on the selected panel."""

    class Resized(Message):
        """The board has another size: its panels are to be arranged anew."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._blocks: list[_Block] = []
        self._rows: list[list[int]] = []
        self._strips: dict[int, Strip] = {}
        self._stale: dict[int, tuple[int, int]] = {}
        self.selected = 0

    def lay_out(self, places: Sequence[Place], selected: int = 0) -> None:
        """Other panels, or other places for them. They show nothing before they are given a face."""
        self._blocks = [_Block(place) for place in places]
        self._rows = [[] for _ in range(bottom(places))]
        for number, place in sorted(enumerate(places), key=lambda each: each[1].x):
            for row in range(place.y, place.y + place.height):
                self._rows[row].append(number)
        self._strips.clear()
        self.selected = min(max(0, selected), max(0, len(places) - 1))
        for number, block in enumerate(self._blocks):
            block.lay(selected=number == self.selected)
        self.virtual_size = Size(self.size.width, len(self._rows))
        self.refresh()

    def put(self, number: int, face: Face) -> None:
        """Show something in a panel; what is the same as before is not painted.

        Panels that change at about the same time are painted together: they share rows.
        """
        self._blocks[number].face = face
        if not self._stale:
            self.set_timer(FRAME, self._paint_stale)
        self._lay(number)

    def select(self, number: int) -> None:
        """Select a panel, and bring it into view."""
        if not self._blocks:
            return
        old, self.selected = self.selected, min(max(0, number), len(self._blocks) - 1)
        for each in {old, self.selected}:
            self._lay(each)
        self._paint_stale()
        self.show_selected()
        if old != self.selected:
            self.post_message(self.Selected())

    def show_selected(self) -> None:
        """Bring the selected panel into view."""
        if self._blocks:
            self.scroll_to_region(Region(*self._blocks[self.selected].place), animate=False)

    @property
    def places(self) -> list[Place]:
        """Where the panels are."""
        return [block.place for block in self._blocks]

    @property
    def in_view(self) -> list[int]:
        """The panels of which at least one row is seen, from the top."""
        rows = self._rows[self.scroll_offset.y : self.scroll_offset.y + self.size.height]
        return list(dict.fromkeys(number for row in rows for number in row))

    def render_line(self, y: int) -> Strip:
        """One row of the board, from the cache where it was painted before."""
        row = y + self.scroll_offset.y
        strip = self._strips.get(row)
        if strip is None or strip.cell_length != self.scrollable_content_region.width:
            strip = self._strips[row] = self._side_by_side(row)
        return strip

    def _side_by_side(self, row: int) -> Strip:
        """The rows of panels that stand beside one another."""
        cells = self.scrollable_content_region.width
        pieces: list[Strip] = []
        at = 0
        for number in self._rows[row] if row < len(self._rows) else ():
            block = self._blocks[number]
            if block.place.x > at:
                pieces.append(self.paint_nothing(block.place.x - at))
            pieces.append(self._strip(block, row - block.place.y))
            at = block.place.x + block.place.width
        if at < cells:
            pieces.append(self.paint_nothing(cells - at))
        return Strip.join(pieces)

    def forget(self) -> None:
        """Nothing painted so far holds any more."""
        self._strips.clear()
        for block in self._blocks:
            block.strips = [None] * len(block.lines)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Others are in view."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Moved())

    def on_resize(self) -> None:
        """Panels have other places."""
        self.post_message(self.Resized())

    def watch_show_vertical_scrollbar(self) -> None:
        """They have a column more or less."""
        self.post_message(self.Resized())

    def on_click(self, event: events.Click) -> None:
        """A click selects a panel; a click on the selected one opens it."""
        row, number = event.y + self.scroll_offset.y, None
        for each in self._rows[row] if row < len(self._rows) else ():
            place = self._blocks[each].place
            number = each if place.x <= event.x < place.x + place.width else number
        if number is None:
            return
        if number == self.selected and event.chain > 1:
            self.action_open()
        self.select(number)

    def action_go(self, side: str) -> None:
        """Select the nearest panel to one side."""
        places = self.places
        if places:
            self.select(neighbour(places, self.selected, *_SIDE[side]))

    def action_step(self, by: int) -> None:
        """Select the next panel, or the one before."""
        if self._blocks:
            self.select((self.selected + by) % len(self._blocks))

    def action_edge(self, number: int) -> None:
        """Select the first panel, or the last."""
        self.select(number % max(1, len(self._blocks)))

    def action_open(self) -> None:
        """Open the selected panel."""
        if self._blocks:
            self.post_message(self.Opened())

    def _lay(self, number: int) -> None:
        """Make a panel's lines anew, and note the rows that are other ones."""
        block = self._blocks[number]
        start, end = block.place.x, block.place.x + block.place.width
        for row in block.lay(selected=number == self.selected):
            at = block.place.y + row
            self._strips.pop(at, None)
            left, right = self._stale.get(at, (start, end))
            self._stale[at] = min(left, start), max(right, end)

    def _paint_stale(self) -> None:
        """Paint the rows that changed, as far as they are in view."""
        top = self.scroll_offset.y
        seen = {row - top: ends for row, ends in self._stale.items() if 0 <= row - top < self.size.height}
        self._stale.clear()
        if seen:
            self.refresh(*(Region(left, y, right - left, 1) for y, (left, right) in seen.items()))

    def _strip(self, block: _Block, row: int) -> Strip:
        strip = block.strips[row]
        if strip is None:
            strip = block.strips[row] = self._painted(block.lines[row], block.place.width)
        return strip

    def _painted(self, line: Line, cells: int) -> Strip:
        """A line that has exactly so many cells: nothing of it has to be measured."""
        palette, ground = self.palette, self._ground + self.palette.style(line.ground)
        return Strip([Segment(span.text, ground + palette.style(span.role)) for span in line.spans], cells)


def neighbour(places: Sequence[Place], number: int, right: int, down: int) -> int:
    """The panel next to one: of those on that side the nearest, and of these the one most beside it."""
    here = places[number]

    def distance(other: Place) -> tuple[int, int] | None:
        if right:
            gap = other.x - (here.x + here.width) if right > 0 else here.x - (other.x + other.width)
            aside = max(0, other.y - here.y - here.height + 1, here.y - other.y - other.height + 1)
        else:
            gap = other.y - (here.y + here.height) if down > 0 else here.y - (other.y + other.height)
            aside = max(0, other.x - here.x - here.width + 1, here.x - other.x - other.width + 1)
        if gap < 0 or (right and aside):
            return None
        return gap + aside, abs(other.x - here.x) + abs(other.y - here.y)

    found = [(far, each) for each, place in enumerate(places) if (far := distance(place)) is not None]
    return min(found)[1] if found else number
