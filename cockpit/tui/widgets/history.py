"""The history pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cockpit.tui.layout import HISTORY
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.framed import Pictured
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.live.snapshot import Snapshot


class History(Pane, Pictured):
    """Who changed what, when, and how it ended."""

    NUMBER: ClassVar[int] = HISTORY
    NAME: ClassVar[str] = "History"

    def picture(self, snapshot: Snapshot, _slots: Mapping[str, int]) -> None:
        """Show the changes of a snapshot."""
        from cockpit.tui.views.history import change_line

        lines = [change_line(change, snapshot.wall) for change in snapshot.history]
        self.draw(lambda _size: lines or [Line((Span(" no change has been made from here yet", "muted"),))])
        self.title()
        self.note_place()
