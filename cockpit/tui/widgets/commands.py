"""The command log pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cockpit.tui.layout import COMMANDS
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.framed import Pictured
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.live.snapshot import Snapshot


class Commands(Pane, Pictured):
    """The newest command first."""

    NUMBER: ClassVar[int] = COMMANDS
    NAME: ClassVar[str] = "Commands"

    def picture(self, snapshot: Snapshot, _slots: Mapping[str, int]) -> None:
        """Show the commands of a snapshot."""
        from cockpit.tui.views.commands import command_line

        newest_first = sorted(snapshot.commands, key=lambda command: command.at, reverse=True)
        lines = [command_line(command, snapshot.wall) for command in newest_first]
        self.draw(lambda _size: lines or [Line((Span(" nothing has run yet", "muted"),))])
        self.title()
        self.note_place()
