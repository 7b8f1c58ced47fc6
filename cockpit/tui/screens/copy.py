"""What may be copied here, to choose one of."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.content import Content

from cockpit.text import clean
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.widgets.choice_list import ChoiceList
from cockpit.tui.widgets.sheet import Fact

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult


class CopyList(ChoiceList[Fact]):
    """A label and what copying it gives."""

    def line(self, item: Fact, _width: int, /) -> Content:
        """The label in a column of its own, the value cut to what is left."""
        label = Content.styled(item.label, "$text-muted").truncate(20, ellipsis=True, pad=True)
        return Content.assemble(label, " ", clean(item.copy))


class CopyScreen(Dialog[None]):
    """Copies the chosen fact's `copy` to the terminal's clipboard (OSC 52) and leaves.

    Facts without one are left out.
    """

    DEFAULT_CSS = """
    CopyScreen CopyList { max-height: 100%; }
    """

    def __init__(self, facts: Sequence[Fact], *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__("Copy", clock=clock)
        self._list = CopyList([fact for fact in facts if fact.copy])

    def content(self) -> ComposeResult:
        """The list alone."""
        yield self._list

    def on_mount(self) -> None:
        """Ready to choose."""
        self.query_one("#frame").border_subtitle = Content("⏎ copies · esc closes")
        self._list.focus()

    def on_choice_list_chosen(self) -> None:
        """Copy and leave."""
        fact = self._list.current
        if fact is not None:
            self.app.copy_to_clipboard(fact.copy)
            self.notify(f"Copied: {fact.label}", markup=False)
        self.dismiss(None)
