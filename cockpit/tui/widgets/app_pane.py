"""The App pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from cockpit.tui.charts.loading import NoChartsError, load_plotter
from cockpit.tui.keys import bindings
from cockpit.tui.layout import APP
from cockpit.tui.widgets.framed import Pictured
from cockpit.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.binding import BindingType

    from cockpit.live.app.picture import TimelinePicture
    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.charts.plotter import Plotter
    from cockpit.tui.lines import Line

_STEPS = {
    "app_next": ("timeline", 1),
    "app_previous": ("timeline", -1),
    "app_longer": ("period", 1),
    "app_shorter": ("period", -1),
}
"""What the pane's actions choose, and how many further on."""


class AppPane(Pane, Pictured):
    """The application's health at every URL, and one of its timelines over one of the periods."""

    NUMBER: ClassVar[int] = APP
    NAME: ClassVar[str] = "App"
    BINDINGS: ClassVar[list[BindingType]] = bindings(_STEPS, "take")

    class Looked(Message):
        """Another timeline is looked at, or another period of it: `chosen` says which."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        super().__init__(id=id)
        self._snapshot: Snapshot | None = None
        self._slots: Mapping[str, int] = {}
        self._name = self._period = ""
        self._plotter: Plotter | None = None
        self._last: tuple[object, Sequence[Line]] = None, ()
        self._loading = False

    @property
    def chosen(self) -> tuple[str, str]:
        """The timeline that is shown and its period; both "" where there is none."""
        periods = self._periods
        if not periods:
            return "", ""
        name = self._name if self._name in periods else next(iter(periods))
        return name, self._period if self._period in periods[name] else periods[name][0]

    def picture(self, snapshot: Snapshot, slots: Mapping[str, int]) -> None:
        """Show the application in a snapshot."""
        from cockpit.tui.views.app import heading

        self._snapshot, self._slots = snapshot, slots
        self.title(heading(snapshot.app))
        self._redraw()

    def action_take(self, action: str) -> None:
        """A key of the pane."""
        self.take(action)

    def take(self, action: str) -> None:
        """Take one of the pane's actions."""
        periods, (name, period) = self._periods, self.chosen
        if not name:
            return
        what, steps = _STEPS[action]
        if what == "timeline":
            self._name = _further(tuple(periods), name, steps)
        else:
            self._period = _further(periods[name], period, steps)
        self.post_message(self.Looked())
        self._redraw()

    @property
    def _periods(self) -> dict[str, tuple[str, ...]]:
        """The periods of each timeline."""
        app = self._snapshot.app if self._snapshot else None
        return {each.name: each.periods for each in app.timelines} if app else {}

    def _redraw(self) -> None:
        from cockpit.tui.views.app import app_lines, needs_plotter, noted

        snapshot, chosen = self._snapshot, self.chosen
        if snapshot is None:
            return
        if needs_plotter(snapshot.app, chosen) and self._plotter is None and not self._loading:
            self._loading = True
            self.run_worker(self._load())
        self.note = noted(snapshot, chosen)
        self.draw_when_seen(lambda size: app_lines(snapshot, chosen, self._slots, size, self._drawn))
        self.note_place()

    def _drawn(self, timeline: TimelinePicture, cells: int, rows: int) -> Sequence[Line]:
        """A timeline, drawn anew when it is another one: snapshots come by the second, and rows do not."""
        from cockpit.tui.views.app_timeline import timeline_lines

        wanted = timeline, cells, rows, self._plotter
        if self._last[0] != wanted:
            self._last = wanted, timeline_lines(timeline, cells, rows, self._plotter)
        return self._last[1]

    async def _load(self) -> None:
        try:
            self._plotter = await load_plotter()
        except NoChartsError as error:
            self.note = str(error)
            self.note_place()
        else:
            self._redraw()


def _further(names: tuple[str, ...], name: str, steps: int) -> str:
    """The name so many further on, the first one after the last."""
    return names[(names.index(name) + steps) % len(names)]
