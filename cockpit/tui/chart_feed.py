"""Keeps the chart fed: another reading, another signal or another span in view, and it is asked for anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.metrics.picture import sample_time
from cockpit.tui import openings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.worker import Worker

    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.engine import Engine
    from cockpit.metrics.signals.signal import Signal
    from cockpit.release.service import ServiceRef
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.screens.chart import ChartScreen


class ChartFeed:
    """The signal on the chart, and the way its data come there. The newest question wins."""

    def __init__(self, app: CockpitApp) -> None:
        self._app = app
        self._ref: ServiceRef | None = None
        self._signal = ""
        self._fed: tuple[float | None, str] = None, ""
        self._asking: Worker[None] | None = None
        self._whole: ChartScreen | None = None

    @property
    def signal(self) -> str:
        """The id of the signal that was chosen; "" while nobody chose one."""
        return self._signal

    def follow(self, snapshot: Snapshot) -> None:
        """A newer snapshot: feed the chart if its readings are other ones, or empty it for another service.

        While a moment is looked at nothing newer comes into view, so that nothing is asked.
        """
        if snapshot.ref != self._ref:
            self._ref, self._fed, self._asking = snapshot.ref, (None, ""), None
            self._app.main.chart.clear()
        charted = self._chosen(snapshot)
        self._app.main.signals.chart(charted.id if charted else "")
        metrics = snapshot.metrics
        if metrics is None or not metrics.readings or self._food(snapshot) == self._fed:
            return
        # What an engine takes long to answer is let come: asked for anew each time, it never would.
        under_way = self._asking is not None and not self._asking.is_finished
        if not under_way or self._signal != self._fed[1]:
            self._ask(snapshot)

    def _food(self, snapshot: Snapshot) -> tuple[float | None, str]:
        """What the chart would be fed with: it is asked for anew where that is another one.

        Of a moment that is looked at nothing new comes, but for what is still read of a recording.
        """
        cursor, metrics = self._app.cursor, snapshot.metrics
        if cursor.at is None or self._app.main.chart.data is None:
            return (metrics.read_at if metrics is not None else None), self._signal
        return (self._fed[0] if cursor.player is None else cursor.player.read), self._signal

    def step(self, by: int) -> None:
        """Chart the signal so many further on."""
        snapshot = self._app.snapshot
        charted = self._chosen(snapshot) if snapshot else None
        if snapshot is None or snapshot.metrics is None or charted is None:
            return
        names = [reading.signal.id for reading in snapshot.metrics.readings]
        self.choose(names[(names.index(charted.id) + by) % len(names)])

    def choose(self, signal: str) -> None:
        """Chart a signal by its id."""
        self._signal = signal
        if (snapshot := self._app.snapshot) is not None:
            self.follow(snapshot)

    def look(self) -> None:
        """Other times came into view."""
        if (snapshot := self._app.snapshot) is not None:
            self._ask(snapshot)

    def open_whole(self) -> bool:
        """The chart on the whole screen; whether there is one."""
        chart = self._app.main.chart
        if chart.data is None or chart.given is None:
            return False
        self._whole = openings.chart(chart.data, chart.given, chart.view)

        def closed(_nothing: None) -> None:
            self._whole = None
            self.look()

        self._app.push_screen(self._whole, closed)
        return True

    def _ask(self, snapshot: Snapshot) -> None:
        session = self._app.session
        if snapshot.metrics is None and session is not None:
            # Of a moment that nobody looked at: what was before and after it is charted all the same.
            snapshot = session.snapshot
        signal = self._chosen(snapshot)
        if signal is None or session is None or session.engine is None or snapshot.metrics is None:
            return
        self._fed = self._food(snapshot)
        feeding = self._feed(signal, snapshot, session.engine)
        self._asking = self._app.run_worker(feeding, group="chart", exclusive=True)

    def _chosen(self, snapshot: Snapshot) -> Signal | None:
        readings = snapshot.metrics.readings if snapshot.metrics else ()
        found = next((each.signal for each in readings if each.signal.id == self._signal), None)
        return (
            found
            or next((each.signal for each in readings if each.signal.id == "errors"), None)
            or (readings[0].signal if readings else None)
        )

    async def _feed(self, signal: Signal, snapshot: Snapshot, engine: Engine) -> None:
        from cockpit.tui.charting import asked, chart_of, in_view

        now = sample_time(snapshot)
        chart = self._whole.chart if self._whole else self._app.main.chart
        wanted = chart.wanted(asked(now))
        timeline = self._app.timeline_feed.timeline
        happened = timeline.events if timeline is not None else ()
        slots = self._slots(snapshot)
        data = await chart_of(signal, snapshot, wanted, engine=engine, slots=slots, happened=happened)
        if snapshot.ref != self._ref:
            return
        # What is looked at does not move by what there is to see.
        given = chart.given if self._app.cursor.at is not None and chart.given else in_view(data, now)
        self._app.main.chart.show(data, given)
        if self._whole is not None:
            self._whole.show(data, given)

    def _slots(self, snapshot: Snapshot) -> Mapping[str, int]:
        from cockpit.tui.views.traffic import active

        return self._app.slots.give(active(snapshot))
