"""A chart that takes its keys itself, for screens of their own: the main screen's come from the registry."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from cockpit.tui.widgets.chart import Chart


class KeyedChart(Chart):
    """Its frame has no number, and says the chart's own title alone."""

    NUMBER: ClassVar[int] = 0
    NAME: ClassVar[str] = "Chart"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move_cursor(-1)", show=False),
        Binding("right", "move_cursor(1)", show=False),
        Binding("ctrl+left", "move_cursor(-10)", show=False),
        Binding("ctrl+right", "move_cursor(10)", show=False),
        Binding("shift+left", "pan(-1)", show=False),
        Binding("shift+right", "pan(1)", show=False),
        Binding("plus,equals_sign,right_square_bracket", "zoom(1)", show=False),
        Binding("minus,left_square_bracket", "zoom(-1)", show=False),
        Binding("0,end", "live", show=False),
        Binding("y", "toggle_fixed", show=False),
        Binding("c,C", "toggle_compare", show=False),
    ]

    def action_move_cursor(self, columns: int) -> None:
        """Move the cursor."""
        self.move_cursor(columns)

    def action_pan(self, steps: int) -> None:
        """Later or earlier."""
        self.pan(steps)

    def action_zoom(self, steps: int) -> None:
        """Closer or farther."""
        self.zoom(steps)

    def action_live(self) -> None:
        """Back to the present."""
        self.live()

    def action_toggle_fixed(self) -> None:
        """Keep the range of values, or let it go."""
        self.toggle_fixed()

    def action_toggle_compare(self) -> None:
        """Compare with the time before the last shift, or stop."""
        self.toggle_compare()
