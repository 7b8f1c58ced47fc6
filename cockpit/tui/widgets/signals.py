"""The signals pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cockpit.tui.layout import SIGNALS
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.live.snapshot import Snapshot


class Signals(Pane):
    """What the canary is judged by, beside the stable revision."""

    HEAD: ClassVar[int] = 1

    NUMBER: ClassVar[int] = SIGNALS
    NAME: ClassVar[str] = "Signals"

    def picture(self, snapshot: Snapshot, chosen: str = "", slots: Mapping[str, int] | None = None) -> None:
        """Show the signals of a snapshot, `chosen` in the place of the canary, in the colours of `slots`."""
        from cockpit.tui.views.signal_rows import note, pair, rows, worse
        from cockpit.tui.views.signals import signals

        metrics = snapshot.metrics
        if metrics is None:
            self.note = ""
            self.title()
            self.draw(lambda _size: [Line((Span(" metrics are not read yet", "muted"),))])
        else:
            compared = pair(metrics, chosen)
            self.note = note(metrics, compared)
            count = worse(rows(metrics, compared))
            self.title(f"{count} worse" if count else "")
            self.draw(lambda size: signals(snapshot, metrics, compared, slots or {}, size.width))
        self.note_place()
