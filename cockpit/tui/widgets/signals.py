"""The signals pane."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from cockpit.tui.layout import SIGNALS
from cockpit.tui.lines import told
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from textual import events

    from cockpit.live.metrics.picture import MetricsPicture
    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.signals.reading import Reading
    from cockpit.tui.views.signal_rows import Pair, Row


class Signals(Pane):
    """What the canary is judged by, beside the stable revision. The signal under the cursor is the charted one."""

    HEAD: ClassVar[int] = 1

    NUMBER: ClassVar[int] = SIGNALS
    NAME: ClassVar[str] = "Signals"

    class Chosen(Message):
        """Another signal is to be charted."""

        def __init__(self, signal: str) -> None:
            super().__init__()
            self.signal = signal

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self.charted = ""
        self._readings: tuple[Reading, ...] = ()
        self._compared: Pair | None = None
        self._rows: list[Row] = []

    def picture(self, snapshot: Snapshot, chosen: str = "", slots: Mapping[str, int] | None = None) -> None:
        """Show the signals of a snapshot, `chosen` in the place of the canary, in the colours of `slots`."""
        from cockpit.tui.views.signal_reasons import absence
        from cockpit.tui.views.signal_rows import note, pair, worse
        from cockpit.tui.views.signals import signals

        metrics = snapshot.metrics
        if metrics is None:
            self.note, self._readings, self._rows = "", (), []
            self.title()
            self.draw(lambda size: told(absence(snapshot), size.width))
        else:
            compared = pair(metrics, chosen)
            self.note = note(metrics, compared)
            rows = self._rows_of(metrics, compared)
            count = worse(rows)
            self.title(f"{count} worse" if count else "")
            self.draw(
                lambda size: signals(
                    snapshot, metrics, compared, rows, slots=slots or {}, cells=size.width, charted=self.charted
                )
            )
        self._mark_cursor()
        self.note_place()

    def chart(self, signal: str) -> None:
        """Put the cursor on the signal that is charted, by its id."""
        if signal != self.charted:
            self.charted = signal
            if self._make is not None:
                self.draw(self._make)
            self._mark_cursor()
            self._keep_in_view()

    def move(self, lines: int) -> None:
        """Chart the signal so many rows further down; without signals, scroll."""
        names = [row.id for row in self._rows]
        if self.charted in names:
            self._choose(names[max(0, min(names.index(self.charted) + lines, len(names) - 1))])
        else:
            super().move(lines)

    def scroll_by_wheel(self, lines: int) -> None:
        """The wheel scrolls: it must not ask for a chart at every notch."""
        super().move(lines)

    def landmarks(self) -> Iterator[tuple[int, Callable[[], object]]]:
        """Every signal in view."""
        for y in range(self.HEAD, self.size.height):
            index = self.index_at(y)
            if index < len(self.lines) and self.lines[index].key:
                yield y, partial(self._choose, self.lines[index].key)

    def on_click(self, event: events.Click) -> None:
        """Chart the signal under the mouse."""
        index = self.index_at(event.y - self.gutter.top)
        if 0 <= index < len(self.lines) and self.lines[index].key:
            self._choose(self.lines[index].key)

    def watch_has_focus(self, has_focus: bool) -> None:
        """The cursor stands out in the pane that has the focus, and steps back elsewhere."""
        super().watch_has_focus(has_focus)
        self._mark_cursor()

    def on_resize(self) -> None:
        """The cursor stays on its signal, and in view."""
        self._mark_cursor()
        self._keep_in_view()
        super().on_resize()

    def _choose(self, signal: str) -> None:
        if signal != self.charted:
            self.chart(signal)
            self.post_message(self.Chosen(signal))

    @property
    def _cursor(self) -> int | None:
        """The line of the charted signal."""
        return next((at for at, line in enumerate(self.lines) if self.charted and line.key == self.charted), None)

    def _mark_cursor(self) -> None:
        self.mark(self._cursor, "cursor" if self.has_focus else "")

    def _keep_in_view(self) -> None:
        """Let the window follow the cursor; with the first signal, the reasons above it are in view too."""
        cursor, height = self._cursor, self.size.height
        if cursor is None or height <= self.HEAD:
            return
        if self._rows and self.charted == self._rows[0].id:
            self.scroll_lines(0)
        elif cursor - self.top < self.HEAD:
            self.scroll_lines(cursor - self.HEAD)
        elif cursor - self.top >= height:
            self.scroll_lines(cursor - height + 1)
        self.note_place()

    def _rows_of(self, metrics: MetricsPicture, compared: Pair) -> list[Row]:
        """The rows, made anew for other readings or another pair: snapshots come more often than readings."""
        from cockpit.tui.views.signal_rows import rows

        if self._readings is not metrics.readings or self._compared != compared:
            self._readings, self._compared = metrics.readings, compared
            self._rows = rows(metrics, compared)
        return self._rows
