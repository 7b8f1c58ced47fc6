"""A widget that draws lines: only what changed is painted again, and what was drawn once is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.geometry import Region

from cockpit.tui.widgets.painted import Painted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.geometry import Size
    from textual.strip import Strip

    from cockpit.tui.lines import Line

CACHED_STRIPS = 512


class LineView(Painted):
    """Shows lines, the first HEAD of them fixed, the others scrolled by `top`. One line may be marked.

    Subclasses call `draw` with what makes the lines for a size; it is called again at another size.
    """

    HEAD: ClassVar[int] = 0

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self.lines: tuple[Line, ...] = ()
        self.top = 0
        self._make: Callable[[Size], Sequence[Line]] | None = None
        self._made_for: Size | None = None
        self._marked: int | None = None
        self._mark_ground = ""
        self._strips: dict[tuple[Line, int], Strip] = {}

    def draw(self, make: Callable[[Size], Sequence[Line]]) -> None:
        """Show the lines that `make` gives for the widget's size, now and after every change of it."""
        self._make, self._made_for = make, None
        if self.size:
            self._fit()

    def draw_when_seen(self, make: Callable[[Size], Sequence[Line]]) -> None:
        """As `draw`, but where nobody sees it the lines are made when somebody does."""
        if self.is_on_screen and self.app.screen is self.screen:
            self.draw(make)
        else:
            self._make, self._made_for = make, None

    def _fit(self) -> None:
        if self._make is not None and self._made_for != self.size:
            self._made_for = self.size
            self._show(self._make(self.size))

    def _show(self, lines: Sequence[Line]) -> None:
        """Replace what is shown; paint the rows that differ."""
        old, self.lines = self.lines, tuple(lines)
        self.scroll_lines(self.top)
        for y in range(self.size.height):
            index = self.index_at(y)
            if _at(old, index) != _at(self.lines, index):
                self.paint(index)

    def mark(self, index: int | None, ground: str = "") -> None:
        """Mark one line by its ground, and the one that was marked no more."""
        if (index, ground) == (self._marked, self._mark_ground):
            return
        changed = {self._marked, index} - {None}
        self._marked, self._mark_ground = index, ground
        for line in changed:
            self.paint(line or 0)

    def paint(self, index: int) -> None:
        """Paint one line again, if it is in view."""
        y = index if index < self.HEAD else index - self.top
        if y == index or self.HEAD <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def scroll_lines(self, top: int) -> None:
        """Leave out `top` lines after the head, as far as there are lines to show instead."""
        top = max(0, min(top, len(self.lines) - self.size.height))
        if top != self.top:
            self.top = top
            self.refresh()

    def index_at(self, y: int) -> int:
        """Which line stands in row `y` of the widget."""
        return y if y < self.HEAD else y + self.top

    def render_line(self, y: int) -> Strip:
        """One line of the widget, from the cache where it was drawn before."""
        self._fit()
        cells, index = self.size.width, self.index_at(y)
        line = _at(self.lines, index)
        if line is None:
            return self.paint_nothing(cells)
        if index == self._marked:
            line = line._replace(ground=self._mark_ground)
        strip = self._strips.get((line, cells))
        if strip is None:
            if len(self._strips) >= CACHED_STRIPS:
                self._strips.clear()
            strip = self._strips[line, cells] = self.paint_line(line, cells)
        return strip

    def forget(self) -> None:
        """Nothing painted so far holds any more."""
        self._strips.clear()


def _at(lines: tuple[Line, ...], index: int) -> Line | None:
    return lines[index] if index < len(lines) else None
