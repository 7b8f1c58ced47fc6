"""The cockpit itself: header, traffic, panes and footer, arranged for the terminal's size."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.screen import Screen

from cockpit.actions import ACTIONS
from cockpit.tui.keys import bindings
from cockpit.tui.layout import LOGS, LOWER, PANES, REVISIONS, UPPER, layout
from cockpit.tui.widgets.alerts import Alerts
from cockpit.tui.widgets.chart_pane import ChartPane
from cockpit.tui.widgets.commands import Commands
from cockpit.tui.widgets.filter_bar import FilterBar
from cockpit.tui.widgets.footer import Footer
from cockpit.tui.widgets.framed import Framed
from cockpit.tui.widgets.header import Header
from cockpit.tui.widgets.history import History
from cockpit.tui.widgets.log_pane import LogPane
from cockpit.tui.widgets.notices import Notices
from cockpit.tui.widgets.revisions import Revisions
from cockpit.tui.widgets.signals import Signals
from cockpit.tui.widgets.strips import Tabs, Tiny
from cockpit.tui.widgets.summary import Summary
from cockpit.tui.widgets.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.widgets import Input

    from cockpit.live.snapshot import Snapshot
    from cockpit.tui.colours import Slots
    from cockpit.tui.keys import Keymap


class MainScreen(Screen[None]):
    """One service at a glance. Every part shows the same snapshot; `picture` hands it to them."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(action.id for action in ACTIONS if action.scope is None)
    DEFAULT_CSS: ClassVar[str] = """
    MainScreen {
        layout: vertical;
        overflow: hidden;
        background: $background;
        Header, Notices, Tabs { height: 1; }
        Traffic { height: 3; }
        Horizontal { overflow: hidden; }
        #body { height: 1fr; }
        #below { height: 42%; min-height: 5; max-height: 24; }
        Revisions, Signals { width: 1fr; }
        ChartPane { width: 3fr; }
        Alerts, Summary, History, Commands { width: 2fr; }
        LogPane { height: 42%; min-height: 5; }
        &.-stacked #body { layout: vertical; Revisions, Signals { height: 1fr; } }
        Tiny { display: none; height: 1fr; }
        &.-three-rows { #below { height: 29%; } LogPane { height: 35%; } }
        &.-tabs { #below, LogPane { height: 1fr; max-height: 100%; } }
        &.-tabs Framed { border: none; }
        &.-tiny { Header, Traffic, Notices, Footer { display: none; } Tiny { display: block; } }
    }
    """

    def __init__(self, keymap: Keymap, slots: Slots) -> None:
        super().__init__(id="_default")
        self._keymap = keymap
        self._slots = slots
        self._snapshot: Snapshot | None = None
        self._recent = list(PANES)
        self.revisions = Revisions(keymap.shown("fold"))
        self.signals = Signals()
        self.chart = ChartPane()
        self.alerts = Alerts()
        self.summary = Summary()
        self.history = History()
        self.commands = Commands()
        self.logs = LogPane(keymap.shown("log_back"))
        lower = (self.chart, self.alerts, self.summary, self.history, self.commands)
        whole = (self.revisions, self.signals, *lower, self.logs)
        self._panes: dict[int, Framed] = {pane.NUMBER: pane for pane in whole}
        self.footer = Footer(keymap)

    def compose(self) -> ComposeResult:
        """Everything; `layout` decides what is in view."""
        yield Header()
        yield Traffic()
        yield Notices()
        yield Tabs()
        with Horizontal(id="body"):
            yield from (self._panes[number] for number in PANES if number in UPPER)
        with Horizontal(id="below"):
            yield from (self._panes[number] for number in PANES if number in LOWER)
        yield self.logs
        yield Tiny()
        yield self.footer

    def on_mount(self) -> None:
        """Arranged before the first layout, so that there is only one; the table has the focus."""
        self._arrange()
        self.revisions.focus()

    def on_resize(self, _event: events.Resize) -> None:
        """Arrange for the new size."""
        self._arrange()

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
        self.alerts.picture(snapshot, slots)
        self._follow_selection()
        self.history.picture(snapshot)
        self.commands.picture(snapshot)

    @property
    def _active(self) -> int:
        return self._recent[0]

    @property
    def active_pane(self) -> Framed:
        """The pane that movement keys move in."""
        return self._panes[self._active]

    def show_pane(self, number: int) -> None:
        """Bring a pane into view and focus it."""
        self._activate(number)
        self.set_focus(self._panes[number].hands)

    def start_filter(self) -> None:
        """Open the line a filter is typed in, or go back to it."""
        bar = self.query(FilterBar).first() if self.query(FilterBar) else None
        if bar is None:
            bar = FilterBar(self.revisions.wanted)
            self.mount(bar)
        bar.focus()
        if self._active != REVISIONS:
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
        self.show_pane((self._active - 1 + steps) % len(PANES) + 1)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The mouse can focus a pane as well."""
        pane = next((each for each in event.widget.ancestors_with_self if isinstance(each, Framed)), None)
        if pane is not None and self._active != pane.NUMBER:
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
        self.footer.attend(self._active, self.active_pane.NAME)
        names = {number: pane.NAME for number, pane in self._panes.items()}
        self.query_one(Tabs).picture(names, self._active, self.active_pane.heading)

    def _slots_of(self, snapshot: Snapshot) -> Mapping[str, int]:
        from cockpit.tui.views.traffic import active

        return self._slots.give(active(snapshot))

    def _follow_selection(self) -> None:
        if self._snapshot is not None:
            slots, selected = self._slots_of(self._snapshot), self.revisions.selected
            self.summary.picture(self._snapshot, self.revisions.row, slots.get(selected))
            self.signals.picture(self._snapshot, selected, slots)

    def _activate(self, number: int) -> None:
        self._recent.remove(number)
        self._recent.insert(0, number)
        self._arrange()

    def _arrange(self) -> None:
        wanted = layout(*self.app.size, self._recent)
        for number, pane in self._panes.items():
            pane.display = number in wanted.panes
        self.query_one("#body").display = bool(wanted.panes & UPPER)
        self.query_one("#below").display = bool(wanted.panes & LOWER)
        self.set_class(LOGS in wanted.panes and bool(wanted.panes & LOWER), "-three-rows")
        self.set_class(wanted.panes == UPPER, "-stacked")
        self.query_one(Tabs).display = wanted.tabs
        self._label_tabs()
        self.query_one(Notices).allow(wanted.notices)
        self.set_class(wanted.tabs, "-tabs")
        self.set_class(wanted.tiny, "-tiny")
