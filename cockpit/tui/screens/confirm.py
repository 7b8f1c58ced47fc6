"""A question with two answers, where the careful one is the default."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from cockpit.text import clean
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.widgets.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult


class ConfirmScreen(Dialog[bool]):
    """Ask before something that cannot be taken back. Answers True only when `yes` was chosen.

    `question` is one line and becomes the title, `consequence` says what happens then; `yes` and `no` name the
    answers.
    """

    DEFAULT_CSS = """
    ConfirmScreen, ConfirmScreen.-short {
        #frame { max-width: 64; height: auto; }
        VerticalScroll { height: auto; max-height: 12; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False),
        Binding("n", "answer(False)", show=False),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]
    AUTO_FOCUS = "#no"

    def __init__(
        self,
        question: str,
        consequence: str,
        *,
        yes: str = "Yes",
        no: str = "Cancel",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(question, clock=clock)
        self._consequence = Content(clean(consequence, newlines=True))
        self._yes, self._no = yes, no

    def content(self) -> ComposeResult:
        """What will happen, and the two answers."""
        with VerticalScroll(can_focus=False):
            yield Static(self._consequence, id="consequence")
        with Horizontal(classes="choices"):
            yield Answer(self._no, "n", id="no")
            yield Answer(self._yes, "y", id="yes", classes="danger")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer with the button's meaning."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        """Answer by letter."""
        self.dismiss(yes)
