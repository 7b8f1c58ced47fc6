"""The history pane: every change the journal knows, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.text import clean
from cockpit.tui.lines import Line, Span
from cockpit.tui.views.journey import ENDINGS, moves, result

if TYPE_CHECKING:
    from datetime import datetime

    from cockpit.live.snapshot import Change


def change_line(change: Change, now: datetime) -> Line:
    """One change: when, how it ended, what it moved, and who asked for it. Times in the zone of `now`."""
    mark, role = ENDINGS[change.outcome] if change.outcome else ("◐", "warn")
    return Line(
        (
            Span(f" {when(change.started, now)} ", "muted"),
            Span(f"{mark} ", role),
            Span(f"{change.intent.value:<8} "),
            Span(f"{moves(change)} ", "bold"),
            Span(result(change), role),
            Span(f"  {clean(change.actor)}", "muted"),
        ),
        str(change.id),
    )


def when(moment: datetime, now: datetime) -> str:
    """A time of day, with its date when it is not of the day of `now`."""
    local = moment.astimezone(now.tzinfo)
    return f"{local:%H:%M:%S}" if local.date() == now.date() else f"{local:%m-%d %H:%M}"
