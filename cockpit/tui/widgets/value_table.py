"""The values of an expression at one moment; where there are none that are newer, the last ones with their age."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType

from cockpit.text import age
from cockpit.tui.app import CockpitApp
from cockpit.tui.views.values import MOST_ROWS, counted, value_lines
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.metrics.engine import Answer

_ALL = 1_000_000


class ValueTable(Pane):
    """Lists what `show` was last given. `old` marks it where a newer question had no answer."""

    NUMBER: ClassVar[int] = 0
    NAME: ClassVar[str] = "Values"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown,space", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("home,g", f"move(-{_ALL})", show=False),
        Binding("end,G", f"move({_ALL})", show=False),
    ]
    app = getters.app(CockpitApp)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._shown_at: float | None = None

    def show(self, answer: Answer, slots: Mapping[str, int], moment: str) -> None:
        """List the values of a moment, whose clock time is given."""
        lines, count = value_lines(answer, slots), counted(answer)
        self._shown_at = self.app.now()
        self.title(f"{self.NAME} at {moment}")
        self.note = f"the first {MOST_ROWS:,} of {count:,} series" if count > MOST_ROWS else ""
        self.draw(lambda _size: lines)
        self.note_place()

    def old(self) -> None:
        """There is no newer answer: say how old this one is."""
        if self._shown_at is not None:
            self.note = f"{age(self.app.now() - self._shown_at)} old"
            self.note_place()

    def action_move(self, lines: int) -> None:
        """Down by so many lines, up by a negative number."""
        self.move(lines)

    def action_page(self, pages: int) -> None:
        """Down by what is seen."""
        self.move(pages * max(1, self.size.height - 1))
