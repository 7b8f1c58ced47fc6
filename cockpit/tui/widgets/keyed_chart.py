"""A chart that takes its keys itself, for screens of their own: the main screen's come from the registry."""

from __future__ import annotations

from typing import ClassVar

from textual import getters
from textual.binding import Binding, BindingType

from cockpit.tui.app import CockpitApp
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
        Binding("pageup", "pan(-4)", show=False),
        Binding("pagedown", "pan(4)", show=False),
        Binding("end", "let_go", show=False),
        Binding("y", "toggle_fixed", show=False),
        Binding("c,C", "toggle_compare", show=False),
    ]

    app = getters.app(CockpitApp)

    def on_mount(self) -> None:
        """Look at what everything looks at."""
        super().on_mount()
        self.app.cursor.changed.subscribe(self, self.stand, immediate=True)
        self.stand(self.app.cursor.at)

    def action_move_cursor(self, columns: int) -> None:
        """Go along it."""
        self.move_cursor(columns)

    def action_pan(self, steps: int) -> None:
        """Later or earlier."""
        self.pan(steps)

    def action_zoom(self, steps: int) -> None:
        """Closer or farther."""
        self.zoom(steps)

    def action_let_go(self) -> None:
        """Back to the present."""
        self.post_message(self.LetGo())

    def action_toggle_fixed(self) -> None:
        """Keep the range of values, or let it go."""
        self.toggle_fixed()

    def action_toggle_compare(self) -> None:
        """Compare with the time before the last shift, or stop."""
        self.toggle_compare()
