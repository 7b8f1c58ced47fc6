"""Lines become strips: in the colours of the theme at hand, and no others once it changes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from cockpit.tui.colours import Palette
from cockpit.tui.lines import crop

if TYPE_CHECKING:
    from rich.style import Style

    from cockpit.tui.lines import Line


class Painted(Widget):
    """A widget whose strips are painted from lines. What it keeps of them goes in `forget`."""

    ALLOW_SELECT: ClassVar[bool] = False

    def paint_line(self, line: Line, cells: int) -> Strip:
        """A line in exactly so many cells."""
        palette, ground = self.palette, self._ground + self.palette.style(line.ground)
        segments = [Segment(span.text, ground + palette.style(span.role)) for span in crop(line.spans, cells)]
        return Strip(segments).adjust_cell_length(cells, ground)

    def paint_nothing(self, cells: int) -> Strip:
        """So many empty cells."""
        return Strip.blank(cells, self._ground)

    def forget(self) -> None:
        """Nothing painted so far holds any more."""

    @cached_property
    def palette(self) -> Palette:
        """The styles of the theme at hand."""
        return Palette(self.app.theme_variables, colours=not self.app.no_color)

    @cached_property
    def _ground(self) -> Style:
        return self.rich_style

    def notify_style_update(self) -> None:
        """The theme may have changed: nothing painted so far holds."""
        super().notify_style_update()
        self.__dict__.pop("palette", None)
        self.__dict__.pop("_ground", None)
        self.forget()
