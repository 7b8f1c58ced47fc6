"""The whole log in one column: where most of its errors are, and what of it is in view."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.geometry import Size

_FILLS = " ▏▎▍▌"
_TRACK, _HERE = ("│", "muted dim"), ("┃", "accent")


class LogMinimap(LineView):
    """Every row is an equal part of the entries shown; a click goes there."""

    DEFAULT_CSS: ClassVar[str] = "LogMinimap { dock: right; width: 1; height: 100%; }"

    class Wanted(Message):
        """A part of the log is to be seen: `share` of it, 0 to 1, is before."""

        def __init__(self, share: float) -> None:
            super().__init__()
            self.share = share

    def picture(self, errors: Sequence[int], in_view: tuple[float, float]) -> None:
        """Show how many errors there are in every row's part, and which share of all, 0 to 1, is in view."""

        def lines(size: Size) -> list[Line]:
            first, last = (int(share * size.height) for share in in_view)
            most = max(errors, default=0)
            counts = (*errors, *(0,) * size.height)[: size.height]
            return [Line((Span(*_mark(count, most, here=first <= y <= last)),)) for y, count in enumerate(counts)]

        self.draw(lines)

    def on_click(self, event: events.Click) -> None:
        """Ask for the part under the mouse."""
        self.post_message(self.Wanted(event.y / max(1, self.size.height)))


def _mark(count: int, most: int, *, here: bool) -> tuple[str, str]:
    """One cell, filled as far as its part has as many errors as the worst one."""
    if not count:
        return _HERE if here else _TRACK
    fill = _FILLS[-(-count * (len(_FILLS) - 1) // most)]
    return fill, "bad cursor" if here else "bad"
