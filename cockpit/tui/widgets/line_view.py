"""A widget that draws lines: only what changed is painted again, and what was drawn once is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from cockpit.tui.colours import Palette
from cockpit.tui.lines import crop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.tui.lines import Line

CACHED_STRIPS = 512


class LineView(Widget):
    """Shows lines from `top` on. Subclasses call `show` with what they made of the newest snapshot."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self.lines: tuple[Line, ...] = ()
        self.top = 0
        self._strips: dict[tuple[Line, int], Strip] = {}
        self._palette: Palette | None = None

    def show(self, lines: Sequence[Line]) -> None:
        """Replace what is shown; paint the rows that differ."""
        old, self.lines = self.lines, tuple(lines)
        self.scroll_lines(self.top)
        for y in range(self.top, min(self.top + self.size.height, max(len(old), len(self.lines)))):
            if _at(old, y) != _at(self.lines, y):
                self.paint(y)

    def paint(self, index: int) -> None:
        """Paint one line again, if it is in view."""
        y = index - self.top
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def scroll_lines(self, top: int) -> None:
        """Let the view start at line `top`, as far as there are lines."""
        top = max(0, min(top, len(self.lines) - self.size.height))
        if top != self.top:
            self.top = top
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the widget, from the cache where it was drawn before."""
        cells = self.size.width
        line = _at(self.lines, self.top + y)
        if line is None:
            return Strip.blank(cells, self.rich_style)
        strip = self._strips.get((line, cells))
        if strip is None:
            if len(self._strips) >= CACHED_STRIPS:
                self._strips.clear()
            strip = self._strips[line, cells] = self._draw(line, cells)
        return strip

    def _draw(self, line: Line, cells: int) -> Strip:
        palette = self._palette
        if palette is None:
            palette = self._palette = Palette(self.app.theme_variables, colours=not self.app.no_color)
        ground = self.rich_style + palette.style(line.ground)
        segments = [Segment(span.text, ground + palette.style(span.role)) for span in crop(line.spans, cells)]
        return Strip(segments).adjust_cell_length(cells, ground)

    def notify_style_update(self) -> None:
        """The theme changed: nothing drawn so far holds."""
        super().notify_style_update()
        self._palette = None
        self._strips.clear()


def _at(lines: tuple[Line, ...], index: int) -> Line | None:
    return lines[index] if index < len(lines) else None
