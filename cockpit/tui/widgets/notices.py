"""What needs saying under the bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.keys import Keymap


class Notices(LineView):
    """The gravest notices, as many as there are lines."""

    def picture(self, snapshot: Snapshot, keymap: Keymap) -> None:
        """Show what a snapshot gives reason to say."""
        from cockpit.tui.views.notices import lines

        self.draw(lambda size: lines(snapshot, keymap, size))
