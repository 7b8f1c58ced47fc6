"""Two lines for terminals without room: tabs in place of panes, and one line in place of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from cockpit.actions.panes import key_of
from cockpit.text import width
from cockpit.tui.lines import Line, Span
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from textual import events
    from textual.geometry import Size

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
        self._tabs: dict[int, str] = {}

    def picture(self, names: Mapping[int, str], active: int, heading: str) -> None:
        """Show the panes' names by number, the visible one's heading in place of its name."""

        def line(size: Size) -> list[Line]:
            self._tabs = _fitted(names, active, heading, size.width)
            roles = {active: "accent bold reverse"}
            return [Line(tuple(Span(text, roles.get(number, "muted")) for number, text in self._tabs.items()))]

        self.draw(line)

    def on_click(self, event: events.Click) -> None:
        """Ask for the pane under the mouse."""
        before = [number for number, at in self.begins() if at <= event.x]
        if before and event.x < sum(map(width, self._tabs.values())):
            self.post_message(self.Clicked(before[-1]))

    def begins(self) -> Iterator[tuple[int, int]]:
        """Each pane's number, and the column where its tab begins."""
        at = 0
        for number, text in self._tabs.items():
            yield number, at
            at += width(text)


def _fitted(names: Mapping[int, str], active: int, heading: str, cells: int) -> dict[int, str]:
    """The tabs' texts by number; where the names do not fit, all but the active one's lose as much as it takes."""

    def tabs(letters: int) -> dict[int, str]:
        short = {number: f" {key_of(number)} {name[:letters]}".rstrip() for number, name in names.items()}
        return {**short, active: f" {heading} "}

    longest = max(map(len, names.values()))
    wanted = (tabs(letters) for letters in range(longest, -1, -1))
    return next((each for each in wanted if sum(map(width, each.values())) <= cells), tabs(0))


class Tiny(LineView):
    """What is left of the cockpit below 40×10: the split, the service, and why there is no more."""

    def picture(self, snapshot: Snapshot) -> None:
        """Show the split of a snapshot."""
        from cockpit.tui.views.tiny import tiny

        self.draw(lambda size: tiny(snapshot, self.app.size, size.height))
