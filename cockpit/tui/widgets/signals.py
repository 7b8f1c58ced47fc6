"""The signals pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cockpit.tui.layout import SIGNALS
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.live.metrics.picture import MetricsPicture
    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.signals.reading import Reading
    from cockpit.tui.views.signal_rows import Pair, Row


class Signals(Pane):
    """What the canary is judged by, beside the stable revision."""

    HEAD: ClassVar[int] = 1

    NUMBER: ClassVar[int] = SIGNALS
    NAME: ClassVar[str] = "Signals"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._readings: tuple[Reading, ...] = ()
        self._compared: Pair | None = None
        self._rows: list[Row] = []

    def picture(self, snapshot: Snapshot, chosen: str = "", slots: Mapping[str, int] | None = None) -> None:
        """Show the signals of a snapshot, `chosen` in the place of the canary, in the colours of `slots`."""
        from cockpit.tui.views.signal_rows import note, pair, worse
        from cockpit.tui.views.signals import signals

        metrics = snapshot.metrics
        if metrics is None:
            self.note = ""
            self.title()
            self.draw(lambda _size: [Line((Span(" metrics are not read yet", "muted"),))])
        else:
            compared = pair(metrics, chosen)
            self.note = note(metrics, compared)
            rows = self._rows_of(metrics, compared)
            count = worse(rows)
            self.title(f"{count} worse" if count else "")
            self.draw(lambda size: signals(snapshot, metrics, compared, rows, slots=slots or {}, cells=size.width))
        self.note_place()

    def _rows_of(self, metrics: MetricsPicture, compared: Pair) -> list[Row]:
        """The rows, made anew for other readings or another pair: snapshots come more often than readings."""
        from cockpit.tui.views.signal_rows import rows

        if self._readings is not metrics.readings or self._compared != compared:
            self._readings, self._compared = metrics.readings, compared
            self._rows = rows(metrics, compared)
        return self._rows
