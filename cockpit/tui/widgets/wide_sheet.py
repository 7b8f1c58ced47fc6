"""Lines that may be wider and more than there is room for: they move in both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

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
    """Shows what `make` gives for a size; the arrows scroll."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_on(-1)", show=False),
        Binding("down,j", "scroll_on(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown,space", "page(1)", show=False),
        Binding("home", f"scroll_on({-_END})", show=False),
        Binding("end", f"scroll_on({_END})", show=False),
        Binding("left", f"aside({-_ASIDE})", show=False),
        Binding("right", f"aside({_ASIDE})", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._aside = 0
        self._all: Callable[[Size], Sequence[Line]] = lambda _: ()

    def show(self, make: Callable[[Size], Sequence[Line]]) -> None:
        """Show other lines, from the beginning."""
        self._all, self._aside = make, 0
        self.scroll_lines(0)
        self._redraw()

    def action_scroll_on(self, lines: int) -> None:
        """Down by so many lines, up by a negative number."""
        self.scroll_lines(self.top + lines)

    def action_page(self, pages: int) -> None:
        """Down by so many times what is in view."""
        self.scroll_lines(self.top + pages * max(1, self.size.height - 1))

    def action_aside(self, cells: int) -> None:
        """To the right by so many cells, to the left by a negative number, as far as there is something to see."""
        widest = max((width(line.text) for line in self._all(self.size)), default=0)
        self._aside = max(0, min(self._aside + cells, widest - self.size.width))
        self._redraw()

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """Scroll on."""
        self.action_scroll_on(WHEEL_LINES)

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """Scroll back."""
        self.action_scroll_on(-WHEEL_LINES)

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
