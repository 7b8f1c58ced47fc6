"""A list to choose one of: any length, only what is seen is drawn, by key or by mouse."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.content import Content

Item = TypeVar("Item")


class ChoiceList(ScrollView, Generic[Item], can_focus=True):
    """Rows of one line over `items`. A subclass says how one of them reads at a width, in `line()`."""

    DEFAULT_CSS = """
    ChoiceList {
        height: auto; background: transparent; overflow-x: hidden;
        text-wrap: nowrap; text-overflow: ellipsis;
        & > .choice-list--cursor { background: $panel; }
        &:focus > .choice-list--cursor {
            background: $block-cursor-background; color: $block-cursor-foreground;
            text-style: $block-cursor-text-style;
        }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"choice-list--cursor"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "move(-1000000)", "First", show=False),
        Binding("end", "move(1000000)", "Last", show=False),
        Binding("enter", "choose", "Choose", show=False),
    ]
    cursor: reactive[int] = reactive(0)

    class Told(Message):
        """What a list tells of itself."""

        def __init__(self, choices: ChoiceList[Any]) -> None:
            super().__init__()
            self.choices = choices

    class Moved(Told):
        """The cursor stands on another item, or on the same one of a new list."""

    class Chosen(Told):
        """Enter or a second click on the item under the cursor."""

    def __init__(self, items: Sequence[Item] = (), *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._items: Sequence[Item] = items
        self.look(items)

    @abstractmethod
    def line(self, item: Item, width: int, /) -> Content:
        """How an item reads in `width` cells."""

    def look(self, items: Sequence[Item]) -> None:
        """Look at new items once, before any is drawn: the place to find how wide columns must be."""

    @property
    def items(self) -> Sequence[Item]:
        """What there is to choose from."""
        return self._items

    @property
    def current(self) -> Item | None:
        """The item under the cursor; None in an empty list."""
        return self._items[self.cursor] if self._items else None

    def show(self, items: Sequence[Item], cursor: int = 0) -> None:
        """Replace the items."""
        self._items = items
        self.look(items)
        self.cursor = cursor
        self._measure()
        self.refresh(layout=True)
        self.post_message(self.Moved(self))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many rows as there are items, at least one."""
        return max(1, len(self._items))

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on an item."""
        return max(0, min(cursor, len(self._items) - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        """Repaint the two rows and keep the new one in sight."""
        for row in (before, after):
            self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))
        self.scroll_to_region(Region(0, after, 1, 1), animate=False)
        if before != after:
            self.post_message(self.Moved(self))

    def render_line(self, y: int) -> Strip:
        """One row, or blank below the last."""
        row, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if row >= len(self._items):
            return Strip.blank(width, self.rich_style)
        name = "choice-list--cursor"
        style = self.get_visual_style(name) if row == self.cursor else self.visual_style
        line = self.line(self._items[row], width).truncate(width, ellipsis=True)
        strips = Visual.to_strips(self, line, width, 1, style, pad=True)
        return strips[0].apply_offsets(0, row) if strips else Strip.blank(width, self.rich_style)

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self.cursor += rows

    def action_page(self, pages: int) -> None:
        """Move the cursor by what is seen."""
        self.cursor += pages * max(1, self.size.height - 1)

    def action_choose(self) -> None:
        """Take the item under the cursor."""
        if self._items:
            self.post_message(self.Chosen(self))

    def on_resize(self) -> None:
        """Fit the scrollable width to the new one."""
        self._measure()

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor; a click on the cursor chooses."""
        row = event.y + self.scroll_offset.y
        if row >= len(self._items):
            return
        if row == self.cursor and event.chain > 1:
            self.action_choose()
        self.cursor = row

    def _measure(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._items))
