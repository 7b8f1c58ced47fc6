"""What the app wears: a theme of the shelf, read again when its file changes, or the last one that was good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.config import ConfigError
from cockpit.tui.themes import MONOCHROME

if TYPE_CHECKING:
    from textual.theme import Theme

    from cockpit.tui.terminal_app import TerminalApp
    from cockpit.tui.themes import Shelf

FALLBACK = "dark"


class Wardrobe:
    """Dresses one app. A theme that cannot be used is said, and what is worn stays on."""

    def __init__(self, app: TerminalApp, shelf: Shelf, name: str) -> None:
        self._app = app
        self._shelf = shelf
        self.name = name
        self._complaint = ""

    def dress(self) -> None:
        """Put on the chosen theme; where it is broken the one that ships, so that the reason can be read."""
        if self._app.no_color:
            self._wear(MONOCHROME)
        elif not self._try(self.name):
            self._wear(self._shelf.load(FALLBACK))

    def complain(self) -> None:
        """Say again what was wrong with the first theme: what hides the cockpit at the start hid that, too."""
        if self._complaint:
            self._app.say(self._complaint, "bad")
            self._complaint = ""

    def look(self) -> None:
        """Put the theme on again if its file is another one than it was."""
        if not self._app.no_color and self._shelf.changed(self.name) and self._try(self.name):
            self._app.say(f"Theme {self.name} was read again.")

    def change(self) -> None:
        """Put on the next theme of the shelf that can be worn."""
        if self._app.no_color:
            self._app.say("There are no themes without colours: NO_COLOR is set.", "warn")
            return
        names = self._shelf.names()
        at = names.index(self.name) + 1 if self.name in names else 0
        for name in names[at:] + names[:at]:
            if self._try(name):
                self.name = name
                self._app.say(f"Theme {name}.")
                return

    def _try(self, name: str) -> bool:
        try:
            theme = self._shelf.load(name)
        except ConfigError as error:
            self._complaint = f"{error}{f' · {error.mend}' if error.mend else ''}"
            self._app.say(self._complaint, "bad")
            return False
        self._wear(theme)
        return True

    def _wear(self, theme: Theme) -> None:
        self._app.register_theme(theme)
        if self._app.theme == theme.name:
            self._app.refresh_css(animate=False)
        self._app.theme = theme.name
