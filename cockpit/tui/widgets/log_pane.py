"""The log pane: entries as they come or as they were, a filter, and a map of the errors at its edge."""

from __future__ import annotations

import time
from contextvars import Context, copy_context
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from cockpit.tui.keys import bindings
from cockpit.tui.layout import LOGS
from cockpit.tui.surroundings import Surroundings
from cockpit.tui.views.log_frame import Count, absence, below, counted, standing, title
from cockpit.tui.views.log_line import LogLines
from cockpit.tui.views.log_names import short_names
from cockpit.tui.widgets.framed import WHEEL_LINES, Framed
from cockpit.tui.widgets.log_deeds import DEEDS
from cockpit.tui.widgets.log_filter import LogFilter
from cockpit.tui.widgets.log_histogram import LogHistogram
from cockpit.tui.widgets.log_minimap import LogMinimap
from cockpit.tui.widgets.log_rows import LogRows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widget import Widget

    from cockpit.logs.entry import Row
    from cockpit.tui.log_reader import LogReader
    from cockpit.tui.log_scope import Scope

FRAME = 0.1
"""Seconds between two pictures of what comes by itself; what a key does is shown at once."""
FLOOD_FRAME = 0.25
"""The same while all that is in view is another page within a second, which nobody reads."""
MAP_SECONDS = 1.0
"""Seconds between two maps of the errors."""
MAP_SHARE = 50
"""At least so many times as long as a map takes passes until the next: it is to cost next to nothing."""

NOT_LOADED = "the log is not loaded yet"


