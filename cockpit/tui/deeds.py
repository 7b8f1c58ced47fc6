"""What every action does. The registry says what there is; this says how, on the app and its main screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cockpit.actions import ACTIONS, BY_ID, Group
from cockpit.actions.app import APP
from cockpit.actions.events import EVENTS
from cockpit.live.session import RefusedError
from cockpit.text import clean
from cockpit.tui import openings
from cockpit.tui.layout import PANES
from cockpit.tui.screen_deeds import on_screens

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.live.session import Door, Session
    from cockpit.release.plan import Plan
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.chart_feed import ChartFeed
    from cockpit.tui.screens.main import MainScreen
    from cockpit.tui.widgets.chart import Chart
    from cockpit.tui.widgets.timeline_pane import TimelinePane

LEFT_BEHIND = "Cloud Run carries it on; the journal has it, and the next start says how it ended."


class Deeds:
    """Takes actions by name. An action that cannot be taken now says why instead."""

    def __init__(self, app: CockpitApp) -> None:
        self._app = app
        self._deeds: dict[str, Callable[[], object]] = {
            "shift": lambda: self._open_shift(0),
            "more": lambda: self._open_shift(1),
            "less": lambda: self._open_shift(-1),
            "promote": lambda: self._confirm(lambda door: door.plan_promote(self._selected)),
            "rollback": lambda: self._confirm(lambda door: door.plan_rollback()),
            "undo": lambda: self._confirm(lambda door: door.plan_undo()),
            "tags": lambda: app.push_screen(openings.tags(self._session, self._selected)),
            "arm": self._arm,
            "sides": self._open_sides,
            "detail": lambda: app.push_screen(openings.detail(self._session, self._selected)),
            "copy": self._copy,
            "filter": app.main.start_filter,
            "clear": self._clear,
            "fold": app.main.revisions.fold,
            "refresh": self._refresh,
            "pick": app.pick,
            **_on_chart(app.main.chart, app.chart_feed),
            **_on_time(app),
            **on_screens(app),
            "metrics": lambda: app.push_screen(openings.browser(self._session, app.past_expressions)),
            "promql": lambda: app.push_screen(openings.editor(self._session, app.past_expressions)),
            "whole_logs": app.log_feed.open_whole,
            **{each.id: partial(app.log_feed.take, each.id) for each in ACTIONS if each.group is Group.LOGS},
            **{each.id: partial(app.main.application.take, each.id) for each in APP},
            **{each.id: partial(app.timeline_feed.take, each.id) for each in EVENTS},
            "note": app.timeline_feed.note,
            "theme": app.next_theme,
            "palette": self._palette,
            "help": lambda: app.push_screen(openings.help_screen(app.keymap, app.facts)),
            "quit": self._quit,
            "next_pane": lambda: self._main.next_pane(1),
            "previous_pane": lambda: self._main.next_pane(-1),
            **{f"pane_{number}": partial(app.main.show_pane, number) for number in PANES},
            "down": lambda: self._main.active_pane.move(1),
            "up": lambda: self._main.active_pane.move(-1),
            "page_down": lambda: self._main.active_pane.page(1),
            "page_up": lambda: self._main.active_pane.page(-1),
            "first": lambda: self._main.active_pane.move_to_end(-1),
            "last": self._to_last,
        }

    @property
    def names(self) -> set[str]:
        """Every action that can be taken."""
        return set(self._deeds)

    def take(self, action: str) -> None:
        """Take an action, or say why it cannot be taken. Moving always can: what decides it is not looked up."""
        known = BY_ID[action]
        reason = "" if known.group is Group.MOVE else known.why_not(self._app.facts)
        if reason:
            self._app.say(f"{known.title}: {reason}", "warn")
            return
        try:
            self._deeds[action]()
        except RefusedError as refused:
            mend = f" · {clean(refused.mend)}" if refused.mend else ""
            self._app.say(f"{known.title}: {clean(str(refused))}{mend}", "warn")

    @property
    def _main(self) -> MainScreen:
        return self._app.main

    @property
    def _session(self) -> Session:
        assert self._app.session is not None, "actions on a service are dimmed until there is one"
        return self._app.session

    @property
    def _selected(self) -> str:
        return self._main.revisions.selected

    def _open_shift(self, points: int) -> None:
        self._app.push_screen(openings.shift(self._session, self._selected, points=points))

    def _confirm(self, plan: Callable[[Door], Plan]) -> None:
        self._app.push_screen(openings.confirm_plan(self._session, plan(self._session.door)))

    def _arm(self) -> None:
        snapshot = self._session.snapshot
        if snapshot.arming.seconds_left(self._session.now()):
            self._session.door.disarm()
            self._app.say("Read-only again.", "good")
        else:
            self._session.door.arm()
            self._app.say(f"Armed: changes to {clean(snapshot.ref.project)} are possible for a while.", "warn")

    def _refresh(self) -> None:
        self._session.refresh()
        self._app.say("Reading now.")

    def _open_sides(self) -> None:
        snapshot = self._app.snapshot
        change = snapshot.change if snapshot is not None else None
        if change is not None:
            self._app.push_screen(openings.sides(self._session, change))

    def _copy(self) -> None:
        snapshot = self._app.snapshot
        if snapshot is not None:
            self._app.push_screen(openings.copy(snapshot, self._selected))

    def _palette(self) -> None:
        def taken(action: str | None) -> None:
            if action:
                self.take(action)

        self._app.push_screen(openings.palette(self._app.keymap, self._app.facts), taken)

    def _clear(self) -> None:
        """Escape leads back by one step: from a pane seen alone, then from a filter."""
        if self._main.arrangement.zoomed:
            self._main.zoom(zoomed=False)
        else:
            self._main.drop_filter()

    def _to_last(self) -> None:
        """Back to now for who looks back, else to the pane's last row."""
        if self._app.cursor.at is None:
            self._main.active_pane.move_to_end(1)
        else:
            self._app.cursor.live()

    def _quit(self) -> None:
        from cockpit.tui.views.facts import under_way

        # What is under way now, whatever moment is looked at.
        session = self._app.session
        live = session is not None and session.player is None
        busy = under_way(session.snapshot) if session is not None and live else ""
        if not busy:
            self._app.exit()
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self._app.exit()

        question = openings.confirm("Quit now?", f"A change is under way: {busy}.\n{LEFT_BEHIND}", "Quit", "Stay")
        self._app.push_screen(question, answered)


