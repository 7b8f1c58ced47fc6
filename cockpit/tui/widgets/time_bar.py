"""The line a moment is typed in, to go there: what is none is said in place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from cockpit.text import clean
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

HINT = "14:05 · 14:05:30 · -10m · +30s · 2026-11-21T14:05 · ⏎ goes there · esc leaves"


class TimeBar(Widget):
    """Over the footer while it is used: enter tells the moment, escape leaves.

    `here` is the moment that is shown, from which +30s and -10m are reckoned, `newest` the last there is: a time
    of the day is the latest that has been until then. Both are epoch seconds.
    """

    DEFAULT_CSS: ClassVar[str] = """
    TimeBar { dock: bottom; height: auto; }
    TimeBar Input, TimeBar Input:focus { height: 1; border: none; padding: 0 1; background: $panel; }
    TimeBar LineView { height: 1; background: $panel; display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c", "leave", show=False)]

    class Typed(Message):
        """A moment was typed, epoch seconds."""

        def __init__(self, at: float) -> None:
            super().__init__()
            self.at = at

    def __init__(self, here: float, newest: float) -> None:
        super().__init__()
        self._here = here
        self._newest = newest
        self._input = Input(placeholder=HINT, compact=True)
        self._wrong = LineView()
        self._before: Widget | None = None

    def compose(self) -> ComposeResult:
        """What is typed, and what is wrong with it."""
        yield self._wrong
        yield self._input

    def on_mount(self) -> None:
        """Typing begins at once."""
        self._before = self.screen.focused
        self.screen.set_focus(self._input)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong is being mended."""
        event.stop()
        self._wrong.display = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go there, or say why that is nowhere."""
        from cockpit.logs.moment import SECOND
        from cockpit.logs.query.moments import WISHES, wished

        event.stop()
        here, now = round(self._here * SECOND), round(self._newest * SECOND)
        zone = datetime.fromtimestamp(self._newest, UTC).astimezone().tzinfo
        try:
            at = wished(event.value.strip(), here=here, now=now, zone=zone or UTC)
        except ValueError as error:
            said = Line((Span(f" {clean(str(error))}", "bad"), Span(f"  {WISHES}", "muted")))
            self._wrong.display = True
            self._wrong.draw(lambda _size: [said])
            return
        self.post_message(self.Typed(at / SECOND))
        self.action_leave()

    def action_leave(self) -> None:
        """The focus is where it was before the line goes: else Textual would look for the next best."""
        self.screen.set_focus(self._before)
        self.remove()
