"""A file's log on the whole screen: which file, its entries, and the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cockpit.text import clean
from cockpit.tui.keys import bindings
from cockpit.tui.lines import Line, Span, spread
from cockpit.tui.screens.logs import LogsScreen
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from cockpit.tui.keys import Keymap
    from cockpit.tui.log_reader import LogReader


class FileLogScreen(LogsScreen, inherit_bindings=False):
    """Shows the log of one file of several; the app leads from one to the next."""

    DEFAULT_CSS: ClassVar[str] = """
    FileLogScreen > #file { dock: top; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(
        ["help", "palette", "quit", "theme", "next_pane", "previous_pane"]
    )
    FIRST_KEYS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("help", "help"),
        ("palette", "actions"),
        ("quit", "quit"),
    )

    def __init__(self, keymap: Keymap) -> None:
        super().__init__(None, keymap=keymap)
        self._file = LineView(id="file")
        self._next = keymap.shown("next_pane")

    def compose(self) -> ComposeResult:
        """The file's name over the log."""
        yield self._file
        yield from super().compose()

    def read(self, reader: LogReader | None, name: str, index: int, count: int) -> None:
        """Show the log of file `index`, from 0, of `count`."""
        place = (Span(f"{self._next} next · file {index + 1} of {count} ", "muted"),) if count > 1 else ()
        named = (Span(f" {clean(name)}", "accent bold"),)
        self._file.draw(lambda size: [Line(spread(named, place, size.width))])
        self.pane.read(reader)

    def leave(self) -> None:
        """There is nothing behind it to go back to: quitting has a key of its own."""