def _on_time(app: CockpitApp) -> dict[str, Callable[[], object]]:
    """The way to another moment: by columns and spans of the timeline where it has the focus, else the chart's."""
    cursor, main = app.cursor, app.main

    def axis() -> Chart | TimelinePane:
        return main.timeline if main.active_pane is main.timeline else main.chart

    return {
        "freeze": cursor.toggle,
        "cursor_left": lambda: cursor.move(-axis().column_seconds),
        "cursor_right": lambda: cursor.move(axis().column_seconds),
        "earlier": lambda: cursor.move(-axis().span_seconds / 4),
        "later": lambda: cursor.move(axis().span_seconds / 4),
        "go_to_time": app.ask_time,
        "slower": partial(_play, app, 0.5),
        "faster": partial(_play, app, 2.0),
    }


def _play(app: CockpitApp, times: float) -> None:
    player = app.cursor.player
    if player is not None:
        player.run_at(player.speed * times)


def _on_chart(chart: Chart, feed: ChartFeed) -> dict[str, Callable[[], object]]:
    """What is done to the chart: to what it shows, and to how it is looked at."""
    return {
        "next_signal": partial(feed.step, 1),
        "previous_signal": partial(feed.step, -1),
        "whole_chart": feed.open_whole,
        "zoom_in": partial(chart.zoom, 1),
        "zoom_out": partial(chart.zoom, -1),
        "fix_values": chart.toggle_fixed,
        "compare_times": chart.toggle_compare,
    }
