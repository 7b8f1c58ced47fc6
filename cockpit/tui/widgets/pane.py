"""A framed, numbered pane of lines: it takes the focus, scrolls, and says in its frame where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.message import Message

from cockpit.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from textual import events


WHEEL_LINES = 3


class Pane(LineView, can_focus=True):
    """The panes of the cockpit; `NUMBER` is the key that focuses one, `NAME` what its frame says.

    A pane on a screen of its own has the number 0, and its frame says its title alone.
    """

    NUMBER: ClassVar[int]
    NAME: ClassVar[str]

    DEFAULT_CSS = """
    Pane { border: round $border; border-title-color: $text-muted; border-subtitle-color: $text-muted; }
    Pane:focus { border: round $focus; border-title-color: $text; border-title-style: bold; }
    """

    class Titled(Message):
        """A pane's heading is another one."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self.heading = ""
        self.note = self._said = ""
        self.title()

    def title(self, extra: str = "") -> None:
        """Write the frame's upper edge; `extra` is clean text."""
        named = f"{self.NUMBER} {self.NAME}{f' · {extra}' if extra else ''}"
        heading = named if self.NUMBER else extra or self.NAME
        if heading != self.heading:
            self.heading = heading
            self.border_title = Content(heading)
            if self.is_mounted:
                self.post_message(self.Titled())

    def note_place(self) -> None:
        """Say in the lower edge the pane's `note` (clean text), and which lines are in view where not all are."""
        height, count = self.size.height, len(self.lines)
        place = f"{self.top + 1}–{min(count, self.top + height)} of {count}" if count > height > 0 else ""
        said = " · ".join(filter(None, (self.note, place)))
        if said != self._said:
            self._said, self.border_subtitle = said, Content(said)

    def move(self, lines: int) -> None:
        """Down by so many lines, up by a negative number."""
        self.scroll_lines(self.top + lines)
        self.note_place()

    def on_resize(self) -> None:
        """More or less is in view."""
        self.note_place()

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """Scroll on."""
        self.scroll_by_wheel(WHEEL_LINES)

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """Scroll back."""
        self.scroll_by_wheel(-WHEEL_LINES)

    def scroll_by_wheel(self, lines: int) -> None:
        """What the wheel does: here the same as the keys."""
        self.move(lines)
