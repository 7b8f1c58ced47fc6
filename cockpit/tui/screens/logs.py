"""A log on the whole screen: the service's, or a file's."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.screen import Screen

from cockpit.actions.time import AT_LARGE
from cockpit.tui.keys import DEFAULT_KEYMAP, bindings
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.line_view import LineView
from cockpit.tui.widgets.log_pane import LogPane

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from cockpit.tui.keys import Keymap
    from cockpit.tui.log_reader import LogReader
    from cockpit.tui.surroundings import Surroundings

_KEYS = (
    ("log_filter", "filter"),
    ("log_follow", "follow"),
    ("log_next_error", "error"),
    ("log_next", "match"),
    ("log_entry", "entry"),
    ("log_trace", "trace"),
    ("log_instance", "instance"),
    ("log_back", "back"),
    ("log_revision", "revision"),
    ("log_wrap", "wrap"),
    ("log_columns", "columns"),
    ("log_time", "time"),
    ("log_copy", "copy"),
    ("log_histogram", "histogram"),
    ("log_digest", "digest"),
    ("log_write", "write"),
    ("log_bookmark", "bookmark"),
    ("log_next_bookmark", "next bookmark"),
)


class WholeLog(LogPane):
    """A log with a screen of its own."""

    NUMBER: ClassVar[int] = 0


class LogsScreen(Screen[None]):
    """A reader's log as large as the terminal; one leaves it at the place that one went to."""

    ACTION: ClassVar[str] = "whole_logs"
    DEFAULT_CSS: ClassVar[str] = """
    LogsScreen { background: $background; layout: vertical; }
    LogsScreen > LineView { height: 1; dock: bottom; background: $panel; }
    LogsScreen WholeLog { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(["whole_logs"], "screen.leave"),
        *bindings([*AT_LARGE, "cursor_left", "cursor_right", "earlier", "later"]),
        Binding("q", "leave('whole_logs')", show=False),
    ]
    FIRST_KEYS: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Actions that are named before those of the log, and a word for each."""

    def __init__(
        self, reader: LogReader | None, around: Surroundings | None = None, keymap: Keymap = DEFAULT_KEYMAP
    ) -> None:
        super().__init__()
        self.pane = WholeLog(keymap.shown("log_back"))
        if around is not None:
            self.pane.surround(around)
        self._reader = reader
        self._keymap = keymap
        self._keys = LineView()

    def compose(self) -> ComposeResult:
        """The log, and its keys."""
        yield self.pane
        yield self._keys

    def on_mount(self) -> None:
        """At the place where the reader is."""
        self.pane.read(self._reader)
        self.pane.hands.focus()
        keys = ((f" {self._keymap.shown(action)} ", f"{word} ") for action, word in (*self.FIRST_KEYS, *_KEYS))
        spans = tuple(span for key, word in keys for span in (Span(key, "accent bold"), Span(word)))
        self._keys.draw(lambda _: [Line(spans)])

    def on_log_pane_left(self, event: LogPane.Left) -> None:
        """Nothing is left to go back from but the screen."""
        event.stop()
        self.leave()

    def leave(self) -> None:
        """Back to where it was opened."""
        self.dismiss(None)

    def action_leave(self, _action: str) -> None:
        """The key that opened it leads back."""
        self.leave()
