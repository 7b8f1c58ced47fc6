"""The command log: what ran, as the gcloud command that does the same, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.text import clean
from cockpit.tui.lines import Line, Span
from cockpit.tui.views.history import when

if TYPE_CHECKING:
    from datetime import datetime

    from cockpit.live.snapshot import Command


def command_line(command: Command, now: datetime) -> Line:
    """One command: when, its result, then the command itself, which may be longer than the line.

    A comment ("# armed …") is no command and has no result; a command without one still runs.
    """
    result = clean(command.result) or ("" if command.line.startswith("#") else "…")
    return Line(
        (
            Span(f" {when(command.at, now)} ", "muted"),
            Span(f"{result}  " if result else "", "accent"),
            Span(clean(command.line)),
        )
    )
