"""A framed, numbered pane of lines: it takes the focus, scrolls, and says in its frame where it stands."""

from __future__ import annotations

from cockpit.tui.widgets.framed import Framed
from cockpit.tui.widgets.line_view import LineView


class Pane(Framed, LineView, can_focus=True):
    """The panes of the cockpit that show lines."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self.note = ""

    def note_place(self) -> None:
        """Say in the lower edge the pane's `note` (clean text), and which lines are in view where not all are."""
        height, count = self.size.height, len(self.lines)
        place = f"{self.top + 1}–{min(count, self.top + height)} of {count}" if count > height > 0 else ""
        self.say_below(" · ".join(filter(None, (self.note, place))))

    def move(self, lines: int) -> None:
        """Down by so many lines, up by a negative number."""
        self.scroll_lines(self.top + lines)
        self.note_place()

    def move_to_end(self, direction: int) -> None:
        """To the first line for -1, to the last one for 1."""
        self.move(direction * len(self.lines))

    def on_resize(self) -> None:
        """More or less is in view."""
        self.note_place()
