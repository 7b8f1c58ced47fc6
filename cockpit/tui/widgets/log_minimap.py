"""The whole log in one column: where its errors are, and what of it is in view."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from cockpit.logs.entry import Severity
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.geometry import Size

PARTS = 8
"""Parts of a row, each with the worst of its entries: as many as a cell has steps of filling."""

_FILLS = " ▏▎▍▌▋▊▉█"
_TRACK, _HERE = ("│", "muted dim"), ("┃", "accent")


class LogMinimap(LineView):
    """Every row is an equal part of the entries shown; a click goes there."""

    DEFAULT_CSS: ClassVar[str] = "LogMinimap { dock: right; width: 1; height: 100%; }"

    class Wanted(Message):
        """A part of the log is to be seen: `share` of it, 0 to 1, is before."""

        def __init__(self, share: float) -> None:
            super().__init__()
            self.share = share

    def picture(self, worst: Sequence[int], in_view: tuple[float, float]) -> None:
        """Show the worst severity of each part, PARTS a row, and which share of all, 0 to 1, is in view."""

        def lines(size: Size) -> list[Line]:
            first, last = (int(share * size.height) for share in in_view)
            return [
                Line((Span(*_mark(worst[y * PARTS : (y + 1) * PARTS], here=first <= y <= last)),))
                for y in range(size.height)
            ]

        self.draw(lines)

    def on_click(self, event: events.Click) -> None:
        """Ask for the part under the mouse."""
        self.post_message(self.Wanted(event.y / max(1, self.size.height)))


def _mark(worst: Sequence[int], *, here: bool) -> tuple[str, str]:
    """One cell: filled as far as errors reach, or else warnings."""
    for least, role in ((Severity.ERROR, "bad"), (Severity.WARNING, "warn")):
        filled = sum(severity >= least for severity in worst)
        if filled:
            return _FILLS[filled * (len(_FILLS) - 1) // PARTS], f"{role} cursor" if here else role
    return _HERE if here else _TRACK
