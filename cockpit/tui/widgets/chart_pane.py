"""The chart pane: one signal over time, by revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from cockpit.tui.layout import CHART
from cockpit.tui.widgets.chart import Chart

if TYPE_CHECKING:
    from cockpit.live.snapshot import Snapshot


class ChartPane(Chart):
    """Shows what its feeder hands to `show`, and asks it by `Chart.Wanted` for more."""

    NUMBER: ClassVar[int] = CHART
    NAME: ClassVar[str] = "Chart"

    def picture(self, snapshot: Snapshot) -> None:
        """A snapshot has no series over time, but it says why there are none yet."""
        from cockpit.tui.views.signal_reasons import absence

        self.wait(tuple(absence(snapshot)))
