"""The first line of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.tui.views.unknown import unconnected
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.views.looking import Looking, Playing


class Header(LineView):
    """One line over everything; without a snapshot it says that there is none yet."""

    def __init__(self) -> None:
        super().__init__()
        self._looking: Looking | Playing | None = None
        self.draw(lambda size: [unconnected(size.width)])

    def look(self, looking: Looking | Playing | None) -> None:
        """The next picture is of another moment than the present; None: of that."""
        self._looking = looking

    def picture(self, snapshot: Snapshot) -> None:
        """Show the header of a snapshot."""
        from cockpit.tui.views.header import header

        looking = self._looking
        self.draw(lambda size: [header(snapshot, size.width, looking)])
