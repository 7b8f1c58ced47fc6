"""One chart on the whole screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from cockpit.tui.widgets.chart import Chart

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from cockpit.tui.charts.data import ChartData
    from cockpit.tui.charts.view import View

KEYS = "esc back · ←→ cursor · ⇧←→ move · + - zoom · 0 live · y fix values · c compare"


class WholeChart(Chart):
    """A chart with a screen of its own: its frame has no number, and says the keys."""

    NUMBER: ClassVar[int] = 0
    NAME: ClassVar[str] = "Chart"

    def title(self, extra: str = "") -> None:
        """The chart's own title alone."""
        self.border_title = Content(extra or self.NAME)

    def note_place(self) -> None:
        """All of a chart is always in view: the lower edge has the keys."""
        self.border_subtitle = KEYS


class ChartScreen(Screen[None]):
    """A chart as large as the terminal. Whoever feeds the one it was opened from feeds it too, by `show`."""

    DEFAULT_CSS: ClassVar[str] = "ChartScreen { background: $background; WholeChart { height: 1fr; } }"
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
        Binding("c", "toggle_compare", show=False),
        Binding("escape,f,q,enter", "leave", show=False),
    ]

    def __init__(self, data: ChartData, window: tuple[float, float], view: View) -> None:
        super().__init__()
        self.chart = WholeChart()
        self._first = data, window, view

    def compose(self) -> ComposeResult:
        """The chart."""
        yield self.chart

    def on_mount(self) -> None:
        """Look as the smaller chart did."""
        data, window, view = self._first
        self.chart.look(view)
        self.show(data, window)
        self.chart.focus()

    def show(self, data: ChartData, window: tuple[float, float]) -> None:
        """Show newer data."""
        self.chart.show(data, window)

    def action_move_cursor(self, columns: int) -> None:
        """Move the cursor."""
        self.chart.move_cursor(columns)

    def action_pan(self, steps: int) -> None:
        """Later or earlier."""
        self.chart.pan(steps)

    def action_zoom(self, steps: int) -> None:
        """Closer or farther."""
        self.chart.zoom(steps)

    def action_live(self) -> None:
        """Back to the present."""
        self.chart.live()

    def action_toggle_fixed(self) -> None:
        """Keep the range of values, or let it go."""
        self.chart.toggle_fixed()

    def action_toggle_compare(self) -> None:
        """Compare with the time before the last shift, or stop."""
        self.chart.toggle_compare()

    def action_leave(self) -> None:
        """Back to where it was opened."""
        self.dismiss(None)
