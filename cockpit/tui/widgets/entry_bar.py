"""A line to type something in, over the footer while it is used: what is wrong with it is said in place."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input

from cockpit.text import clean
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.screen import Screen


class WrongEntryError(Exception):
    """What was typed is of no use: `str(error)` says why, `mend` what to type."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


class EntryBar(Widget, can_focus=True):
    """Enter takes what was typed and leaves, escape leaves. `hint` stands there until something is typed."""

    DEFAULT_CSS: ClassVar[str] = """
    EntryBar { dock: bottom; height: auto; }
    EntryBar Input, EntryBar Input:focus { height: 1; border: none; padding: 0 1; background: $panel; }
    EntryBar LineView { height: 1; background: $panel; display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c", "leave", show=False)]

    def __init__(self, hint: str) -> None:
        super().__init__()
        self._input = Input(placeholder=hint, compact=True)
        self._wrong = LineView()
        self._before: Widget | None = None

    @abstractmethod
    def take(self, text: str) -> None:
        """Take what was typed. Raises WrongEntryError."""

    def open_on(self, screen: Screen[Any]) -> None:
        """Come over a screen. What is typed meanwhile is kept for the line."""
        self._before = screen.focused
        screen.mount(self)
        screen.set_focus(self)

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 - a Widget's own
        """Before the line is there its keys have no other meaning, either: the app hands them on to it."""
        return key not in {"escape", "ctrl+c"}

    def compose(self) -> ComposeResult:
        """What is typed, and what is wrong with it."""
        yield self._wrong
        yield self._input

    def on_mount(self) -> None:
        """Now the line takes the keys."""
        self.screen.set_focus(self._input)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong is being mended."""
        event.stop()
        self._wrong.display = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take it, or say what is wrong."""
        event.stop()
        try:
            self.take(event.value.strip())
        except WrongEntryError as error:
            said = Line((Span(f" {clean(str(error))}", "bad"), Span(f"  {clean(error.mend)}", "muted")))
            self._wrong.display = True
            self._wrong.draw(lambda _size: [said])
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """The focus is where it was before the line goes: else Textual would look for the next best."""
        self.screen.set_focus(self._before)
        self.remove()
