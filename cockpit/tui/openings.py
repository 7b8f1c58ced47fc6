"""How each screen is opened. Screens are imported at their first use, so that they do not slow the first paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from textual.screen import Screen

    from cockpit.actions import Facts
    from cockpit.live.logs.reading import Logs
    from cockpit.live.session import Fleet, FleetWatch, Session
    from cockpit.live.snapshot import Change, Problem, Snapshot
    from cockpit.logs.entry import Row
    from cockpit.metrics.dashboards.model import Variable
    from cockpit.release.events import Event
    from cockpit.release.plan import Plan
    from cockpit.release.service import ServiceRef
    from cockpit.tui.charts.data import ChartData
    from cockpit.tui.charts.view import View
    from cockpit.tui.dashboard_sight import Sight, Sights
    from cockpit.tui.jumping import Spot
    from cockpit.tui.keys import Keymap
    from cockpit.tui.log_reader import LogReader
    from cockpit.tui.past_expressions import PastExpressions
    from cockpit.tui.screens.chart import ChartScreen
    from cockpit.tui.screens.logs import LogsScreen
    from cockpit.tui.surroundings import Surroundings
    from cockpit.tui.timeline_feed import TimelineFeed
    from cockpit.tui.views.log_look import Look
    from cockpit.tui.widgets.note_bar import NoteBar
    from cockpit.tui.widgets.time_bar import TimeBar


def shift(session: Session, selected: str, *, points: int = 0) -> Screen[None]:
    """The shift dialog on what is asked now, the selected revision already moved by `points`."""
    from cockpit.tui.screens.shift import ShiftScreen

    return ShiftScreen(session, selected=selected, points=points)


def confirm_plan(session: Session, plan: Plan) -> Screen[None]:
    """The shift dialog on a finished plan: promote, roll back, undo."""
    from cockpit.tui.screens.shift import ShiftScreen

    return ShiftScreen(session, plan=plan)


def tags(session: Session, selected: str) -> Screen[None]:
    """The tags dialog."""
    from cockpit.tui.screens.tags import TagsScreen

    return TagsScreen(session, selected=selected)


def detail(session: Session, revision: str) -> Screen[None]:
    """One revision in full."""
    from cockpit.tui.screens.detail import DetailScreen

    return DetailScreen(session, revision)


def chart(data: ChartData, window: tuple[float, float], view: View) -> ChartScreen:
    """One chart on the whole screen."""
    from cockpit.tui.screens.chart import ChartScreen

    return ChartScreen(data, window, view)


def browser(session: Session, past: PastExpressions) -> Screen[None]:
    """Every metric, to look through and to chart."""
    from cockpit.tui.screens.browser import BrowserScreen

    return BrowserScreen(session, past)


def editor(session: Session, past: PastExpressions, expression: str = "") -> Screen[None]:
    """PromQL to write; it begins with an expression, or with the last one that was asked."""
    from cockpit.tui.screens.editor import EditorScreen

    return EditorScreen(session, past, expression)


def dashboards(session: Session, sights: Sights, past: PastExpressions, keymap: Keymap) -> Screen[None]:
    """The dashboard that is looked at; the others are chosen there."""
    from cockpit.tui.screens.dashboard import DashboardScreen

    return DashboardScreen(session, sights, past, keymap)


def dashboard_picker(sights: Sights) -> Screen[int | None]:
    """Choose one of the dashboards; answers its number."""
    from cockpit.tui.screens.dashboard_lists import DashboardPickerScreen

    return DashboardPickerScreen(sights)


def variables(sight: Sight) -> Screen[Variable | None]:
    """Choose one of a dashboard's variables."""
    from cockpit.tui.screens.dashboard_lists import VariablesScreen

    return VariablesScreen(sight)


def variable(sight: Sight, chosen: Variable) -> Screen[tuple[str, ...] | None]:
    """Choose the value of a variable; None where it was left as it is."""
    from cockpit.tui.screens.variable import VariableScreen

    why = sight.problems.get(chosen.name, "")
    return VariableScreen(chosen, sight.offered(chosen), sight.values(chosen), why)


