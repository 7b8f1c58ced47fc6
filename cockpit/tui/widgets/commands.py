"""The command log: what ran, as the gcloud command that does the same, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cockpit.text import clean
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.history import when
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from datetime import datetime

    from cockpit.live.snapshot import Command, Snapshot


class Commands(Pane):
    """The newest command first."""

    NUMBER: ClassVar[int] = 4
    NAME: ClassVar[str] = "Commands"

    def picture(self, snapshot: Snapshot) -> None:
        """Show the commands of a snapshot."""
        newest_first = sorted(snapshot.commands, key=lambda command: command.at, reverse=True)
        lines = [command_line(command, snapshot.wall) for command in newest_first]
        self.draw(lambda _size: lines or [Line((Span(" nothing has run yet", "muted"),))])
        self.title()
        self.note_place()


def command_line(command: Command, now: datetime) -> Line:
    """One command: when, its result, then the command itself, which may be longer than the line."""
    result = clean(command.result) or "…"
    return Line(
        (
            Span(f" {when(command.at, now)} ", "muted"),
            Span(f"{result}  ", "accent"),
            Span(clean(command.line)),
        )
    )
