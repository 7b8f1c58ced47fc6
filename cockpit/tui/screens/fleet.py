"""Every service of the configured projects and regions, the worst first; enter opens one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.screen import Screen

from cockpit.metrics.alerts import AlertState
from cockpit.release.service import ServiceRef
from cockpit.tui.app import CockpitApp
from cockpit.tui.jumping import Spot
from cockpit.tui.keys import bindings
from cockpit.tui.lines import Line, Span
from cockpit.tui.views.fleet import summary, troubles
from cockpit.tui.widgets.filter_bar import FilterBar
from cockpit.tui.widgets.fleet_table import FleetTable
from cockpit.tui.widgets.line_view import LineView
from cockpit.tui.widgets.screen_tabs import ScreenTabs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Size
    from textual.widgets import Input

    from cockpit.live.session import FleetWatch
    from cockpit.tui.keys import Keymap

KEYS = "↑↓ select · ⏎ open · / filter · r read again · esc back"
ONLY_HERE = "alerts are known of the service that is open: its rules are evaluated here, nobody else's"
MOST_TROUBLES = 6
MOVES = ("down", "up", "page_down", "page_up", "first", "last")


class FleetScreen(Screen["ServiceRef | None"]):
    """Watches a fleet while it is open; answers the service that was chosen, None for none.

    `alerts` tells how many alerts fire, for the services of which that is known.
    """

    ACTION: ClassVar[str] = "fleet"
    DEFAULT_CSS: ClassVar[str] = """
    FleetScreen {
        background: $background; layout: vertical;
        FleetTable { height: 1fr; }
        #summary { height: 1; }
        #troubles { height: auto; }
        #keys { dock: bottom; height: 1; background: $panel; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False),
        Binding("q,f4,G", "leave", show=False),
        Binding("enter", "open", show=False),
        Binding("slash", "filter", show=False),
        Binding("r,ctrl+r,f5", "read", show=False),
        *bindings(MOVES, "screen.move"),
        *bindings(["cockpit", "dashboards", "jump", "help", "theme"]),
    ]
    AUTO_FOCUS = "FleetTable"
    app = getters.app(CockpitApp)

    def __init__(self, watch: FleetWatch, keymap: Keymap) -> None:
        super().__init__()
        self._watch = watch
        self._tabs = ScreenTabs("fleet", keymap)
        self._summary = LineView(id="summary")
        self._troubles = LineView(id="troubles")
        self.table = FleetTable()
        self._keys = LineView(id="keys")
        self._stop: Callable[[], None] | None = None

    def compose(self) -> ComposeResult:
        """What the fleet comes to, what is amiss, and its services."""
        yield self._tabs
        yield self._summary
        yield self.table
        yield self._troubles
        yield self._keys

    async def on_mount(self) -> None:
        """Watch; ages move by themselves."""
        self._keys.draw(lambda _: [Line((Span(f" {KEYS}", "muted"),))])
        self._stop = self._watch.subscribe(self._draw)
        self.set_interval(1.0, self._draw)
        self._draw()
        await self._watch.start()

    async def on_unmount(self) -> None:
        """Watch no more."""
        if self._stop is not None:
            self._stop()
        await self._watch.stop()

    def on_resize(self, event: events.Resize) -> None:
        """There may be a line for the tabs, or no more."""
        self._tabs.fit(event.size.height)
        self._draw()

    def action_move(self, action: str) -> None:
        """Move the cursor."""
        moves: Mapping[str, Callable[[], None]] = {
            "down": lambda: self.table.move(1),
            "up": lambda: self.table.move(-1),
            "page_down": lambda: self.table.page(1),
            "page_up": lambda: self.table.page(-1),
            "first": lambda: self.table.move_to_end(-1),
            "last": lambda: self.table.move_to_end(1),
        }
        moves[action]()

    def spots(self) -> Iterator[Spot]:
        """Everything worth jumping to: tabs and services."""
        yield from self._tabs.spots()
        place = self.table.content_region
        for y, go in self.table.landmarks():
            yield Spot(place.x, place.y + y, go)

    def action_open(self) -> None:
        """Open the service under the cursor."""
        if self.table.current is not None:
            self.dismiss(self.table.current.ref)

    def on_fleet_table_chosen(self) -> None:
        """It was clicked twice."""
        self.action_open()

    def action_read(self) -> None:
        """Read everything now."""
        self._watch.refresh()

    def action_back(self) -> None:
        """Show every service again, else back to where this was opened."""
        if self.table.wanted:
            self.table.filter_by("")
        else:
            self.dismiss(None)

    def action_leave(self) -> None:
        """Back to where this was opened."""
        self.dismiss(None)

    def action_filter(self) -> None:
        """Open the line a filter is typed in, or go back to it."""
        bar = next(iter(self.query(FilterBar)), None)
        if bar is None:
            bar = FilterBar(self.table.wanted, "words a service must contain")
            self.mount(bar)
        self.set_focus(bar)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter while typing."""
        self.table.filter_by(event.value)

    def on_input_submitted(self) -> None:
        """Keep the filter."""
        self._close_filter()

    def on_filter_bar_dropped(self) -> None:
        """Show every service again."""
        self.table.filter_by("")
        self._close_filter()

    def _close_filter(self) -> None:
        self.set_focus(self.table)
        self.query(FilterBar).remove()

    def _draw(self) -> None:
        picture = self._watch.picture.with_alerts(self._firing())
        self._summary.draw(lambda size: [summary(picture, size.width)])
        self.table.picture(picture)

        def amiss(size: Size) -> list[Line]:
            lines = troubles(picture, size.width)
            if len(lines) > MOST_TROUBLES:
                left = len(lines) - MOST_TROUBLES + 1
                more = Line((Span(f"   and {left} lines more: `cockpit fleet` has them all", "muted"),))
                lines = [*lines[: MOST_TROUBLES - 1], more]
            unknown = picture.alerts is None and any(member.alerts is None for member in picture.members)
            return [*lines, *([Line((Span(f" – {ONLY_HERE}", "muted"),))] if unknown else [])]

        self._troubles.styles.height = len(amiss(self.app.size))
        self._troubles.draw(amiss)

    def _firing(self) -> dict[ServiceRef, int]:
        """How many alerts fire of the service at hand; its rules are the only ones that are evaluated here."""
        session = self.app.session
        if session is None or session.snapshot.metrics is None or not session.snapshot.metrics.alerts:
            return {}
        alerts = session.snapshot.metrics.alerts
        return {session.snapshot.ref: sum(alert.state is AlertState.FIRING for alert in alerts)}
