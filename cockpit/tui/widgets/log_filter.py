"""The line a log is filtered in: what matches is shown while one types, and an error stands under its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from cockpit.text import clean, width
from cockpit.tui.lines import Line, Span
from cockpit.tui.views.log_filter import complaint, offered
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from cockpit.logs.query.completion import Completion
    from cockpit.logs.query.error import QueryError

HINT = 'words, "a phrase", /regex/, severity>=ERROR, status:5xx · enter keeps · esc drops'


class LogFilter(Widget):
    """Closed until `open`. `Typed` tells of every change, `Kept` and `Dropped` how it was closed."""

    DEFAULT_CSS: ClassVar[str] = """
    LogFilter { dock: bottom; height: auto; display: none; }
    LogFilter Input, LogFilter Input:focus { height: 1; border: none; padding: 0 1; background: $panel; }
    LogFilter LineView { height: 1; background: $panel; }
    LogFilter #offered { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "drop", show=False),
        Binding("tab", "take", show=False, priority=True),
        Binding("down", "choose(1)", show=False),
        Binding("up", "choose(-1)", show=False),
    ]

    class Typed(Message):
        """Another text stands in the line; `cursor` is where one types, in characters from 0."""

        def __init__(self, words: str, cursor: int) -> None:
            super().__init__()
            self.words = words
            self.cursor = cursor

    class Kept(Message):
        """Enter: what is typed stays in force."""

    class Dropped(Message):
        """Escape: what was in force before is wanted again."""

    def __init__(self) -> None:
        super().__init__()
        self._input = Input(placeholder=HINT, compact=True, select_on_focus=False)
        self._told = LineView(id="told")
        self._offered = LineView(id="offered")
        self._next: Completion | None = None
        self._chosen = 0
        self._is_wrong = False

    def compose(self) -> ComposeResult:
        """What is typed, what there is to say of it, and what can be typed next."""
        yield self._input
        yield self._told
        yield self._offered

    @property
    def is_open(self) -> bool:
        """Whether somebody types."""
        return bool(self.display)

    def open(self, words: str) -> None:
        """Begin to type, from what is in force."""
        if not self.is_open:
            self.display = True
            with self.prevent(Input.Changed):
                self._input.value = words
            self._input.cursor_position = len(words)
            self.tell("")
        # At once: `focus` would do it later, and what is typed meanwhile would go elsewhere.
        self.screen.set_focus(self._input)

    def close(self) -> None:
        """Type no more."""
        self.display = False

    def complain(self, error: QueryError) -> None:
        """Say at its place why what is typed is no query."""
        self._is_wrong = True
        before = self._input.value[: error.position]
        at = 1 + width(clean(before)) - self._input.scroll_offset.x
        self._told.draw(lambda size: [complaint(error, at, size.width)])

    def tell(self, counted: str) -> None:
        """Say how much matches; `counted` is clean."""
        self._is_wrong = False
        self._told.draw(lambda _: [Line((Span(f" {counted}", "muted"),))])

    def count(self, counted: str) -> None:
        """Say that more or less matches, unless there is something wrong to say."""
        if not self._is_wrong:
            self.tell(counted)

    def offer(self, following: Completion) -> None:
        """Offer what can be typed next."""
        self._next, self._chosen = following, 0
        self._offered.display = bool(following.candidates)
        self._draw_offered()

    def action_choose(self, by: int) -> None:
        """Choose another of what is offered."""
        if self._next is not None and self._next.candidates:
            self._chosen = (self._chosen + by) % len(self._next.candidates)
            self._draw_offered()

    def action_take(self) -> None:
        """Type what is chosen."""
        following, text = self._next, self._input.value
        if following is None or not following.candidates:
            return
        taken = following.candidates[self._chosen].text
        self._input.value = text[: following.start] + taken + text[following.end :]
        self._input.cursor_position = following.start + len(taken)

    def action_drop(self) -> None:
        """Close, and leave everything as it was before."""
        self.close()
        self.post_message(self.Dropped())

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell of it."""
        event.stop()
        self.post_message(self.Typed(event.value, self._input.cursor_position))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close, and keep what is typed; what is no query stays open, with the reason below it."""
        event.stop()
        if not self._is_wrong:
            self.close()
            self.post_message(self.Kept())

    def _draw_offered(self) -> None:
        candidates = self._next.candidates if self._next is not None else ()
        self._offered.draw(lambda size: [offered(candidates, self._chosen, size.width)])
