"""A Grafana dashboard on the screen: its panels on a board, its variables, and the times that are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from cockpit.live.metrics.picture import LOCAL, sample_time
from cockpit.text import clean
from cockpit.tui import openings
from cockpit.tui.app import CockpitApp
from cockpit.tui.dashboard_feed import DashboardFeed
from cockpit.tui.keys import bindings
from cockpit.tui.lines import Span
from cockpit.tui.panels.arrangement import arranged
from cockpit.tui.tiling import Place
from cockpit.tui.views.looking import standing
from cockpit.tui.widgets.dashboard_head import DashboardHead
from cockpit.tui.widgets.panel_board import PanelBoard
from cockpit.tui.widgets.screen_tabs import ScreenTabs

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from cockpit.live.session import Session
    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.dashboards.intervals import Window
    from cockpit.metrics.dashboards.model import Variable
    from cockpit.tui.dashboard_sight import Sight, Sights
    from cockpit.tui.keys import Keymap
    from cockpit.tui.lines import Spans
    from cockpit.tui.panels.arrangement import Item
    from cockpit.tui.panels.faces import Around
    from cockpit.tui.past_expressions import PastExpressions

KEYS = "esc back · ⏎ open, fold · [ ] zoom · v variables · d dashboards · x copy PromQL · e edit it · ←↑↓→ choose"
KEYS_OF_ONE = (
    "esc back · ←→ cursor · ⇧←→ move · [ ] zoom · ⇥ next · x copy PromQL · e edit it · space freezes · end now"
)
POINTS, POINTS_OF_ONE = 240, 480
"""Values a line: about two a column of a panel, or of the whole screen."""
REFRESH, REFRESH_REMOTE = 5.0, 30.0
"""Seconds between two rounds of questions; those of a remote engine, where the dashboard says no more."""
SCRAPES_A_WINDOW = 4
"""Scrapes that courses look back over: `$__rate_interval` is meant to be as many."""


class DashboardScreen(Screen[None]):
    """Shows the current one of `sights`. `past` are the expressions that the editor goes back to."""

    ACTION: ClassVar[str] = "dashboards"
    DEFAULT_CSS: ClassVar[str] = """
    DashboardScreen {
        background: $background;
        #keys {
            dock: bottom; height: 1; padding: 0 1; background: $panel; color: $text-muted;
            text-wrap: nowrap; text-overflow: ellipsis;
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "back", show=False),
        Binding("D", "leave", show=False),
        Binding("right_square_bracket,plus", "zoom(1)", show=False),
        Binding("left_square_bracket,minus", "zoom(-1)", show=False),
        Binding("shift+left", "pan(-1)", show=False),
        Binding("shift+right", "pan(1)", show=False),
        Binding("end", "live", show=False),
        Binding("v", "variables", show=False),
        Binding("d", "dashboards", show=False),
        Binding("x,ctrl+y", "copy", show=False),
        Binding("e", "edit", show=False),
        Binding("r,ctrl+r,f5", "again", show=False),
        *bindings(["freeze", "go_to_time", "slower", "faster", "cockpit", "fleet", "help"]),
    ]
    AUTO_FOCUS = "PanelBoard"
    app = getters.app(CockpitApp)

    def __init__(self, session: Session, sights: Sights, past: PastExpressions, keymap: Keymap) -> None:
        super().__init__()
        self._session = session
        self._sights = sights
        self._past = past
        self._head = DashboardHead()
        self._tabs = ScreenTabs("dashboards", keymap)
        self.board = PanelBoard()
        self._feed = DashboardFeed(session.engine) if session.engine is not None else None
        self._keys = Static(Content(KEYS), id="keys")
        self._one: Item | None = None
        self._before = 0
        self._asked_at = 0.0
        self._length = 0.0
        self._reading_at: float | None = None

    def compose(self) -> ComposeResult:
        """The head, the board, and the keys."""
        yield self._tabs
        yield self._head
        yield self.board
        yield self._keys

    def on_mount(self) -> None:
        """Follow the snapshots and the time cursor."""
        self.app.snapshots.subscribe(self, self._follow)
        self.app.cursor.changed.subscribe(self, self._look)
        self._open()

    def on_resize(self, event: events.Resize) -> None:
        """There may be a line for the tabs, or no more."""
        self._tabs.fit(event.size.height)

    @property
    def sight(self) -> Sight:
        """The dashboard that is looked at."""
        return self._sights.current

    @property
    def settled(self) -> bool:
        """Whether all that is in view is answered and drawn, over the times that it should be."""
        return self.board.settled and self.sight.length(self._now) == self._length

    @property
    def window(self) -> Window:
        """What is asked for now."""
        metrics = self._session.snapshot.metrics
        scrape = (metrics.course_window if metrics else 60) / SCRAPES_A_WINDOW
        points = POINTS if self._one is None else POINTS_OF_ONE
        return self.sight.window(self.sight.span(self._now, self.app.cursor.at), points, scrape)

    @property
    def _now(self) -> float:
        """The moment that is shown, as samples are stamped."""
        at, snapshot = self.app.cursor.at, self.app.snapshot
        return sample_time(snapshot) if at is None and snapshot is not None else self.app.cursor.now()

    # The dashboard, and its rounds of questions

    def _open(self) -> None:
        """Show the current dashboard; what its variables can be is asked for first."""
        self._one = None
        self.sight.expand(self.window)
        self.board.show(self.sight, self._feed, self._plan)
        self._write()
        self._read_variables()

    @work(exclusive=True, group="variables")
    async def _read_variables(self) -> None:
        sight, window = self.sight, self.window
        if self._feed is not None:
            await sight.read_options(self._feed.engine, window)
        if sight is self.sight:
            sight.expand(window)
            self.board.show(sight, self._feed, self._plan)
            self._ask(anew=True)

    def _plan(self, cells: int, height: int) -> tuple[list[Item], list[Place]]:
        """All of the dashboard, or the one panel that has the whole screen."""
        if self._one is not None:
            return [self._one], [Place(0, 0, cells, height)]
        return arranged(self.sight.rows, self.sight.folded, cells, height)

    def _ask(self, *, anew: bool = False) -> None:
        self._asked_at = self.app.now()
        self._length = self.sight.length(self._now)
        self.board.ask(self.window, self._look_around, anew=anew)
        self._write()

    def _follow(self, snapshot: Snapshot) -> None:
        """Time has gone on: ask again once there are newer samples, and not too often."""
        if self.app.screen is not self:
            return
        reading = snapshot.metrics.read_at if snapshot.metrics else None
        remote = snapshot.metrics is not None and snapshot.metrics.engine != LOCAL
        pause = max(REFRESH, self.sight.dashboard.refresh_seconds or REFRESH_REMOTE) if remote else REFRESH
        due = reading != self._reading_at and self.app.now() - self._asked_at >= pause
        other_times = self.sight.length(self._now) != self._length
        if self.app.cursor.at is None and (due or other_times):
            self._reading_at = reading
            self._ask(anew=other_times)
        else:
            self._write()

    def on_panel_board_aged(self) -> None:
        """No hour of nothing: the times in view follow how far back there is anything."""
        if self.sight.length(self._now) != self._length:
            self._ask(anew=True)

    def _look(self, _at: float | None) -> None:
        """Another moment is looked at."""
        if self.app.screen is self:
            self._ask(anew=True)

    def _look_around(self) -> Around | None:
        """What panels are drawn with beside their answers."""
        from cockpit.tui import charting
        from cockpit.tui.panels.faces import Around
        from cockpit.tui.views.traffic import active

        snapshot = self.app.snapshot
        if snapshot is None:
            return None
        slots = self.app.slots.give(active(snapshot))
        timeline = self.app.timeline_feed.timeline
        happened = charting.events(timeline.events, snapshot.ref.service) if timeline is not None else ()
        return Around(slots, happened, self.app.cursor.at, self._now, service=snapshot.ref.service)

    def _write(self) -> None:
        """The lines above the board."""
        looking = self.app.cursor.looking
        times: Spans = (Span(self.sight.described(self._now), "muted"),)
        if looking is not None:
            times = (*standing(looking), Span("  "), *times)
        named = [(clean(each.title), self.sight.told(each)) for each in self.sight.choices]
        problems = tuple(self.sight.problems.values())
        lacks = (*problems, *map(clean, self.sight.dashboard.missing))
        lacks += (f"{len(found)} parts could not be read",) if (found := self.sight.dashboard.problems) else ()
        self._head.picture(clean(self.sight.dashboard.title), times, named, " · ".join(lacks))

    # Keys

    def on_board_opened(self) -> None:
        """Fold a row, or give a panel the whole screen and take it from it."""
        item = self.board.current
        if self._one is not None:
            self.action_back()
        elif item is not None and item.panel is None:
            self.sight.folded ^= {item.row}
            self.board.place()
        elif item is not None:
            self._before = self.board.selected
            self._give_all(item)

    def _give_all(self, item: Item | None) -> None:
        """The whole screen to one panel, or to all of them."""
        self._one = item
        self.board.alone = item is not None
        self._keys.update(Content(KEYS if item is None else KEYS_OF_ONE))
        self.board.place(self._before if item is None else 0)
        self._ask(anew=True)

    def on_panel_board_pointed(self, event: PanelBoard.Pointed) -> None:
        """The cursor moves along the panel's canvas."""
        self.app.cursor.move(event.seconds)

    def on_panel_board_turned(self, event: PanelBoard.Turned) -> None:
        """The panel after this one, or before, has the whole screen."""
        items, _ = arranged(self.sight.rows, self.sight.folded, *self.board.size)
        panels = [number for number, item in enumerate(items) if item.panel is not None]
        place = panels.index(self._before) if self._before in panels else 0
        self._before = panels[(place + event.by) % len(panels)]
        self._give_all(items[self._before])

    def action_zoom(self, steps: int) -> None:
        """Show less time, or more by a negative number."""
        self.sight.zoom(steps, self._now)
        self._ask(anew=True)

    def action_pan(self, steps: int) -> None:
        """Look a quarter of what is in view earlier or later."""
        self.app.cursor.move(steps * self.sight.length(self._now) / 4)

    def action_live(self) -> None:
        """Back to the present, or to the last panel."""
        if self.app.cursor.at is not None:
            self.app.cursor.live()
        else:
            self.board.action_edge(-1)

    def action_again(self) -> None:
        """Ask once more."""
        self._ask(anew=True)

    def action_copy(self) -> None:
        """Copy the selected panel's PromQL, as it is asked."""
        if expressions := self.board.expressions:
            self.app.copy_to_clipboard("\n".join(expressions))
            self.notify(f"Copied: {clean(expressions[0])}", markup=False)

    def action_edit(self) -> None:
        """Write on at the selected panel's first expression."""
        if expressions := self.board.expressions:
            self.app.push_screen(openings.editor(self._session, self._past, expressions[0]))

    def action_variables(self) -> None:
        """Choose the value of a variable; of several, which one first."""
        choices = self.sight.choices
        if not choices:
            self.notify("This dashboard has no variables.", markup=False)
        elif len(choices) == 1:
            self._choose(choices[0])
        else:
            self.app.push_screen(openings.variables(self.sight), self._choose)

    def _choose(self, variable: Variable | None) -> None:
        if variable is None:
            return

        def chosen(values: tuple[str, ...] | None) -> None:
            if values is not None and values != self.sight.values(variable):
                self.sight.chosen[variable.name] = values
                self._open()

        self.app.push_screen(openings.variable(self.sight, variable), chosen)

    def action_dashboards(self) -> None:
        """Go to another dashboard."""
        if len(self._sights.all) < 2:
            self.notify("There is one dashboard; [dashboards] files in config.toml names more.", markup=False)
            return

        def picked(index: int | None) -> None:
            if index is not None and index != self._sights.index:
                self._sights.index = index
                self._open()

        self.app.push_screen(openings.dashboard_picker(self._sights), picked)

    def action_back(self) -> None:
        """From one panel to all, and from these to the cockpit."""
        if self._one is not None:
            self._give_all(None)
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Back to the cockpit."""
        self.dismiss(None)
