"""A letter over every place worth going to; the letter goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from cockpit.tui.jumping import lettered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from cockpit.tui.jumping import Spot


class JumpScreen(ModalScreen["Spot | None"]):
    """Lies over the screen that it was opened on; answers the chosen spot, None for none."""

    DEFAULT_CSS: ClassVar[str] = """
    JumpScreen {
        background: transparent;
        Static {
            position: absolute; width: 3; height: 1;
            background: $accent; color: $background; text-style: bold;
        }
    }
    """

    def __init__(self, spots: Sequence[Spot]) -> None:
        super().__init__()
        self._spots = dict(lettered(spots))
        self._laid_for = self.app.size

    def compose(self) -> ComposeResult:
        """The letters, each where it leads to."""
        for letter, spot in self._spots.items():
            label = Static(Content(f" {letter} "))
            label.styles.offset = spot.x, spot.y
            yield label

    def on_key(self, event: events.Key) -> None:
        """A letter leads to its spot, anything else nowhere."""
        event.stop()
        self.dismiss(self._spots.get(event.character or ""))

    def on_click(self) -> None:
        """A click leads nowhere."""
        self.dismiss(None)

    def on_resize(self, event: events.Resize) -> None:
        """At another size the letters would lie elsewhere."""
        if event.size != self._laid_for and self.is_current:
            self.dismiss(None)
