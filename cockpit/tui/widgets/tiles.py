"""The panes of the main screen, each where a plan puts it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region
from textual.layout import Layout, WidgetPlacement
from textual.widget import Widget

from cockpit.tui.tiling import Place, panes_of, places

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.geometry import Size
    from textual.layout import ArrangeResult

    from cockpit.tui.tiling import Plan
    from cockpit.tui.widgets.framed import Framed


class Tiles(Widget):
    """Shows the panes that the last plan has, and no others."""

    DEFAULT_CSS: ClassVar[str] = "Tiles { height: 1fr; overflow: hidden; }"

    def __init__(self, panes: Iterable[Framed]) -> None:
        self.panes = {pane.NUMBER: pane for pane in sorted(panes, key=lambda pane: pane.NUMBER)}
        super().__init__(*self.panes.values())
        self._tiling = _Tiling(self)
        self._plan: Plan | None = None
        self._show(frozenset())

    @property
    def layout(self) -> Layout:
        """How Textual arranges the panes."""
        return self._tiling

    def lay_out(self, plan: Plan | None) -> None:
        """Show what a plan has, None for nothing."""
        if plan == self._plan:
            return
        self._plan = plan
        self._show(frozenset() if plan is None else frozenset(panes_of(plan)))
        self.refresh(layout=True)

    def placed(self, size: Size) -> list[WidgetPlacement]:
        """Where each pane is, on tiles of a size."""
        if self._plan is None:
            return []
        return [
            WidgetPlacement(Region(*place), NULL_OFFSET, NULL_SPACING, self.panes[number])
            for number, place in places(self._plan, Place(0, 0, *size))
        ]

    def _show(self, shown: frozenset[int]) -> None:
        self.display = bool(shown)
        for number, pane in self.panes.items():
            pane.display = number in shown


class _Tiling(Layout):
    """What Textual asks when the tiles get another size."""

    name: ClassVar[str] = "tiles"

    def __init__(self, tiles: Tiles) -> None:
        self._tiles = tiles

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:  # noqa: ARG002
        """The tiles know."""
        return self._tiles.placed(size)
