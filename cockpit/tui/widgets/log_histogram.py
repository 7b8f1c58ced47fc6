"""The volume of a log along time: a span of it is chosen by keys or mouse, and the filter narrows to it."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.message import Message

from cockpit.logs.entry import Severity
from cockpit.tui.views.log_span import narrowed, widened
from cockpit.tui.views.log_volume import Bucket, Volume, grid, index_at, volume_lines
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from textual import events
    from textual.binding import BindingType
    from textual.geometry import Size

    from cockpit.tui.lines import Line
    from cockpit.tui.log_reader import LogReader

SECONDS = 1.0
"""Seconds between two countings of what comes by itself."""
SHARE = 50
"""At least so many times as long as a counting takes passes until the next: it is to cost next to nothing."""

AT_ONCE = 1 << 17
"""Entries that are counted in one turn of the loop, 5 ms."""
PAUSE = 0.002
"""Seconds between two turns."""

_HEIGHTS = ((40, 7), (24, 5), (8, 1))
"""Rows of the pane from which on there are so many here."""


class LogHistogram(LineView, can_focus=True):
    """Counts what a reader shows. With the focus: ← → choose a span, ⇧← ⇧→ extend it, enter narrows, escape goes
    back step by step, and `LetGo` at last. The mouse narrows to what it is dragged over; a click goes there.

    It is in view where it is `wanted` and there is room. `clock` counts seconds.
    """

    DEFAULT_CSS: ClassVar[str] = "LogHistogram { height: 5; display: none; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", show=False),
        Binding("right", "move(1)", show=False),
        Binding("shift+left", "move(-1, True)", show=False),
        Binding("shift+right", "move(1, True)", show=False),
        Binding("enter", "narrow", show=False),
        Binding("escape", "back", show=False),
    ]

    class LetGo(Message):
        """There is nothing left to go back from here."""

    def __init__(self, *, wanted: bool = True, clock: Callable[[], float] = time.perf_counter) -> None:
        super().__init__()
        self.wanted = wanted
        self._clock = clock
        self._reader: LogReader | None = None
        self._volume: Volume | None = None
        self._counted: tuple[object, ...] = ()
        self._due = 0.0
        self._anchor: int | None = None
        self._cursor: int | None = None
        self._dragging = False
        self._counting: asyncio.Task[None] | None = None

    @staticmethod
    def height_in(rows: int) -> int:
        """How high it is in a pane of so many rows; 0 where there is no room for it."""
        return next((height for least, height in _HEIGHTS if rows >= least), 0)

    def fit(self, rows: int) -> None:
        """Be as high as a pane of so many rows allows, where it is wanted."""
        height = self.height_in(rows) if self.wanted else 0
        if height:
            self.styles.height = height
        self.display = bool(height)

    def picture(self, reader: LogReader | None, seen: tuple[int, int] | None = None) -> None:
        """Show what a reader shows; `seen` is the span of time in view, first and last moment."""
        if reader is not self._reader:
            self._reader, self._volume, self._counted = reader, None, ()
            self._anchor = self._cursor = None
        if reader is None or not self.display or not self.size:
            return
        now = self._clock()
        shown = (reader.scope, self.size.width)
        if shown != self._counted[:2] or (now >= self._due and self._standing(reader) != self._counted):
            self._counted = self._standing(reader)
            self._begin(reader)
            self._due = now + max(SECONDS, SHARE * (self._clock() - now))
        if self._volume is not None:
            self._volume = Volume(self._volume.grid, self._volume.buckets, seen, None, reader.look.time)
        self._redraw()

    def action_move(self, spans: int, extend: bool = False) -> None:
        """Choose the next span, or one more; the log goes there."""
        volume, reader = self._volume, self._reader
        if volume is None or reader is None:
            return
        here = self._cursor if self._cursor is not None else self._place_of(reader)
        index = volume.grid.at(here) + (0 if self._cursor is None else spans)
        self._cursor = volume.grid.begin(max(0, min(index, volume.grid.spans - 1)))
        if not extend or self._anchor is None:
            self._anchor = here if extend else self._cursor
        self._redraw()
        reader.go_to(self._cursor)

    def action_narrow(self) -> None:
        """Filter by what is chosen."""
        chosen, reader = self._chosen(), self._reader
        if chosen is not None and reader is not None:
            self._anchor = self._cursor = None
            reader.look_for(narrowed(reader.scope.words, *chosen))
            self.picture(reader)

    def action_back(self) -> None:
        """One step back: what is chosen, then the span that the filter has, then from here."""
        reader = self._reader
        wider = widened(reader.scope.words) if reader is not None else None
        if self._cursor is not None:
            self._anchor = self._cursor = None
            self._redraw()
        elif reader is not None and wider is not None:
            reader.look_for(wider)
            self.picture(reader)
        else:
            self.post_message(self.LetGo())

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to choose."""
        event.stop()
        if self._volume is not None:
            self.capture_mouse()
            self._dragging = True
            self._anchor = self._cursor = self._begin_at(event.x)
            self._redraw()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Choose as far as the mouse is."""
        if self._dragging and self._volume is not None:
            self._cursor = self._begin_at(event.x)
            self._redraw()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Narrow to what the mouse was dragged over, or go where it was clicked."""
        event.stop()
        if not self._dragging or self._reader is None or self._cursor is None:
            return
        self.release_mouse()
        self._dragging = False
        if self._anchor == self._cursor:
            self._reader.go_to(self._cursor)
            self._redraw()
        else:
            self.action_narrow()

    def on_blur(self) -> None:
        """What is chosen is chosen no more."""
        if not self._dragging:
            self._anchor = self._cursor = None
            self._redraw()

    def on_unmount(self) -> None:
        """Count no more."""
        if self._counting is not None:
            self._counting.cancel()

    def on_resize(self) -> None:
        """Other spans fit in."""
        self.picture(self._reader)

    def _standing(self, reader: LogReader) -> tuple[object, ...]:
        return reader.scope, self.size.width, reader.logs.store.version, len(reader.ids)

    def _begin(self, reader: LogReader) -> None:
        """Count anew: a few at once, many a part a turn of the loop."""
        if self._counting is not None:
            self._counting.cancel()
        if len(reader.ids) <= AT_ONCE:
            for _ in self._count(reader):
                pass
        else:
            self._counting = asyncio.create_task(self._count_on(reader))

    async def _count_on(self, reader: LogReader) -> None:
        for _ in self._count(reader):
            await asyncio.sleep(PAUSE)
        self._redraw()

    def _count(self, reader: LogReader) -> Iterator[None]:
        from cockpit.logs.histogram import LEVELS, span, volume

        ids, store = reader.ids.copy(), reader.logs.store
        if not len(ids):
            self._volume = None
            return
        try:
            first, end = span(store, ids)
            time = grid(first, max(first + 1, end), self.size.width)
            sums = [[0] * LEVELS for _ in range(time.spans)]
            for at in range(0, len(ids), AT_ONCE):
                counted = volume(store, ids[at : at + AT_ONCE], time.start, time.end, time.spans).tolist()
                sums = [
                    [one + more for one, more in zip(*each, strict=True)]
                    for each in zip(sums, counted, strict=True)
                ]
                yield
        except KeyError:
            return  # some are just leaving: the search hears of it next
        self._volume = Volume(time, [_bucket(levels) for levels in sums])

    def _place_of(self, reader: LogReader) -> int:
        row = reader.row
        return row.time if row is not None else reader.now()

    def _begin_at(self, x: int) -> int:
        assert self._volume is not None
        return self._volume.grid.begin(index_at(self._volume, x, self.size.width))

    def _chosen(self) -> tuple[int, int] | None:
        if self._anchor is None or self._cursor is None or self._volume is None:
            return None
        grid_ = self._volume.grid
        low, high = sorted((grid_.at(self._anchor), grid_.at(self._cursor)))
        return grid_.begin(low), grid_.begin(high + 1)

    def _redraw(self) -> None:
        volume = self._volume
        if volume is None:
            self.draw(lambda _: [])
            return
        drawn = Volume(volume.grid, volume.buckets, volume.seen, self._chosen(), volume.times)

        def lines(size: Size) -> list[Line]:
            return volume_lines(drawn, size.width, size.height)

        self.draw(lines)


def _bucket(levels: Sequence[int]) -> Bucket:
    """What there is of every severity, summed up."""
    return Bucket(sum(levels), sum(levels[Severity.WARNING : Severity.ERROR]), sum(levels[Severity.ERROR :]))
