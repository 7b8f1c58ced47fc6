"""An entry as JSON with a cursor in it: values fold and unfold, and the one under the cursor is at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.message import Message

from cockpit.tui.views.log_entry import can_fold, entry_lines, value_at
from cockpit.tui.widgets.framed import WHEEL_LINES
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events
    from textual.binding import BindingType
    from textual.geometry import Size

    from cockpit.tui.lines import Line
    from cockpit.tui.views.log_entry import Part, Path

_END = 1 << 30


class EntryTree(LineView, can_focus=True):
    """Shows one entry; what is folded stays folded in the next one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", f"move({-_END})", show=False),
        Binding("end", f"move({_END})", show=False),
        Binding("enter,space", "switch", show=False),
        Binding("left", "fold", show=False),
        Binding("right", "unfold", show=False),
    ]

    class Moved(Message):
        """The cursor is on another value."""

    def __init__(self) -> None:
        super().__init__()
        self.entry: Mapping[str, object] = {}
        self._parts: list[Part] = []
        self._folded: set[Path] = set()
        self._cursor = 0

    @property
    def path(self) -> Path:
        """The path of the value under the cursor."""
        return self._parts[self._cursor].path if self._parts else ()

    @property
    def value(self) -> object:
        """The value under the cursor."""
        return value_at(self.entry, self.path)

    def show(self, entry: Mapping[str, object]) -> None:
        """Show an entry, the cursor on the path where it was, if the entry has that."""
        path, self.entry = self.path, entry
        self.draw(self._lines_of)
        self._stand_on(path)

    def say(self, make: Callable[[Size], list[Line]]) -> None:
        """What stands in place of an entry, at a size."""
        self.entry, self._parts, self._cursor = {}, [], 0
        self.mark(None)
        self.draw(make)

    def action_move(self, lines: int) -> None:
        """Down by so many lines, up by a negative number."""
        if self._parts:
            self._put_cursor(self._cursor + lines)
        else:
            self.scroll_lines(self.top + lines)

    def action_page(self, pages: int) -> None:
        """Down by so many times what is in view."""
        self.action_move(pages * max(1, self.size.height - 1))

    def action_switch(self) -> None:
        """Fold the value under the cursor, or unfold it."""
        if self.path in self._folded:
            self.action_unfold()
        elif self._parts and can_fold(self.value):
            self._refold(self._folded | {self.path}, self.path)

    def action_fold(self) -> None:
        """Fold the value under the cursor; where there is nothing to fold, go to the one that it is in."""
        path = self.path
        if self._parts and can_fold(self.value) and path not in self._folded:
            self._refold(self._folded | {path}, path)
        elif path:
            self._stand_on(path[:-1])

    def action_unfold(self) -> None:
        """Unfold the value under the cursor."""
        if self.path in self._folded:
            self._refold(self._folded - {self.path}, self.path)

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a second one folds."""
        line = event.y + self.top
        if line >= len(self._parts):
            return
        if line == self._cursor and event.chain > 1:
            self.action_switch()
        else:
            self._put_cursor(line)

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """Scroll on."""
        self.action_move(WHEEL_LINES)

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """Scroll back."""
        self.action_move(-WHEEL_LINES)

    def on_resize(self) -> None:
        """Other lines than before: the cursor stays on its value."""
        if self._parts:
            path = self.path
            self._fit()
            self._stand_on(path)

    def _lines_of(self, size: Size) -> list[Line]:
        self._parts = entry_lines(self.entry, size.width, self._folded)
        return [part.line for part in self._parts]

    def _refold(self, folded: set[Path], path: Path) -> None:
        self._folded = folded
        self.draw(self._lines_of)
        self._stand_on(path)

    def _stand_on(self, path: Path) -> None:
        self._put_cursor(next((at for at, part in enumerate(self._parts) if part.path == path), 0))

    def _put_cursor(self, line: int) -> None:
        self._cursor = max(0, min(line, len(self._parts) - 1))
        self.mark(self._cursor, "cursor")
        height = self.size.height
        if self._cursor < self.top:
            self.scroll_lines(self._cursor)
        elif self._cursor >= self.top + height > 0:
            self.scroll_lines(self._cursor - height + 1)
        self.post_message(self.Moved())
