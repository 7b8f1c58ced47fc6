"""Two lines for terminals without room: tabs in place of panes, and one line in place of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from cockpit.text import width
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from cockpit.live.snapshot import Snapshot


class Tabs(LineView):
    """The panes' names, the visible one standing out; a click shows another."""

    DEFAULT_CSS: ClassVar[str] = "Tabs { height: 1; }"

    class Clicked(Message):
        """The pane of a number is wanted."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._names: list[str] = []

    def picture(self, headings: Sequence[str], active: int) -> None:
        """Show the panes' headings, and which pane is the visible one (from 1)."""
        self._names = [f" {heading} " for heading in headings]
        numbers = range(1, len(headings) + 1)
        roles = ["accent bold reverse" if number == active else "muted" for number in numbers]
        self.draw(lambda _size: [Line(tuple(map(Span, self._names, roles)))])

    def on_click(self, event: events.Click) -> None:
        """Ask for the pane under the mouse."""
        at = 0
        for number, name in enumerate(self._names, 1):
            at += width(name)
            if event.x < at:
                self.post_message(self.Clicked(number))
                return


class Tiny(LineView):
    """What is left of the cockpit below 40×10: the split, the service, and why there is no more."""

    def picture(self, snapshot: Snapshot) -> None:
        """Show the split of a snapshot."""
        from cockpit.tui.views.tiny import tiny

        self.draw(lambda size: tiny(snapshot, self.app.size, size.height))
