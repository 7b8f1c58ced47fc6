"""One log entry in full: its JSON, every value of it to copy or to filter by, and the entries before and after."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content

from cockpit.live.problems import problem_of
from cockpit.logs.entry import Flag
from cockpit.logs.query.error import QueryError
from cockpit.sources.errors import SourceError
from cockpit.text import clean, shorten
from cockpit.tui.lines import Line, Span, told
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.views.log_entry import copied, path_text
from cockpit.tui.views.log_entry_head import head
from cockpit.tui.views.log_terms import beside, term
from cockpit.tui.widgets.line_view import LineView
from cockpit.tui.widgets.log_entry import EntryTree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.app import ComposeResult

    from cockpit.logs.entry import Row
    from cockpit.tui.log_reader import LogReader

KEYS = "⏎ folds · y copy · Y copy all · F filter · n N next · t trace · i instance · esc"
FIRST = ("textPayload", "jsonPayload", "protoPayload", "httpRequest", "severity", "timestamp")
"""What one looks for in an entry; the rest stands behind it, as it was logged."""
JOINED = "joined text"
"""The name of what several entries said together, beside what the first of them said."""


class LogEntryScreen(Dialog[None]):
    """The entry that a reader stands on. The reader goes along with n and N; one that followed does so again."""

    DEAF_SECONDS: ClassVar[float] = 0.0
    DEFAULT_CSS: ClassVar[str] = """
    LogEntryScreen {
        #frame { height: 100%; max-width: 160; }
        &.-lofty #frame { height: 90%; padding: 0 1; }
        #head { height: 1; background: $surface; }
        EntryTree { height: 1fr; margin-top: 1; background: $surface; }
        &.-short EntryTree { margin-top: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", show=False),
        Binding("n", "step(1)", show=False),
        Binding("N,p", "step(-1)", show=False),
        Binding("y", "copy", show=False),
        Binding("Y", "copy_all", show=False),
        Binding("F", "filter", show=False),
        Binding("t", "visit_trace", show=False),
        Binding("i", "visit_instance", show=False),
    ]
    AUTO_FOCUS = "EntryTree"

    def __init__(self, reader: LogReader, row: Row, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__("Entry", clock=clock)
        self._reader = reader
        self._row = row
        self._follow_again = reader.following
        self._head = LineView(id="head")
        self._tree = EntryTree()

    def content(self) -> ComposeResult:
        """What it is in a line or two, and all of it."""
        yield self._head
        yield self._tree

    def on_mount(self) -> None:
        """Stay on this entry, whatever comes."""
        self.query_one("#frame").border_subtitle = Content(KEYS)
        self._reader.pause()
        self._read()

    def action_leave(self) -> None:
        """Back to the log; who followed it follows again."""
        if self._follow_again:
            self._reader.follow()
        self.dismiss(None)

    def action_step(self, direction: int) -> None:
        """The next entry that is shown in the log, or the one before."""
        index = self._reader.index + direction
        row = self._reader.row_at(index)
        if row is None:
            self._say("This is the newest entry." if direction > 0 else "This is the oldest entry at hand.")
            return
        self._follow_again = False
        self._reader.go(index)
        self._row = row
        self._read()

    def action_copy(self) -> None:
        """Copy the value under the cursor."""
        if self._tree.entry:
            self._copy(self._tree.value, path_text(self._tree.path) or "the entry")

    def action_copy_all(self) -> None:
        """Copy the entry as JSON."""
        if self._tree.entry:
            self._copy(self._tree.entry, "the entry")

    def action_filter(self) -> None:
        """Filter the log by the value under the cursor, beside what it is filtered by."""
        if not self._tree.entry:
            return
        path = self._tree.path
        more = term(path, self._tree.value, self._row)
        if not more:
            self._say(f"The filter has no word for {path_text(path) or 'all of an entry'}.", "warning")
            return
        try:
            self._reader.look_for(beside(self._reader.scope.words, more))
        except QueryError as error:
            self._say(f"{error}: {error.mend}", "warning")
            return
        self.dismiss(None)

    def action_visit_trace(self) -> None:
        """Everything of the entry's trace."""
        if self._row.trace:
            self._reader.visit(trace=self._row.trace)
            self.dismiss(None)
        else:
            self._say("This entry belongs to no trace.")

    def action_visit_instance(self) -> None:
        """Everything of the entry's instance."""
        if self._row.instance:
            self._reader.visit(instance=self._row.instance)
            self.dismiss(None)
        else:
            self._say("This entry names no instance.")

    def on_entry_tree_moved(self) -> None:
        """The frame says where the cursor is."""
        path = path_text(self._tree.path)
        self.query_one("#frame").border_title = Content(f"Entry{f' · {path}' if path else ''}")

    @work(exclusive=True)
    async def _read(self) -> None:
        row = self._row
        self._head.styles.height = len(head(row, self.size.width))
        self._head.draw(lambda size: head(row, size.width))
        try:
            payload = await self._reader.logs.payload(row.id)
        except KeyError:
            self._miss("This entry has left: it was among the oldest, and there is room for so many only.", row)
        except SourceError as error:
            problem = problem_of(error)
            self._miss(f"{problem.text}{f': {problem.mend}' if problem.mend else ''}", row)
        else:
            self._tree.show(_in_order(payload, row))

    def _miss(self, why: str, row: Row) -> None:
        """Why there is no entry, and what the log had of it."""
        self._tree.say(lambda size: [*told([clean(why)], size.width, "warn"), Line(), *_text(row)])

    def _copy(self, value: object, what: str) -> None:
        try:
            text = copied(value)
        except ValueError as error:
            self._say(f"Not copied: {error}; w writes entries to a file.", "warning")
            return
        self.app.copy_to_clipboard(text)
        self._say(f"Copied: {shorten(what, 60)}")

    def _say(self, text: str, severity: str = "information") -> None:
        self.notify(clean(text), severity="warning" if severity == "warning" else "information", markup=False)


def _in_order(payload: Mapping[str, object], row: Row) -> Mapping[str, object]:
    """An entry with what it says before all else; what several say together, in one, even before that."""
    joined = Flag.TRACEBACK in row.flags and payload.get("textPayload") != row.text
    first = {name: payload[name] for name in FIRST if name in payload}
    return {**({JOINED: row.text} if joined else {}), **first, **payload}


def _text(row: Row) -> list[Line]:
    return [Line((Span(f" {clean(line)}"),)) for line in row.text.split("\n")]
