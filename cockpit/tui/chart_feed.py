"""Keeps the chart fed: another reading, another signal or another span in view, and it is asked for anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.tui import openings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.signals.signal import Signal
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.charts.data import ChartData
    from cockpit.tui.screens.chart import ChartScreen


class ChartFeed:
    """The signal on the chart, and the way its data come there. The newest question wins."""

    def __init__(self, app: CockpitApp) -> None:
        self._app = app
        self._signal = ""
        self._fed: tuple[float | None, str] = None, ""
        self._looked_at: tuple[float, float] | None = None
        self._data: ChartData | None = None
        self._whole: ChartScreen | None = None

    def follow(self, snapshot: Snapshot) -> None:
        """A newer snapshot: feed the chart if its readings are other ones."""
        metrics = snapshot.metrics
        if metrics is not None and metrics.readings and (metrics.read_at, self._signal) != self._fed:
            self._fed = metrics.read_at, self._signal
            self._ask(snapshot)

    def step(self, by: int) -> None:
        """Chart the signal so many further on."""
        snapshot = self._app.snapshot
        if snapshot is None or snapshot.metrics is None or not snapshot.metrics.readings:
            return
        names = [reading.signal.id for reading in snapshot.metrics.readings]
        at = names.index(self._signal) if self._signal in names else 0
        self._signal = names[(at + by) % len(names)]
        self.follow(snapshot)

    def look(self, start: float, end: float) -> None:
        """Other times came into view."""
        self._looked_at = start, end
        if (snapshot := self._app.snapshot) is not None:
            self._ask(snapshot)

    def open_whole(self) -> None:
        """The chart on the whole screen."""
        chart = self._app.main.chart
        if chart.data is None or chart.given is None:
            return
        self._whole = openings.chart(chart.data, chart.given, chart.view)

        def closed(_nothing: None) -> None:
            self._whole = None

        self._app.push_screen(self._whole, closed)

    def _ask(self, snapshot: Snapshot) -> None:
        signal = self._chosen(snapshot)
        if signal is not None:
            self._app.run_worker(self._feed(signal, snapshot), group="chart", exclusive=True)

    def _chosen(self, snapshot: Snapshot) -> Signal | None:
        readings = snapshot.metrics.readings if snapshot.metrics else ()
        found = next((each.signal for each in readings if each.signal.id == self._signal), None)
        return (
            found
            or next((each.signal for each in readings if each.signal.id == "errors"), None)
            or (readings[0].signal if readings else None)
        )

    async def _feed(self, signal: Signal, snapshot: Snapshot) -> None:
        from cockpit.tui.charting import SPAN, chart_of

        session = self._app.session
        if session is None or session.engine is None:
            return
        now = snapshot.wall.timestamp()
        chart = self._whole.chart if self._whole else self._app.main.chart
        given = (now - SPAN, now)
        start, end = chart.view.window(chart.given._replace(end=now)) if chart.given else given
        if self._looked_at is not None:
            start, end = min(start, self._looked_at[0]), max(end, self._looked_at[1])
            self._looked_at = None
        slots = self._slots(snapshot)
        data = await chart_of(signal, snapshot, (start, end), engine=session.engine, slots=slots)
        self._app.main.chart.show(data, given)
        if self._whole is not None:
            self._whole.show(data, given)

    def _slots(self, snapshot: Snapshot) -> Mapping[str, int]:
        from cockpit.tui.views.traffic import active

        return self._app.slots.give(active(snapshot))
