"""What needs saying under the bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Size

from cockpit.tui.layout import MOST_NOTICES
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.keys import Keymap


class Notices(LineView):
    """The gravest notices: as many lines as it was allowed at least, and more as there is more to say."""

    def __init__(self) -> None:
        super().__init__()
        self._least = 1
        self._shown: tuple[Snapshot, Keymap] | None = None

    def picture(self, snapshot: Snapshot, keymap: Keymap) -> None:
        """Show what a snapshot gives reason to say."""
        from cockpit.tui.views.notices import lines

        self._shown = snapshot, keymap
        self._grow()
        self.draw(lambda size: lines(snapshot, keymap, size))

    def allow(self, least: int) -> None:
        """Have at least so many lines."""
        self._least = least
        self._grow()

    def _grow(self) -> None:
        needed = 0
        if self._shown is not None:
            from cockpit.tui.views.notices import lines

            needed = len(lines(*self._shown, Size(self.app.size.width, MOST_NOTICES)))
        height = max(self._least, needed)
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
