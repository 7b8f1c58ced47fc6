"""The traffic block over the panes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.tui.views.unknown import no_traffic
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.live.snapshot import Snapshot


class Traffic(LineView):
    """Three bars; without a snapshot their labels."""

    def __init__(self) -> None:
        super().__init__()
        self.draw(lambda _size: no_traffic())

    def picture(self, snapshot: Snapshot, slots: Mapping[str, int]) -> None:
        """Show the split of a snapshot; `slots` gives every revision its colour and fill."""
        from cockpit.tui.views.traffic import traffic

        self.draw(lambda size: traffic(snapshot, slots, size.width))
