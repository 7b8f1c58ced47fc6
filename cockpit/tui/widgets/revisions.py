"""The revisions pane: a table with a cursor that stays on its revision, a filter, and retired ones folded."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from cockpit.text import clean
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from textual import events
    from textual.geometry import Size
    from textual.timer import Timer

    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.views.revision_rows import Row

REST_SECONDS = 0.03


class Revisions(Pane):
    """Which revisions there are and how they stand."""

    HEAD: ClassVar[int] = 1

    NUMBER: ClassVar[int] = 1
    NAME: ClassVar[str] = "Revisions"

    class Selected(Message):
        """The cursor has come to rest on another revision; `by_reader`: it was moved there by key or by mouse."""

        def __init__(self, revision: str, *, by_reader: bool) -> None:
            super().__init__()
            self.revision = revision
            self.by_reader = by_reader

    class Chosen(Message):
        """The revision under the cursor was clicked again."""

    def __init__(self, fold_key: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self.rows: list[Row] = []
        self.selected = ""
        self.wanted = ""
        self.unfolded = False
        self._fold_key = fold_key
        self._cursor = 0
        self._chosen = ""
        self._every: list[Row] = []
        self._folded = 0
        self._slots: Mapping[str, int] = {}
        self._resting: Timer | None = None
        self._by_reader = False

    def picture(self, snapshot: Snapshot, slots: Mapping[str, int] | None = None) -> None:
        """Show the revisions of a snapshot in the colours of `slots`."""
        from cockpit.tui.views.revision_rows import rows

        self._slots = slots or {}
        self._every = rows(snapshot)
        self._arrange()

    def filter_by(self, wanted: str) -> None:
        """Show only what contains every word."""
        self.wanted = wanted
        self._arrange()

    def fold(self) -> None:
        """Show retired revisions, or fold them away again."""
        self.unfolded = not self.unfolded
        self._arrange()

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.rows[self._cursor] if self.rows else None

    def move(self, lines: int) -> None:
        """Move the cursor."""
        self._choose(self._cursor + lines)

    def scroll_by_wheel(self, lines: int) -> None:
        """The wheel moves the cursor a row at a time, so that it never leaves the view."""
        self.move(1 if lines > 0 else -1)

    def landmarks(self) -> Iterator[tuple[int, Callable[[], object]]]:
        """Every revision in view."""
        for index in range(self.top, len(self.rows)):
            if (y := index - self.top + self.HEAD) < self.size.height:
                yield y, partial(self._choose, index)

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._put_cursor(self._cursor)

    def watch_has_focus(self, has_focus: bool) -> None:
        """The cursor stands out in the pane that has the focus, and steps back elsewhere."""
        super().watch_has_focus(has_focus)
        self._mark_cursor()

    def on_click(self, event: events.Click) -> None:
        """Select; a second click on the selected row opens it, one on the fold unfolds."""
        y = event.y - self.gutter.top
        index = self.index_at(y) - self.HEAD
        if y < self.HEAD or index > len(self.rows):
            return
        if index == len(self.rows):
            if self._folded:
                self.fold()
        elif index == self._cursor and event.chain > 1:
            self.post_message(self.Chosen())
        else:
            self._choose(index)

    def _choose(self, index: int) -> None:
        self._by_reader = True
        self._put_cursor(index)
        self._chosen = self.selected

    def _arrange(self) -> None:
        """Filter, fold and draw, and keep the cursor on its revision, or near where it was.

        One that the reader chose has it again when it is back: at other moments there are other revisions.
        """
        from cockpit.tui.views.revision_rows import visible

        self.rows, self._folded = visible(self._every, self.wanted, unfolded=self.unfolded)
        self.draw(self._lines)
        places = {row.name: at for at, row in enumerate(self.rows)}
        self._put_cursor(places.get(self._chosen, places.get(self.selected, self._cursor)))
        self._entitle()

    def _lines(self, size: Size) -> list[Line]:
        from cockpit.tui.views.revision_table import Table, fold_line

        table = Table(self.rows, self._slots, size.width)
        lines = [table.head(differs=any(row.asked != row.serving for row in self._every))]
        lines += [table.line(row) for row in self.rows]
        if self._folded:
            lines.append(fold_line(self._folded, self._fold_key))
        if not self.rows:
            lines.append(
                Line((Span("    no revision matches" if self.wanted else "    no revisions yet", "muted"),))
            )
        return lines

    def _put_cursor(self, index: int) -> None:
        self._cursor = max(0, min(index, len(self.rows) - 1))
        name = self.rows[self._cursor].name if self.rows else ""
        if name != self.selected:
            self.selected = name
            self._rest()
        self._keep_in_view()
        self._mark_cursor()
        self.note_place()

    def _rest(self) -> None:
        """Tell of the new selection once the cursor rests: what follows it must not hold up the next key."""
        if self._resting is not None:
            self._resting.stop()
        if self.is_mounted:
            self._resting = self.set_timer(REST_SECONDS, self._tell)

    def _tell(self) -> None:
        self.post_message(self.Selected(self.selected, by_reader=self._by_reader))
        self._by_reader = False

    def _mark_cursor(self) -> None:
        self.mark(self._cursor + self.HEAD if self.rows else None, "cursor" if self.has_focus else "cursor-dim")

    def _keep_in_view(self) -> None:
        """Let the window follow the cursor; from the last row on, the fold below it is in view too."""
        room = self.size.height - self.HEAD
        last = self._cursor + (1 if self._folded and self._cursor == len(self.rows) - 1 else 0)
        if self._cursor < self.top:
            self.scroll_lines(self._cursor)
        elif 0 < room <= last - self.top:
            self.scroll_lines(last - room + 1)

    def _entitle(self) -> None:
        if self.wanted:
            self.title(f"{len(self.rows)} of {len(self._every)} match “{clean(self.wanted)}”")
        else:
            self.title(str(len(self._every) or ""))
