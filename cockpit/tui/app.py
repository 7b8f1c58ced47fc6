"""The terminal app: it keeps one session, publishes its snapshots to the views, and takes actions."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.signal import Signal

from cockpit.actions import Facts
from cockpit.text import clean
from cockpit.tui import openings
from cockpit.tui.chart_feed import ChartFeed
from cockpit.tui.colours import Slots
from cockpit.tui.deeds import Deeds
from cockpit.tui.keys import DEFAULT_KEYMAP
from cockpit.tui.layout_memory import LayoutMemory
from cockpit.tui.log_feed import LogFeed
from cockpit.tui.past_expressions import PastExpressions
from cockpit.tui.ringing import Ringer
from cockpit.tui.screens.main import MainScreen
from cockpit.tui.terminal_app import TerminalApp, local_now
from cockpit.tui.time_cursor import TimeCursor
from cockpit.tui.timeline_feed import TimelineFeed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from textual.notifications import SeverityLevel
    from textual.screen import Screen

    from cockpit.config.logs import Times
    from cockpit.live.saved_layout import LayoutFile
    from cockpit.live.session import Fleet, Session
    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import ServiceRef
    from cockpit.tui.dashboard_sight import Sights
    from cockpit.tui.keys import Keymap
    from cockpit.tui.themes import Shelf
    from cockpit.tui.widgets.chart import Chart
    from cockpit.tui.widgets.footer import Footer
    from cockpit.tui.widgets.log_pane import LogPane
    from cockpit.tui.widgets.revisions import Revisions
    from cockpit.tui.widgets.screen_tabs import ScreenTabs
    from cockpit.tui.widgets.signals import Signals
    from cockpit.tui.widgets.time_bar import TimeBar

    Connect = Callable[[], Awaitable[tuple[Session | None, Fleet | None]]]

FRAME = 0.1
"""Seconds between two snapshots that are shown: more often nobody can read."""

_SEVERITIES: dict[str, SeverityLevel] = {"warn": "warning", "bad": "error"}


class CockpitApp(TerminalApp):
    """The cockpit on one session, or on a service picked from a fleet.

    `connect` gives both, either of them None; it is awaited after the first paint, so that what it loads delays
    nothing. `snapshots` publishes the newest snapshot, retimed to now: at most ten times a second as they come,
    and once a second so that ages move. The session is stopped on the way out. `notify` is how an alert that
    begins to fire is told: "none", "bell" or "notification". `times` is how the log writes moments at first.
    `sights` are the dashboards, once they are read. `layout` is where it is kept how all is looked at; with
    `own_times` that is not so of how the log writes moments. All else is as in TerminalApp.
    """

    CSS: ClassVar[str] = """
    CockpitApp.-looking-back Framed { border: dashed $border; }
    CockpitApp.-looking-back Framed:focus, CockpitApp.-looking-back Framed:focus-within { border: dashed $focus; }
    CockpitApp.-looking-back MainScreen.-tabs Framed { border: none; }
    """

    def __init__(
        self,
        connect: Connect,
        *,
        shelf: Shelf,
        theme: str = "dark",
        keymap: Keymap = DEFAULT_KEYMAP,
        notify: str = "none",
        times: Times = "local",
        components: Sequence[str] = (),
        layout: LayoutFile | None = None,
        own_times: bool = False,
        wall: Callable[[], datetime] = local_now,
    ) -> None:
        super().__init__(shelf=shelf, theme=theme, keymap=keymap, components=components, wall=wall)
        self.session: Session | None = None
        self.fleet: Fleet | None = None
        self.slots = Slots()
        self.snapshots: Signal[Snapshot] = Signal(self, "snapshots")
        self.main = MainScreen(keymap, self.slots)
        self.chart_feed = ChartFeed(self)
        self.log_feed = LogFeed(self, times)
        self.timeline_feed = TimelineFeed(self)
        self.cursor = TimeCursor(self)
        self.past_expressions = PastExpressions()
        self.sights: Sights | None = None
        self._connect = connect
        self._deeds = Deeds(self)
        self._ringer = Ringer(notify, self._tell_terminal)
        self._unsubscribe: Callable[[], None] | None = None
        self._frame_due = False
        self._shown_at = 0.0
        self._greeted = False
        self._memory = LayoutMemory(self, layout, own_times=own_times)
        self._memory.restore()
        self.wardrobe.dress()

    @property
    def snapshot(self) -> Snapshot | None:
        """How everything stands at the moment that is shown, retimed to it; None before a service is chosen."""
        return self.cursor.snapshot

    @property
    def facts(self) -> Facts:
        """What decides which actions can be taken now."""
        snapshot, session, looking = self.snapshot, self.session, self.cursor.looking
        around = Facts(has_fleet=self.fleet is not None, in_browser=self.is_web)
        if snapshot is None or session is None:
            return around
        from cockpit.tui.views.facts import facts_of
        from cockpit.tui.views.looking import reason

        around = replace(
            around,
            has_engine=session.engine is not None,
            has_logs=session.logs is not None,
            looking_back=reason(looking, self.keymap.shown("last")) if looking is not None else "",
            plays=session.player is not None,
        )
        return facts_of(snapshot, self.main.revisions.selected, around)

    def now(self) -> float:
        """This moment on the snapshots' clock."""
        return self.session.now() if self.session is not None else time.monotonic()

    def get_default_screen(self) -> Screen[None]:
        """The cockpit itself."""
        return self.main

    def on_ready(self) -> None:
        """The first paint is out: now the session may load what it needs."""
        self.set_interval(1.0, self._tick)
        self.cursor.changed.subscribe(self, self._look, immediate=True)
        self._begin()

    @work(exclusive=True)
    async def _begin(self) -> None:
        session, self.fleet = await self._connect()
        if session is not None:
            await self.open(session)
        else:
            self.pick()
        self.wardrobe.complain()

    async def open(self, session: Session) -> None:
        """Leave the session at hand for another one."""
        await self._leave()
        self.session = session
        self._greeted = False
        self._unsubscribe = session.subscribe(self._changed)
        self.cursor.attach(session)
        self._memory.attend(session.snapshot.ref)
        self.publish()
        await session.start()

    def pick(self) -> None:
        """Let the user choose a service. Turning away with none at hand leaves the cockpit."""
        fleet = self.fleet
        if fleet is None:
            self.exit()
            return

        async def picked(ref: ServiceRef | None) -> None:
            if ref is not None:
                await self.open(fleet.session(ref))
            elif self.session is None:
                self.exit()

        self.push_screen(openings.picker(fleet), picked)

    def next_theme(self) -> None:
        """Put on the next theme of the shelf."""
        self.wardrobe.change()

    def action_take(self, action: str) -> None:
        """Take an action of the registry."""
        self._deeds.take(action)

    def on_footer_pressed(self, event: Footer.Pressed) -> None:
        """The footer was clicked."""
        self.action_take(event.action)

    def on_screen_tabs_wanted(self, event: ScreenTabs.Wanted) -> None:
        """Another screen was clicked."""
        self.action_take(event.action)

    def on_revisions_chosen(self) -> None:
        """A revision was double-clicked."""
        self.action_take("detail")

    def on_chart_moved(self, event: Chart.Moved) -> None:
        """The reader moved along a chart: everything shows that moment."""
        self.cursor.move(event.seconds)

    def on_chart_pointed(self, event: Chart.Pointed) -> None:
        """The reader chose a moment of a chart."""
        self.cursor.freeze(event.at)

    def on_chart_let_go(self) -> None:
        """The reader wants to see what is newest."""
        self.cursor.live()

    def on_log_pane_let_go(self) -> None:
        """The reader wants to see what is newest."""
        self.cursor.live()

    def ask_time(self) -> None:
        """Let the user type a moment to go to, on whatever screen is in view."""
        if not self.screen.query("EntryBar"):
            cursor = self.cursor
            last = cursor.newest if cursor.player is None else cursor.player.ended  # however far it has played
            openings.time_bar(cursor.now(), last).open_on(self.screen)

    def on_timeline_pane_opened(self) -> None:
        """An event was double-clicked."""
        self.action_take("event_open")

    def on_time_bar_typed(self, event: TimeBar.Typed) -> None:
        """A moment was typed."""
        self.cursor.freeze(event.at)

    def on_app_pane_looked(self) -> None:
        """Another timeline of the application is looked at, or another period of it."""
        self._look_at_app()

    def on_log_pane_moment_wanted(self, event: LogPane.MomentWanted) -> None:
        """The reader chose the moment of an entry."""
        self.cursor.freeze(event.at)

    def on_chart_wanted(self, _event: Chart.Wanted) -> None:
        """Other times of a chart came into view."""
        self.chart_feed.look()

    def on_signals_chosen(self, event: Signals.Chosen) -> None:
        """Another signal is to be charted."""
        self.chart_feed.choose(event.signal)

    def on_revisions_selected(self, event: Revisions.Selected) -> None:
        """What can be done depends on the selected revision; one that the reader chose has its log shown."""
        self._publish_facts()
        self.log_feed.select(event.revision, by_reader=event.by_reader)

    def say(self, text: str, role: str = "") -> None:
        """Say one line for some seconds: in the footer, or over whatever screen hides it."""
        self.main.footer.say(text, role, time.monotonic())
        if len(self.screen_stack) > 1:
            self.notify(clean(text), severity=_SEVERITIES.get(role, "information"), markup=False)

    def exit(self, *args: Any, **words: Any) -> None:
        """Leave; what is in view is noted while it is."""
        self._memory.note()
        super().exit(*args, **words)

    async def on_unmount(self) -> None:
        """Keep how all was left, and stop what was started."""
        await self._memory.close()
        await self._leave()

    async def _leave(self) -> None:
        if self._unsubscribe is None or self.session is None:
            return
        self._unsubscribe()
        self._unsubscribe = None
        self.log_feed.close()
        self.cursor.attach(None)
        await self.session.stop()

    def _tick(self) -> None:
        self.wardrobe.look()
        self.publish()
        self._memory.look()

    def _changed(self, _snapshot: Snapshot) -> None:
        if self.cursor.at is not None:
            self.show_soon()
        elif not self._frame_due:
            self._frame_due = True
            self.set_timer(FRAME, self.publish)

    def show_soon(self) -> None:
        """Show what there is: at once where nothing was shown for a while, as somebody may wait for it."""
        wait = self._shown_at + FRAME - time.monotonic()
        if wait <= 0:
            self.publish()
        elif not self._frame_due:
            self._frame_due = True
            self.set_timer(wait, self.publish)

    def publish(self) -> None:
        """Show what there is now, or at the moment that is looked at; what rings rings in any case."""
        self._frame_due, self._shown_at = False, time.monotonic()
        if not self.is_running:
            return
        self.cursor.settle()
        snapshot, session = self.snapshot, self.session
        if snapshot is not None and session is not None:
            looking = self.cursor.looking
            self.set_class(looking is not None, "-looking-back")
            self.main.look(looking)
            self.main.picture(snapshot)
            self.chart_feed.follow(snapshot)
            self.log_feed.follow(snapshot)
            self.timeline_feed.follow(snapshot)
            self._look_at_app()
            self.snapshots.publish(snapshot)
            self._ringer.hear(session.snapshot)
            if session.player is None:
                self._greet(session.snapshot)
        self._publish_facts()

    def _look_at_app(self) -> None:
        """Have the timeline read that is shown, over the period that is."""
        asked = self.session.app if self.session is not None else None
        if asked is not None:
            asked.look(*self.main.application.chosen)

    def _look(self, at: float | None) -> None:
        """Somebody looks at another moment."""
        self.main.chart.stand(at)
        self.log_feed.stand(at)
        if not self.cursor.pending:
            self.publish()

    def _tell_terminal(self, sequence: str) -> None:
        """Write what draws nothing, as Textual's own `bell` does."""
        if not self.is_headless and self._driver is not None:
            self._driver.write(sequence)

    def _publish_facts(self) -> None:
        session = self.session
        armed = session is not None and session.snapshot.arming.seconds_left(session.now()) > 0
        self.main.footer.picture(self.facts, armed=armed, now=time.monotonic())

    def _greet(self, snapshot: Snapshot) -> None:
        """Say what to do where the service could not be read from the start."""
        from cockpit.live.snapshot import FeedState

        feed = snapshot.feed("service")
        if self._greeted or snapshot.service or feed is None or feed.state is not FeedState.FAILED:
            return
        if feed.problem is not None:
            self._greeted = True
            self.push_screen(openings.welcome(feed.problem))