def log_reader(logs: Logs, look: Look, wall: Callable[[], datetime]) -> LogReader:
    """A reader of a log: no screen, but numpy comes with it."""
    from cockpit.tui.log_reader import LogReader

    return LogReader(logs, look, wall=wall)


def logs(reader: LogReader, around: Surroundings, keymap: Keymap) -> LogsScreen:
    """A log on the whole screen, at its reader's place."""
    from cockpit.tui.screens.logs import LogsScreen

    return LogsScreen(reader, around, keymap)


def log_columns(reader: LogReader) -> Screen[None]:
    """Choose what stands before the text of log lines."""
    from cockpit.tui.screens.log_columns import LogColumnsScreen

    return LogColumnsScreen(reader)


def log_entry(reader: LogReader, row: Row) -> Screen[None]:
    """One entry in full."""
    from cockpit.tui.screens.log_entry import LogEntryScreen

    return LogEntryScreen(reader, row)


def log_write(reader: LogReader, service: str) -> Screen[None]:
    """Write what is shown to a file."""
    from cockpit.tui.screens.log_write import LogWriteScreen

    return LogWriteScreen(reader, service)


def log_digest(reader: LogReader, around: Surroundings, components: Sequence[str]) -> Screen[None]:
    """What is shown, summed up."""
    from cockpit.tui.screens.log_digest import LogDigestScreen

    return LogDigestScreen(reader, around, components)


def sides(session: Session, change: Change) -> Screen[None]:
    """The three-sided view of an overtaken change."""
    from cockpit.tui.screens.sides import SidesScreen

    return SidesScreen(session, change)


def time_bar(here: float, newest: float) -> TimeBar:
    """A line to type a moment in: no screen, but it stands on any."""
    from cockpit.tui.widgets.time_bar import TimeBar

    return TimeBar(here, newest)


def note_bar(keep: Callable[[str], None], at: float | None) -> NoteBar:
    """A line to type a note in, about a moment (epoch seconds), None for the present."""
    from cockpit.tui.charts.ticks import clock
    from cockpit.tui.widgets.note_bar import NoteBar

    return NoteBar(keep, "now" if at is None else clock(at))


def event(feed: TimelineFeed, of: Event) -> Screen[None]:
    """One event in full."""
    from cockpit.tui.screens.event import EventScreen

    return EventScreen(feed, of)


def picker(fleet: Fleet) -> Screen[ServiceRef | None]:
    """Choose a service; None when the user turned away."""
    from cockpit.tui.screens.picker import PickerScreen

    return PickerScreen(fleet)


def fleet(watch: FleetWatch, keymap: Keymap) -> Screen[ServiceRef | None]:
    """Every service there is; answers the one to open, None when the user turned away."""
    from cockpit.tui.screens.fleet import FleetScreen

    return FleetScreen(watch, keymap)


def jump(spots: Sequence[Spot]) -> Screen[Spot | None]:
    """A letter over every place worth going to."""
    from cockpit.tui.screens.jump import JumpScreen

    return JumpScreen(spots)


def welcome(problem: Problem) -> Screen[None]:
    """What to do where nothing can be read: no credentials, no permission, no answer at start."""
    from cockpit.tui.screens.welcome import WelcomeScreen

    return WelcomeScreen(problem)


def help_screen(keymap: Keymap, facts: Facts) -> Screen[None]:
    """Every action with its key, dimmed ones with the reason."""
    from cockpit.tui.screens.help import HelpScreen

    return HelpScreen(keymap, facts)


def confirm(question: str, reason: str, yes: str, no: str) -> Screen[bool]:
    """A question whose default answer is no."""
    from cockpit.tui.screens.confirm import ConfirmScreen

    return ConfirmScreen(question, reason, yes=yes, no=no)


def palette(keymap: Keymap, facts: Facts) -> Screen[str]:
    """Every action by name; answers the id of the chosen one."""
    from cockpit.tui.screens.palette import PaletteScreen

    return PaletteScreen(keymap, facts)


def copy(snapshot: Snapshot, selected: str) -> Screen[None]:
    """What can be copied of the selected revision and its service."""
    from cockpit.tui.copying import facts_to_copy
    from cockpit.tui.screens.copy import CopyScreen

    return CopyScreen(facts_to_copy(snapshot, selected))