class LogPane(Framed):
    """Shows where a reader of a log is; several panes may show the same reader.

    It draws while it is in view: what a key does at once, what comes by itself at most ten times a second, and
    less often where that is more than anybody reads.
    """

    NUMBER: ClassVar[int] = LOGS
    NAME: ClassVar[str] = "Logs"
    BINDINGS: ClassVar[list[BindingType]] = bindings(DEEDS, "take")
    DEFAULT_CSS: ClassVar[str] = "LogPane { layout: vertical; }"

    class Told(Message):
        """There is something to tell the reader, in a line of clean text."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Chosen(Message):
        """All of an entry is wanted."""

        def __init__(self, reader: LogReader, row: Row) -> None:
            super().__init__()
            self.reader = reader
            self.row = row

    class ColumnsWanted(Message):
        """The columns are to be chosen."""

        def __init__(self, reader: LogReader) -> None:
            super().__init__()
            self.reader = reader

    class WriteWanted(Message):
        """What is shown is to be written to a file."""

        def __init__(self, reader: LogReader, around: Surroundings) -> None:
            super().__init__()
            self.reader = reader
            self.around = around

    class MomentWanted(Message):
        """Everything is to show the moment of an entry, epoch seconds."""

        def __init__(self, at: float) -> None:
            super().__init__()
            self.at = at

    class LetGo(Message):
        """The reader looked at another moment, and wants to see what is newest."""

    class DigestWanted(WriteWanted):
        """What is shown is to be summed up."""

    class Left(Message):
        """Back was wanted, and there is nothing in the pane to go back from."""

    def __init__(
        self,
        back_key: str = "esc",
        *,
        clock: Callable[[], float] = time.monotonic,
        id: str | None = None,  # noqa: A002 - Textual's own word
    ) -> None:
        super().__init__(id=id)
        self.reader: LogReader | None = None
        self.around = Surroundings()
        self.histogram = LogHistogram(wanted=not self.NUMBER)
        self.rows = LogRows()
        self.filter = LogFilter()
        self._map = LogMinimap()
        self._back_key = back_key
        self._clock = clock
        self._within: Context | None = None
        self._stop: Callable[[], None] | None = None
        self._due = False
        self._drawn_at = self._map_due = 0.0
        self._drawn_to = 0
        self._frame = FRAME
        self._errors: Sequence[int] = ()
        self._mapped: tuple[Scope | None, int] = None, 0
        self._names: Mapping[str, str] = {}
        self._before: Scope | None = None

    def compose(self) -> ComposeResult:
        """The map at the right, the volume above the entries, the filter below them."""
        yield self._map
        yield self.histogram
        yield self.rows
        yield self.filter

    def on_mount(self) -> None:
        """Ages, and the map, go on without anything that comes."""
        self._within = copy_context()
        self.set_interval(MAP_SECONDS, self._changed)
        self.draw()

    @property
    def hands(self) -> Widget:
        """The entries have the focus."""
        return self.rows

    def read(self, reader: LogReader | None) -> None:
        """Show another reader, or none."""
        self._leave()
        self.reader, self._mapped = reader, (None, 0)
        if reader is not None:
            self._stop = reader.listen(self._changed)
        if self.is_mounted:
            self.draw()

    def surround(self, around: Surroundings) -> None:
        """Something around the log is another one. What its time alone changes is drawn with the next picture."""
        same = replace(around, at=self.around.at) == self.around
        self.around = around
        if self.is_mounted and not same:
            self.draw()

    def on_unmount(self) -> None:
        """Listen no more."""
        self._leave()

    def take(self, action: str) -> None:
        """Take one of the pane's actions."""
        reader = self.reader
        if reader is None:
            self.tell(NOT_LOADED)
        else:
            DEEDS[action](self, reader)
            self.draw()

    def action_take(self, action: str) -> None:
        """A key of the pane."""
        self.take(action)

    def move(self, lines: int) -> None:
        """Down by so many entries, up by a negative number."""
        if self.reader is not None:
            self.reader.move(lines)
            self.draw()

    def page(self, pages: int) -> None:
        """Down by so many times what is in view."""
        self.move(pages * max(1, self.rows.size.height - 1))

    def move_to_end(self, direction: int) -> None:
        """To the oldest entry for -1; for 1 to the newest one, and follow it: for who looks back, back to now."""
        if self.reader is None:
            return
        if direction > 0 and self.reader.moment is not None:
            self.post_message(self.LetGo())
        elif direction > 0:
            self.reader.follow()
        elif self.reader.index == 0 and not self.reader.following:
            self.reader.ask_older()
        else:
            self.reader.go(0)
        self.draw()

    def scroll_by_wheel(self, lines: int) -> None:
        """What is in view moves, and what one stands on only if it must."""
        self.rows.wheel(WHEEL_LINES if lines > 0 else -WHEEL_LINES)
        self.draw()

    def tell(self, text: str) -> None:
        """Say something to the reader; `text` is clean."""
        self.post_message(self.Told(text))

    def open_filter(self) -> None:
        """Open the line a filter is typed in, or go back to it."""
        if self.reader is not None:
            self._before = self.reader.scope
            self.filter.open(self.reader.scope.words)
            self._offer(self.reader.scope.words, len(self.reader.scope.words))

    def toggle_histogram(self) -> None:
        """Show the volume along time and go there; from there, hide it."""
        histogram = self.histogram
        histogram.wanted = not (histogram.wanted and histogram.has_focus)
        histogram.fit(self.size.height)
        if histogram.display:
            histogram.focus()
        else:
            self.rows.focus()
            if histogram.wanted:
                self.tell("there is no room for the histogram: l gives the log the whole screen")

    def on_log_histogram_let_go(self, event: LogHistogram.LetGo) -> None:
        """Back to the entries."""
        event.stop()
        self.rows.focus()

    def on_resize(self) -> None:
        """There may be room for more, or no more."""
        self.histogram.fit(self.size.height)

    def on_log_rows_fitted(self, event: LogRows.Fitted) -> None:
        """There is room for other entries: what stands around them is about those."""
        event.stop()
        self.draw()

    def on_log_filter_typed(self, event: LogFilter.Typed) -> None:
        """Show what matches while somebody types."""
        from cockpit.logs.query.error import QueryError

        event.stop()
        if self.reader is None:
            return
        try:
            self.reader.look_for(event.words)
        except QueryError as error:
            self.filter.complain(error)
        else:
            self.filter.tell(counted(self._count()))
        self._offer(event.words, event.cursor)
        self.draw()

    def _offer(self, words: str, cursor: int) -> None:
        from cockpit.logs.query.completion import complete

        if self.reader is not None:
            names = self.reader.logs.store.names
            tables = ("revision", "instance", "log", "method", "agent")
            at_hand = {name: getattr(names, name).names[:0:-1] for name in tables}
            self.filter.offer(complete(words, cursor, at_hand))

    def on_log_filter_kept(self, event: LogFilter.Kept) -> None:
        """Back to the entries."""
        event.stop()
        self.rows.focus()
        self.draw()

    def on_log_filter_dropped(self, event: LogFilter.Dropped) -> None:
        """Back to the entries as they were."""
        event.stop()
        if self.reader is not None and self._before is not None:
            self.reader.look_in(self._before)
        self.rows.focus()
        self.draw()

    def on_log_minimap_wanted(self, event: LogMinimap.Wanted) -> None:
        """A part of the log was clicked."""
        event.stop()
        if self.reader is not None:
            self.reader.go(int(event.share * len(self.reader.ids)))
            self.draw()

    def on_click(self, event: events.Click) -> None:
        """A second click on an entry opens it."""
        if event.widget is self.rows and event.chain == 2:
            self.take("log_entry")

    def on_show(self) -> None:
        """In view again."""
        self.draw()

    def _leave(self) -> None:
        if self._stop is not None:
            self._stop()
            self._stop = None

    def _changed(self) -> None:
        """Something came: draw it, but not more often than anybody can see."""
        if self._due or self._within is None:
            return
        self._due = True
        wait = max(0.001, self._drawn_at + self._frame - self._clock())
        # Whoever reads the log may have begun before there was an app, and Textual's timers want one around them.
        self._within.run(self.set_timer, wait, self._draw_if_seen)

    def _draw_if_seen(self) -> None:
        self._due = False
        if self.display and (self.screen is self.app.screen or self.app.screen.is_modal):
            self.draw()

    def draw(self) -> None:
        """Show where the reader is now, in the frame as well."""
        before, self._drawn_at = self._drawn_at, self._clock()
        reader, count = self.reader, self._count()
        if reader is None:
            self.rows.say(absence(None, None, count, self._back_key))
            self.rows.picture(None, None)
            self.histogram.picture(None)
            self.title()
            return
        state, end = reader.logs.state, reader.logs.store.end
        a_second = (end - self._drawn_to) / max(FRAME, self._drawn_at - before)
        self._frame = FLOOD_FRAME if a_second > self.rows.size.height else FRAME
        self._drawn_to = end
        self.rows.say(absence(state, reader.scope, count, self._back_key))
        self.rows.picture(reader, self._lines(reader))
        self._draw_map(reader)
        first, last = self.rows.in_view
        self.histogram.picture(reader, reader.span(first, last))
        if self.filter.is_open:
            self.filter.count(counted(count))
        self.say_below(below(state, count, self.around.at, at_oldest=first == 0))
        shown = title(reader.scope, lambda name: self._names.get(name, name))
        bare = self.styles.border.top[0] in {"", "none"}
        self.title(" · ".join(filter(None, (shown, standing(count) if bare else ""))))

    def _count(self) -> Count:
        reader = self.reader
        if reader is None:
            return Count(0, 0)
        store = reader.logs.store
        return Count(
            len(reader.ids),
            len(store),
            store.dropped,
            reader.new,
            reader.following,
            reader.searching,
            None if reader.moment is None else reader.later,
        )

    def _lines(self, reader: LogReader) -> LogLines:
        known = reader.logs.store.names.revision.names
        if len(known) != len(self._names) + 1:
            self._names = short_names(known, self.around.service)
        return LogLines(
            reader.look,
            self.rows.size.width,
            names=self._names,
            slots=self.around.slots,
            dated=reader.spans_days(),
            marks=reader.marks,
        )

    def _draw_map(self, reader: LogReader) -> None:
        now, parts = self._clock(), self._map.size.height
        if now >= self._map_due or (reader.scope, parts) != self._mapped:
            self._mapped = reader.scope, parts
            self._errors = reader.errors(parts)
            took = self._clock() - now
            self._map_due = now + max(MAP_SECONDS, MAP_SHARE * took)
        first, last = self.rows.in_view
        count = max(1, len(reader.ids))
        self._map.picture(self._errors, (first / count, last / count))
