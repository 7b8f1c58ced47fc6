"""Which columns a log's lines have: enter puts one there or takes it away, and the log shows it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.content import Content

from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.views.log_look import Column
from cockpit.tui.widgets.choice_list import ChoiceList

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from cockpit.tui.log_reader import LogReader

ABOUT = {
    Column.TIME: "when; z writes it by another clock",
    Column.LEVEL: "the severity's letter",
    Column.REVISION: "which revision, in its colour",
    Column.INSTANCE: "the end of the instance's name",
    Column.LOG: "stdout, stderr, requests …",
}


class ColumnList(ChoiceList[Column]):
    """The columns, those that are shown ticked."""

    def __init__(self, reader: LogReader) -> None:
        self._reader = reader
        super().__init__(tuple(Column))

    def line(self, item: Column, _width: int, /) -> Content:
        """A column, and whether it is shown."""
        tick = "✓" if item in self._reader.look.columns else " "
        return Content.assemble((f"{tick} ", "$success"), f"{item.value:<10}", (ABOUT[item], "$text-muted"))


class LogColumnsScreen(Dialog[None]):
    """Chooses the columns of a reader's lines."""

    DEAF_SECONDS: ClassVar[float] = 0.0
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c,q", "leave", show=False),
        Binding("space", "switch", show=False),
    ]

    def __init__(self, reader: LogReader) -> None:
        super().__init__("Columns of the log")
        self._reader = reader
        self._list = ColumnList(reader)

    def content(self) -> ComposeResult:
        """The columns."""
        yield self._list

    def on_mount(self) -> None:
        """Ready to choose."""
        self.query_one("#frame").border_subtitle = Content("space or ⏎ shows or hides · esc closes")
        self._list.focus()

    def on_choice_list_chosen(self) -> None:
        """Enter, or a second click."""
        self.action_switch()

    def action_switch(self) -> None:
        """Show the column under the cursor, or hide it."""
        if (column := self._list.current) is not None:
            self._reader.show_as(self._reader.look.toggled(column))
            self._list.refresh()
