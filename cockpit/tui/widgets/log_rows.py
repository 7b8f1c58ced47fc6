"""The entries of a log, as many as are in view: only those are read, and only lines that changed are painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.geometry import Region
from textual.message import Message

from cockpit.tui.lines import Line, Span
from cockpit.tui.views.log_line import LogLines
from cockpit.tui.views.log_window import Place, window
from cockpit.tui.widgets.painted import Painted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.strip import Strip

    from cockpit.logs.entry import Row
    from cockpit.tui.log_reader import LogReader

CACHED_STRIPS = 2_048
CACHED_ROWS = 512
JUMPED_TO = 1 / 3
"""How far down an entry is put that one jumps to from far away."""
LOOKED_AT = 2 / 3
"""How far down the last entry is put until the moment that is looked at."""


class Shown(NamedTuple):
    """What one row of the widget shows, as far as anything of it can change."""

    id: int
    part: int
    when: str
    bookmarked: bool
    ground: str
    later: bool


class LogRows(Painted, can_focus=True):
    """Shows where a reader is. The entry one stands on keeps its row of the terminal, whatever comes or leaves.

    Before there is a reader, and where nothing is shown, it says why: `say`.
    """

    DEFAULT_CSS = "LogRows { height: 1fr; }"

    class Fitted(Message):
        """The size is another one, and what is in view as well."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._reader: LogReader | None = None
        self._made: LogLines | None = None
        self._places: list[Place] = []
        self._shown: list[Shown | Line] = []
        self._y = 0
        self._stood_on: int | None = None
        self._wheeled_to: int | None = None
        self._said: Sequence[Line] = ()
        self._rows: dict[int, Row] = {}
        self._strips: dict[Shown, Strip] = {}

    @property
    def in_view(self) -> tuple[int, int]:
        """The positions of the first and the last entry in view; (0, -1) with none."""
        return (self._places[0].entry, self._places[-1].entry) if self._places else (0, -1)

    def say(self, lines: Sequence[Line]) -> None:
        """What stands here while no entry does."""
        self._said = lines

    def picture(self, reader: LogReader | None, made: LogLines | None) -> None:
        """Show where a reader is; `made` makes its lines."""
        if reader is not self._reader:
            self._rows.clear()
            self._stood_on = None
        if made != self._made or reader is not self._reader:
            self.forget()
        else:
            made = self._made  # it has kept the texts of what is in view
        self._reader, self._made = reader, made
        self._place()
        self._show()

    def forget(self) -> None:
        """Nothing painted so far holds any more."""
        self._strips.clear()

    def on_resize(self) -> None:
        """More or less is in view."""
        if self._reader is not None:
            self._place()
            self._show()
            self.post_message(self.Fitted())

    def render_line(self, y: int) -> Strip:
        """One row, from the cache where it was painted before."""
        shown = self._shown[y] if y < len(self._shown) else None
        if shown is None:
            return self.paint_nothing(self.size.width)
        if isinstance(shown, Line):
            return self.paint_line(shown, self.size.width)
        strip = self._strips.get(shown)
        if strip is None:
            if len(self._strips) >= CACHED_STRIPS:
                self._strips.clear()
            strip = self._strips[shown] = self._strip(shown)
        return strip

    def wheel(self, lines: int) -> None:
        """Move what is in view; the entry one stands on comes along only where it would leave."""
        reader, height = self._reader, self.size.height
        if reader is None or not self._places:
            return
        y = self._y - lines
        if lines < 0 and self._places[0] == (0, 0):
            reader.move(-1)
        elif lines > 0 and self._places[-1].entry == len(reader.ids) - 1:
            reader.follow()
        elif 0 <= y < height and not reader.following:
            self._wheeled_to = y
            self.picture(reader, self._made)
        else:
            edge = min(lines, len(self._places) - 1) if lines > 0 else max(0, len(self._places) - 1 + lines)
            index = self._places[edge].entry
            self._wheeled_to = next(y for y, place in enumerate(self._places) if place.entry == index) - lines
            reader.go(index)

    def entry_at(self, y: int) -> int | None:
        """The position of the entry in a row of the widget."""
        return self._places[y].entry if 0 <= y < len(self._places) else None

    def _place(self) -> None:
        """Which entries are in view."""
        reader = self._reader
        if len(self._rows) > CACHED_ROWS:
            self._rows = {shown.id: self._rows[shown.id] for shown in self._shown if isinstance(shown, Shown)}
        if reader is None or not len(reader.ids) or not self.size:
            self._places = []
            return
        index = reader.index
        self._y, self._places = window(
            index, self._wanted_y(index), count=len(reader.ids), height=self.size.height, lines=self._count
        )
        self._stood_on, self._wheeled_to = int(reader.ids[index]), None

    def _wanted_y(self, index: int) -> int:
        """Where the entry one stands on should be: where it was, or near by, as little as possible moving."""
        assert self._reader is not None
        height, entry = self.size.height, int(self._reader.ids[index])
        if self._reader.following:
            return height if self._reader.moment is None else int(height * LOOKED_AT)
        if self._wheeled_to is not None:
            return self._wheeled_to
        if entry == self._stood_on:
            return self._y
        for y, shown in enumerate(self._shown):
            if isinstance(shown, Shown) and (shown.id, shown.part) == (entry, 0):
                return y
        first, last = self.in_view
        if self._stood_on is None:
            return int(height * JUMPED_TO)
        if first - height <= index < first:
            return 0
        if last < index <= last + height:
            return height
        return int(height * JUMPED_TO)

    def _show(self) -> None:
        old, self._shown = self._shown, self._what_is_in_view()
        for y in range(max(len(old), len(self._shown))):
            if old[y : y + 1] != self._shown[y : y + 1]:
                self.refresh(Region(0, y, self.size.width, 1))

    def _what_is_in_view(self) -> list[Shown | Line]:
        reader, made = self._reader, self._made
        if reader is None or made is None or not self._places:
            return list(self._said)
        now, here = reader.now(), reader.index
        moment = reader.moment
        newest = reader.following and moment is None
        cursor = "" if newest else "cursor" if self.has_focus else "cursor-dim"
        shown: list[Shown | Line] = []
        for index, part in self._places:
            row = self._row(index)
            if row is None:
                shown.append(Line((Span(" has left", "muted"),)))
                continue
            above = self._row(index - 1) if reader.look.time == "delta" else None
            when = made.when(row, now=now, before=above.time if above else None)
            ground = cursor if index == here else ""
            later = moment is not None and row.time > moment
            shown.append(Shown(row.id, part, when, (row.time, row.id) in reader.bookmarks, ground, later))
        return shown

    def _strip(self, shown: Shown) -> Strip:
        assert self._made is not None
        line = self._made.line(
            self._rows[shown.id],
            shown.part,
            shown.when,
            marked=shown.bookmarked,
            later=shown.later,
            ground=shown.ground,
        )
        return self.paint_line(line, self.size.width)

    def _count(self, index: int) -> int:
        row = self._row(index) if self._made and self._made.look.wrap else None
        return self._made.count(row) if row is not None and self._made else 1

    def _row(self, index: int) -> Row | None:
        """An entry by its position, kept as long as it may be in view."""
        assert self._reader is not None
        if index < 0 or index >= len(self._reader.ids):
            return None
        entry = int(self._reader.ids[index])
        row = self._rows.get(entry)
        if row is None and (row := self._reader.row_at(index)) is not None:
            self._rows[entry] = row
        return row

    def watch_has_focus(self, has_focus: bool) -> None:
        """The entry one stands on stands out in the pane that has the focus."""
        super().watch_has_focus(has_focus)
        if self._reader is not None:
            self._show()

    def on_click(self, event: events.Click) -> None:
        """Stand on the entry under the mouse."""
        index = self.entry_at(event.y)
        if index is not None and self._reader is not None:
            self._reader.go(index)
