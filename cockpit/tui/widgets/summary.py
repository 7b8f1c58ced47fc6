"""The summary pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cockpit.tui.layout import SUMMARY
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.views.revision_rows import Row


class Summary(Pane):
    """One revision in short; the detail screen has it in full."""

    NUMBER: ClassVar[int] = SUMMARY
    NAME: ClassVar[str] = "Summary"

    def picture(self, snapshot: Snapshot, row: Row | None = None, slot: int | None = None) -> None:
        """Show the revision of a row."""
        from cockpit.tui.views.summary import summary

        self.title(row.short if row else "")
        revision = next((one for one in snapshot.revisions if row and one.name == row.name), None)
        if row is None or revision is None:
            self.draw(lambda _size: [Line((Span(" no revision is selected", "muted"),))])
        else:
            self.draw(lambda size: list(summary(snapshot, revision, row, slot, size.width)))
        self.note_place()
