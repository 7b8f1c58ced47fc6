"""Lines that may be wider and more than there is room for, with a cursor on one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.message import Message

from cockpit.text import width
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.framed import WHEEL_LINES
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.binding import BindingType
    from textual.geometry import Size

_END = 1 << 30
_ASIDE = 16


class WideSheet(LineView, can_focus=True):
    """Shows what `make` gives for a size. The arrows move the cursor, and the lines aside; enter chooses a line
    that has a key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown,space", "page(1)", show=False),
        Binding("home", f"move({-_END})", show=False),
        Binding("end", f"move({_END})", show=False),
        Binding("left", f"aside({-_ASIDE})", show=False),
        Binding("right", f"aside({_ASIDE})", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Chosen(Message):
        """A line was chosen, by its key."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__()
        self._aside = self._cursor = 0
        self._all: Callable[[Size], Sequence[Line]] = lambda _: ()

    def show(self, make: Callable[[Size], Sequence[Line]]) -> None:
        """Show other lines, from the beginning."""
        self._all, self._aside = make, 0
        self._redraw()
        self._put_cursor(0)

    def action_move(self, lines: int) -> None:
        """Down by so many lines, up by a negative number."""
        self._put_cursor(self._cursor + lines)

    def action_page(self, pages: int) -> None:
        """Down by so many times what is in view."""
        self.action_move(pages * max(1, self.size.height - 1))

    def action_choose(self) -> None:
        """Choose the line under the cursor."""
        if self._cursor < len(self.lines) and (key := self.lines[self._cursor].key):
            self.post_message(self.Chosen(key))

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a second one chooses."""
        line = event.y + self.top
        if line == self._cursor and event.chain > 1:
            self.action_choose()
        else:
            self._put_cursor(line)

    def action_aside(self, cells: int) -> None:
        """To the right by so many cells, to the left by a negative number, as far as there is something to see."""
        widest = max((width(line.text) for line in self._all(self.size)), default=0)
        self._aside = max(0, min(self._aside + cells, widest - self.size.width))
        self._redraw()

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """Scroll on."""
        self.scroll_lines(self.top + WHEEL_LINES)

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """Scroll back."""
        self.scroll_lines(self.top - WHEEL_LINES)

    def _put_cursor(self, line: int) -> None:
        self._cursor = max(0, min(line, len(self.lines) - 1))
        self.mark(self._cursor, "cursor")
        self.scroll_lines(max(min(self.top, self._cursor), self._cursor - self.size.height + 1))

    def _redraw(self) -> None:
        aside, make = self._aside, self._all
        self.draw(lambda size: [_without(line, aside) for line in make(size)])


def _without(line: Line, cells: int) -> Line:
    """A line without its first cells."""
    if not cells:
        return line
    kept: list[Span] = []
    for span in line.spans:
        text = span.text
        while text and cells > 0:
            cells -= width(text[0])
            text = text[1:]
        if text:
            kept.append(Span(text, span.role))
    return line._replace(spans=tuple(kept))
