"""The screens of the cockpit in one line, the one at hand standing out; a click opens another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from cockpit.actions import BY_ID
from cockpit.text import width
from cockpit.tui.jumping import Spot
from cockpit.tui.layout import TALL
from cockpit.tui.lines import Line, Span, spread
from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events
    from textual.geometry import Size

    from cockpit.tui.keys import Keymap

SCREENS = {"cockpit": "Cockpit", "dashboards": "Dashboards", "fleet": "Fleet"}
"""The screens by the actions that open them."""


class ScreenTabs(LineView):
    """Stands first on every screen, where there are lines enough for it.

    `screen` is the action of the screen that it stands on; a click takes another one's.
    """

    DEFAULT_CSS: ClassVar[str] = "ScreenTabs { height: 1; background: $panel; }"

    class Wanted(Message):
        """An action of the registry is wanted."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, screen: str, keymap: Keymap) -> None:
        super().__init__()
        self._screen = screen
        self._keymap = keymap
        self._note = ""
        self._tabs = {
            action: f" {keymap.shown(action)} {name} " for action, name in SCREENS.items() if action in BY_ID
        }
        self.draw(self._lines)

    def note(self, text: str) -> None:
        """Say something at the right; `text` is clean."""
        if text != self._note:
            self._note = text
            self.draw(self._lines)

    def fit(self, height: int) -> None:
        """Be there in a terminal of so many lines, or not."""
        self.display = height >= TALL

    def begins(self) -> Iterator[tuple[str, int]]:
        """Each screen's action, and the column where its tab begins."""
        at = 0
        for action, text in self._tabs.items():
            yield action, at
            at += width(text)

    def spots(self) -> Iterator[Spot]:
        """Each tab, while they are in view."""
        if self.display:
            for action, x in self.begins():
                yield Spot(x, self.region.y, partial(self.post_message, self.Wanted(action)))

    def on_click(self, event: events.Click) -> None:
        """Open the screen under the mouse."""
        before = [action for action, at in self.begins() if at <= event.x]
        if before and event.x < sum(map(width, self._tabs.values())):
            self.post_message(self.Wanted(before[-1]))

    def _lines(self, size: Size) -> list[Line]:
        roles = {self._screen: "accent bold reverse"}
        tabs = tuple(Span(text, roles.get(action, "muted")) for action, text in self._tabs.items())
        return [Line(spread(tabs, (Span(f"{self._note} ", "muted"),), size.width))]
