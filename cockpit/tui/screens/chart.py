"""One chart on the whole screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from cockpit.actions.time import AT_LARGE
from cockpit.tui.keys import bindings
from cockpit.tui.widgets.keyed_chart import KeyedChart

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from cockpit.tui.charts.data import ChartData
    from cockpit.tui.charts.view import View

KEYS = (
    "esc back · n N signal · ←→ cursor · ⇧←→ move · + - zoom · space freezes · end now · y fix values · c compare"
)


class WholeChart(KeyedChart):
    """A chart with a screen of its own: its frame says the keys."""

    def note_place(self) -> None:
        """All of a chart is always in view: the lower edge has the keys."""
        self.border_subtitle = KEYS


class ChartScreen(Screen[None]):
    """A chart as large as the terminal. Whoever feeds the one it was opened from feeds it too, by `show`."""

    ACTION: ClassVar[str] = "whole_chart"
    DEFAULT_CSS: ClassVar[str] = "ChartScreen { background: $background; WholeChart { height: 1fr; } }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f,q,enter", "leave", show=False),
        *bindings(["next_signal", "previous_signal", *AT_LARGE]),
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

    def action_leave(self) -> None:
        """Back to where it was opened."""
        self.dismiss(None)
