"""The cockpit itself: header, traffic, panes and footer, arranged for the terminal's size."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.screen import Screen

from cockpit.actions import ACTIONS
from cockpit.tui.arrangement import Arrangement
from cockpit.tui.jumping import Spot
from cockpit.tui.keys import bindings
from cockpit.tui.layout import REVISIONS
from cockpit.tui.widgets.alerts import Alerts
from cockpit.tui.widgets.app_pane import AppPane
from cockpit.tui.widgets.chart_pane import ChartPane
from cockpit.tui.widgets.commands import Commands
from cockpit.tui.widgets.filter_bar import FilterBar
from cockpit.tui.widgets.footer import Footer
from cockpit.tui.widgets.framed import Framed, Pictured
from cockpit.tui.widgets.header import Header
from cockpit.tui.widgets.history import History
from cockpit.tui.widgets.log_pane import LogPane
from cockpit.tui.widgets.notices import Notices
from cockpit.tui.widgets.revisions import Revisions
from cockpit.tui.widgets.screen_tabs import ScreenTabs
from cockpit.tui.widgets.signals import Signals
from cockpit.tui.widgets.strips import Tabs, Tiny
from cockpit.tui.widgets.summary import Summary
from cockpit.tui.widgets.tiles import Tiles
from cockpit.tui.widgets.timeline_pane import TimelinePane
from cockpit.tui.widgets.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widgets import Input

    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.colours import Slots
    from cockpit.tui.keys import Keymap
    from cockpit.tui.presets import Preset
    from cockpit.tui.views.looking import Looking, Playing


class MainScreen(Screen[None]):
    """One service at a glance. Every part shows the same snapshot; `picture` hands it to them."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = bindings(action.id for action in ACTIONS if action.scope is None)
    DEFAULT_CSS: ClassVar[str] = """
    MainScreen {
        layout: vertical;
        overflow: hidden;
        background: $background;
        Header, Notices, Tabs { height: 1; }
        Traffic { height: 3; }
        Tiny { display: none; height: 1fr; }
        &.-tabs Framed { border: none; }
        &.-zoomed Traffic { display: none; }
        &.-tiny { Header, Traffic, Notices, Footer { display: none; } Tiny { display: block; } }
    }
    """

    def __init__(self, keymap: Keymap, slots: Slots) -> None:
        super().__init__(id="_default")
        self._keymap = keymap
        self._slots = slots
        self._snapshot: Snapshot | None = None
        self.arrangement = Arrangement()
        self.revisions = Revisions(keymap.shown("fold"))
        self.signals = Signals()
        self.chart = ChartPane()
        self.summary = Summary()
        self.logs = LogPane(keymap.shown("log_back"))
        self.timeline = TimelinePane()
        self.application = AppPane()
        self._plain: tuple[Pictured, ...] = (Alerts(), History(), Commands(), self.application)
        """What shows a snapshot and needs no more; a pane that is added stands here."""
        self._tiles = Tiles(
            [self.revisions, self.signals, self.chart, self.summary, self.timeline, *self._plain, self.logs]
        )
        self._screens = ScreenTabs("cockpit", keymap)
        self.footer = Footer(keymap)

    def compose(self) -> ComposeResult:
        """Everything; `layout` decides what is in view."""
        yield self._screens
        yield Header()
        yield Traffic()
        yield Notices()
        yield Tabs()
        yield self._tiles
        yield Tiny()
        yield self.footer

    def on_mount(self) -> None:
        """Arranged before the first layout, so that there is only one; the preset's pane has the focus."""
        self._arrange()
        self.active_pane.hands.focus()

    def on_resize(self, _event: events.Resize) -> None:
        """Arrange for the new size."""
        self._arrange()

    def look(self, looking: Looking | Playing | None) -> None:
        """Say in the header which moment is shown, if it is not the present."""
        self.query_one(Header).look(looking)

    def picture(self, snapshot: Snapshot) -> None:
        """Show a snapshot everywhere."""
        self._snapshot = snapshot
        slots = self._slots_of(snapshot)
        self.query_one(Header).picture(snapshot)
        self.query_one(Traffic).picture(snapshot, slots)
        self.query_one(Notices).picture(snapshot, self._keymap)
        self.query_one(Tiny).picture(snapshot)
        self.revisions.picture(snapshot, slots)
        self.chart.picture(snapshot)
        self._follow_selection()
        for pane in self._plain:
            pane.picture(snapshot, slots)

    @property
    def active_pane(self) -> Framed:
        """The pane that movement keys move in."""
        return self.pane(self.arrangement.active)

    def pane(self, number: int) -> Framed:
        """The pane of a number."""
        return self._tiles.panes[number]

    def show_pane(self, number: int) -> None:
        """Bring a pane into view and focus it."""
        self._activate(number)
        self.set_focus(self.pane(number).hands)

    def arrange_by(self, preset: Preset, pane: int = 0) -> None:
        """Arrange the panes by a preset, with the focus on a pane, 0 for the preset's own."""
        self.arrangement.choose(preset, pane)
        self.show_pane(self.arrangement.active)

    def zoom(self, *, zoomed: bool) -> None:
        """Give the pane with the focus the whole screen, or put all panes in their places again."""
        self.arrangement.zoomed = zoomed
        self._arrange()

    def spots(self) -> Iterator[Spot]:
        """Everything worth jumping to: panes in view, tabs, and rows of panes."""
        shown = [pane for pane in self._tiles.panes.values() if pane.display]
        if (tabs := self.query_one(Tabs)).display:
            for number, x in tabs.begins():
                yield Spot(x, tabs.region.y, partial(self.show_pane, number))
        else:
            for pane in shown:
                yield Spot(pane.region.x + 1, pane.region.y, partial(self.show_pane, pane.NUMBER))
        yield from self._screens.spots()
        for pane in shown:
            for y, go in pane.landmarks():
                yield Spot(pane.content_region.x, pane.content_region.y + y, partial(self._land, pane.NUMBER, go))

    def start_filter(self) -> None:
        """Open the line a filter is typed in, or go back to it."""
        bar = self.query(FilterBar).first() if self.query(FilterBar) else None
        if bar is None:
            bar = FilterBar(self.revisions.wanted)
            self.mount(bar)
        self.set_focus(bar)
        if self.arrangement.active != REVISIONS:
            self._activate(REVISIONS)

    def drop_filter(self) -> None:
        """Show every revision again."""
        self.revisions.filter_by("")
        self._close_filter()

    def on_filter_bar_dropped(self) -> None:
        """Escape in the filter line."""
        self.drop_filter()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter while typing."""
        self.revisions.filter_by(event.value)

    def on_input_submitted(self) -> None:
        """Keep the filter, and go back to the table."""
        self._close_filter()

    def _close_filter(self) -> None:
        """The table has the focus before the line goes: else Textual would look for the next best."""
        self.show_pane(REVISIONS)
        self.query(FilterBar).remove()

    def next_pane(self, steps: int) -> None:
        """Focus the pane so many steps further on."""
        self.show_pane(self.arrangement.neighbour(steps))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The mouse can focus a pane as well."""
        pane = next((each for each in event.widget.ancestors_with_self if isinstance(each, Framed)), None)
        if pane is not None and self.arrangement.active != pane.NUMBER:
            self._activate(pane.NUMBER)

    def on_revisions_selected(self) -> None:
        """Another revision: its summary, and its signals beside the stable one's."""
        self._follow_selection()

    def on_tabs_clicked(self, event: Tabs.Clicked) -> None:
        """A tab was clicked."""
        self.show_pane(event.number)

    def on_framed_titled(self) -> None:
        """The tabs say what the frames would."""
        self._label_tabs()

    def _label_tabs(self) -> None:
        self.footer.attend(self.arrangement.active, self.active_pane.NAME)
        names = {number: pane.NAME for number, pane in self._tiles.panes.items()}
        self.query_one(Tabs).picture(names, self.arrangement.active, self.active_pane.heading)

    def _slots_of(self, snapshot: Snapshot) -> Mapping[str, int]:
        from cockpit.tui.views.traffic import active

        return self._slots.give(active(snapshot))

    def _follow_selection(self) -> None:
        if self._snapshot is not None:
            slots, selected = self._slots_of(self._snapshot), self.revisions.selected
            self.summary.picture(self._snapshot, self.revisions.row, slots.get(selected))
            self.signals.picture(self._snapshot, selected, slots)

    def _land(self, number: int, go: Callable[[], object]) -> None:
        self.show_pane(number)
        go()

    def _activate(self, number: int) -> None:
        self.arrangement.focus(number)
        self._arrange()

    def _arrange(self) -> None:
        wanted = self.arrangement.layout(*self.app.size)
        self._tiles.lay_out(wanted.plan)
        self._screens.fit(0 if wanted.tiny else self.app.size.height)
        self._screens.note(f"{self._keymap.shown('arrangement')} {self.arrangement.preset.name}")
        self.query_one(Tabs).display = wanted.tabs
        self._label_tabs()
        self.query_one(Notices).allow(wanted.notices)
        self.set_class(wanted.tabs, "-tabs")
        self.set_class(wanted.tiny, "-tiny")
        self.set_class(not wanted.bars, "-zoomed")
