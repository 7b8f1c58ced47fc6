"""What the cockpit's panes have in common: a number, a frame that says what is in it, and ways to move."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from cockpit.actions.panes import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from textual import events

    from cockpit.live.snapshot import Snapshot

WHEEL_LINES = 3
PAGE_OVERLAP = 2


class Framed(Widget):
    """A pane: `NUMBER` is the key that focuses it, `NAME` what its frame says.

    A pane on a screen of its own has the number 0, and its frame says its title alone.
    """

    NUMBER: ClassVar[int]
    NAME: ClassVar[str]

    DEFAULT_CSS = """
    Framed { border: round $border; border-title-color: $text-muted; border-subtitle-color: $text-muted; }
    Framed:focus, Framed:focus-within {
        border: round $focus; border-title-color: $text; border-title-style: bold;
    }
    """

    class Titled(Message):
        """A pane's heading is another one."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self.heading = self._said = ""
        self.title()

    @property
    def hands(self) -> Widget:
        """What has the focus in the pane: itself, or a part of it."""
        return self

    def title(self, extra: str = "") -> None:
        """Write the frame's upper edge; `extra` is clean text."""
        named = f"{key_of(self.NUMBER)} {self.NAME}{f' · {extra}' if extra else ''}"
        heading = named if self.NUMBER else extra or self.NAME
        if heading != self.heading:
            self.heading = heading
            self.border_title = Content(heading)
            if self.is_mounted:
                self.post_message(self.Titled())

    def say_below(self, said: str) -> None:
        """Write the frame's lower edge; `said` is clean text."""
        if said != self._said:
            self._said, self.border_subtitle = said, Content(said)

    @abstractmethod
    def move(self, lines: int) -> None:
        """Down by so many lines, up by a negative number."""

    def page(self, pages: int) -> None:
        """Down by so many times what is in view."""
        self.move(pages * max(1, self.size.height - PAGE_OVERLAP))

    @abstractmethod
    def move_to_end(self, direction: int) -> None:
        """To the first line for -1, to the last one for 1."""

    def landmarks(self) -> Iterable[tuple[int, Callable[[], object]]]:
        """Rows of what is in view that are worth going to, the first row 0, and the way to each."""
        return ()

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """Scroll on."""
        self.scroll_by_wheel(WHEEL_LINES)

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """Scroll back."""
        self.scroll_by_wheel(-WHEEL_LINES)

    def scroll_by_wheel(self, lines: int) -> None:
        """What the wheel does: here the same as the keys."""
        self.move(lines)


class Pictured(Framed):
    """A pane for which a snapshot is enough."""

    @abstractmethod
    def picture(self, snapshot: Snapshot, slots: Mapping[str, int]) -> None:
        """Show a snapshot; `slots` are the revisions' colours."""
