"""The line a filter is typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input

if TYPE_CHECKING:
    from textual.binding import BindingType


class FilterBar(Input):
    """Over the footer while it is used. Enter keeps the filter, escape drops it."""

    DEFAULT_CSS: ClassVar[str] = """
    FilterBar, FilterBar:focus { dock: bottom; height: 1; border: none; padding: 0 1; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+c", "drop", show=False)]

    class Dropped(Message):
        """The filter is not wanted any more."""

    def __init__(self, wanted: str, asks: str = "words a revision must contain") -> None:
        super().__init__(wanted, placeholder=f"{asks} · enter keeps · esc drops", compact=True)

    def action_drop(self) -> None:
        """Say so."""
        self.post_message(self.Dropped())
