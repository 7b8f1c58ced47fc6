"""The time cursor: frozen, moved, typed, back to now; every pane shows the same moment, and nothing is lost."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from cockpit.live.recording.errors import RecordingError
from cockpit.live.snapshot import Arming, Problem
from cockpit.metrics.alerts import AlertState
from cockpit.release.events import Event, EventKind
from cockpit.tui.app import CockpitApp
from cockpit.tui.screens.sides import SidesScreen
from tests.tui import staged
from tests.tui.shown import text_of
from tests.tui.staged import AT, StagedSession, until
from tests.tui.staged_logs import SECOND, staged_logs
from tests.tui.staged_metrics import FIRING, PENDING, StagedEngine, measured
from tests.tui.staged_past import PRESENT, SHIFTED, StagedMemory, stood

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from textual.pilot import Pilot

    from cockpit.live.timeline import Shares


class StagedTimeline:
    """Events put there by hand."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.shares: list[Shares] = []

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:  # noqa: ARG002 - a Timeline's own
        """Nobody is told."""
        return lambda: None

    def note(self, text: str, at: float | None = None) -> None:
        """Nothing is kept."""


@dataclass(frozen=True, slots=True)
class Past:
    """The cockpit, its session, what it remembers, and the hand on the keyboard."""

    app: CockpitApp
    session: StagedSession
    memory: StagedMemory
    pilot: Pilot[None]

    async def press(self, *keys: str) -> None:
        """Press keys and wait until what they lead to is shown."""
        await self.pilot.press(*keys)
        await self.pilot.pause()
        await until(self.pilot, lambda: not (self.app.cursor.pending or self.app._frame_due))

    async def go(self, words: str) -> None:
        """Go to a moment, as if it were typed."""
        await self.press("@")
        self.app.screen.query_one(Input).value = words
        await self.press("enter")

    @property
    def header(self) -> str:
        """The header."""
        return self.app.main.query_one("Header").render_line(0).text

    @property
    def shown(self) -> float:
        """The moment of the snapshot that is shown, in seconds before the present."""
        assert self.app.snapshot is not None
        return PRESENT - self.app.snapshot.time

    def later(self, seconds: float = 1.0) -> None:
        """The present goes on."""
        now = self.session.snapshot
        self.session.put(replace(now, at=now.at + seconds))


@asynccontextmanager
async def looking(
    *, memory: StagedMemory | None = None, size: tuple[int, int] = (80, 24), charted: bool = False, logs: int = 0
) -> AsyncIterator[Past]:
    """The cockpit at PRESENT, with so many log entries, and a chart where one is wanted: in a large terminal."""
    snapshot = measured(stood(PRESENT)) if charted else stood(PRESENT)
    app = staged.cockpit(snapshot, engine=StagedEngine() if charted else None, logs=staged_logs(logs))
    async with app.run_test(size=(160, 50) if charted else size) as pilot:
        await until(pilot, lambda: app.session is not None)
        if charted:
            await until(pilot, lambda: app.main.chart.frame is not None)
        session = app.session
        assert isinstance(session, StagedSession)
        session.memory = kept = memory or StagedMemory()
        yield Past(app, session, kept, pilot)


async def test_space_freezes_at_now_and_leads_back() -> None:
    async with looking(charted=True) as past:
        assert "● live" in past.header
        await past.press("space")
        assert past.app.cursor.at == PRESENT
        assert "║ FROZEN 12:03:44 (−0s)" in past.header
        past.later(61)
        past.app.publish()
        assert "║ FROZEN 12:03:44 (−1m)" in past.header
        assert past.shown == 0
        assert past.app.main.chart.styles.border.top[0] == "dashed"
        await past.press("space")
        assert past.app.cursor.at is None
        assert past.shown == -61
        assert past.app.main.chart.styles.border.top[0] == "round"


async def test_arrows_go_by_columns_and_with_shift_by_quarters_of_what_is_in_view() -> None:
    async with looking(charted=True) as past:
        chart = past.app.main.chart
        column, span = chart.column_seconds, chart.span_seconds
        await past.press("left", "left", "left", "right")
        assert past.app.cursor.at == pytest.approx(PRESENT - 2 * column)
        await past.press("shift+left")
        assert past.app.cursor.at == pytest.approx(PRESENT - 2 * column - span / 4)
        assert past.shown == pytest.approx(2 * column + span / 4)
        await past.press("shift+right", "right", "right", "right")
        assert past.app.cursor.at is None


async def test_page_keys_go_by_all_that_is_in_view_where_the_chart_has_the_focus() -> None:
    async with looking(charted=True) as past:
        await past.press("3", "pageup")
        assert past.app.cursor.at == pytest.approx(PRESENT - past.app.main.chart.span_seconds)
        await past.press("pagedown")
        assert past.app.cursor.at is None


async def test_every_pane_shows_the_moment_with_its_own_ages() -> None:
    async with looking(charted=True) as past:
        app = past.app
        assert "10 %" in text_of(app.main)
        await past.go("-10m")
        assert past.shown == 600
        assert app.snapshot is not None
        assert app.snapshot.service == staged.service(staged.split(stable=95, canary=5))
        feed = app.snapshot.feed("service")
        assert feed is not None
        assert feed.age(app.snapshot.at) == pytest.approx(1.0)
        text = text_of(app.main)
        assert "FROZEN 11:53:44 (−10m)" in text
        assert "5 %" in text
        assert app.main.chart.view.cursor == PRESENT - 600
        window = app.main.chart.view.window(app.main.chart.given or (0, 0))  # type: ignore[arg-type]
        assert window.start <= PRESENT - 600 <= window.end


async def test_the_log_stands_at_the_moment_and_marks_what_came_later() -> None:
    async with looking(logs=2000, size=(120, 48)) as past:
        reader = past.app.main.logs.reader
        assert reader is not None
        newest = reader.index
        await past.go("-1m")
        assert reader.row is not None
        assert reader.row.time == round((PRESENT - 60) * SECOND)
        assert reader.later == 239
        lines = [past.app.main.logs.rows.render_line(y).text for y in range(past.app.main.logs.rows.size.height)]
        marks = [line[:1] for line in lines if line.strip()]
        assert marks == sorted(marks)
        assert {" ", "╎"} == set(marks)
        assert "239 later" in str(past.app.main.logs.border_subtitle)
        await past.press("8", "end")
        assert past.app.cursor.at is None
        assert reader.following
        assert reader.index == newest
        assert reader.later == 0


async def test_who_read_an_entry_stands_there_again_once_back() -> None:
    async with looking(logs=2000, size=(120, 48)) as past:
        reader = past.app.main.logs.reader
        assert reader is not None
        reader.go(17)
        await past.press("space")
        assert reader.index != 17
        await past.press("space")
        assert (reader.index, reader.following) == (17, False)


async def test_an_entry_says_which_moment_everything_shows() -> None:
    async with looking(logs=2000, size=(120, 48)) as past:
        reader = past.app.main.logs.reader
        assert reader is not None
        await past.press("8")
        reader.go(1000)
        await past.press("M")
        row = reader.row_at(1000)
        assert row is not None
        assert past.app.cursor.at == row.time / SECOND
        assert reader.index == 1000


async def test_a_moment_is_typed_and_one_with_a_sign_is_reckoned_from_what_is_shown() -> None:
    async with looking() as past:
        await past.press("@", *"11:53:44", "enter")
        assert past.app.cursor.at == PRESENT - 600
        await past.go("+30s")
        assert past.app.cursor.at == PRESENT - 570
        await past.go("+1h")
        assert past.app.cursor.at is None


async def test_what_is_no_moment_is_said_in_place_and_escape_leaves() -> None:
    async with looking() as past:
        before = past.app.focused
        await past.go("25:99")
        assert "'25:99' is no moment" in text_of(past.app.main)
        assert "write it like 14:05" in text_of(past.app.main)
        await past.press("escape")
        assert not past.app.screen.query("TimeBar")
        assert past.app.focused is before
        assert past.app.cursor.at is None


async def test_what_nobody_looked_at_is_no_data_and_says_so() -> None:
    memory = StagedMemory((PRESENT - 3600, PRESENT - 2400), (PRESENT - 600, PRESENT))
    async with looking(memory=memory) as past:
        await past.go("-20m")
        assert past.app.snapshot is not None
        assert past.app.snapshot.service is None
        assert "nobody looked from 11:23:44 to 11:53:44" in text_of(past.app.main)
        await past.go("-1h")
        assert "nobody looked before 11:03:44" in text_of(past.app.main)
        await past.go("11:20")
        assert past.app.snapshot.service is not None


async def test_without_a_memory_it_can_be_frozen_and_says_that_nothing_is_kept() -> None:
    async with looking() as past:
        past.session.memory = None
        await past.press("space")
        assert past.shown == 0
        await past.go("-10m")
        assert "nothing is kept of it" in text_of(past.app.main)


async def test_what_cannot_be_read_is_said_with_the_mend() -> None:
    async with looking() as past:
        past.memory.failure = RecordingError("a.cockpit is damaged", "recover it")
        await past.go("-10m")
        assert past.app.snapshot is not None
        assert past.app.snapshot.notices == (Problem("recording", "a.cockpit is damaged", "recover it"),)
        past.memory.failure = ZeroDivisionError()
        await past.go("-1m")
        assert "The past could not be read" in text_of(past.app.main)


async def test_a_key_held_down_is_answered_by_the_newest_moment() -> None:
    async with looking() as past:
        past.memory.held.clear()
        await past.pilot.press(*["left"] * 12)
        assert len(past.memory.asked) == 1
        past.memory.held.set()
        at = past.app.cursor.at
        assert at is not None
        await until(past.pilot, lambda: past.shown == pytest.approx(PRESENT - at))
        assert past.memory.asked[1:] == [at]


async def test_nothing_can_be_changed_while_one_looks_back() -> None:
    async with looking() as past:
        await past.press("space", "a")
        assert "Arm or disarm: you look at 12:03:44; end leads back to now" in text_of(past.app.main)
        assert past.session.snapshot.arming.until is None
        await past.press("s", "b", "u", "p", "t")
        assert past.app.screen is past.app.main
        await past.press("end", "s")
        assert past.app.screen is not past.app.main


async def test_collecting_goes_on_and_the_header_counts_what_happens() -> None:
    async with looking(size=(200, 50)) as past:
        timeline = StagedTimeline()
        past.session.timeline = timeline
        timeline.events = [Event(PRESENT - 5, EventKind.NOTE, "note", "before", "1")]
        await past.press("space")
        assert "live goes on" not in past.header
        timeline.events = [
            *timeline.events,
            *(Event(PRESENT + n, EventKind.NOTE, "", "", f"{n}") for n in (1, 2, 3)),
        ]
        past.app.publish()
        assert "live goes on: 3 events" in past.header
        await past.go("-1m")
        assert "live goes on: 3 events" in past.header


async def test_an_alert_that_begins_to_fire_behind_it_rings() -> None:
    rung: list[str] = []
    async with looking(charted=True) as past:
        past.app._ringer._how, past.app._ringer._write = "bell", rung.append
        calm = past.session.snapshot
        assert calm.metrics is not None
        past.session.put(replace(calm, metrics=replace(calm.metrics, alerts=(PENDING,))))
        past.app.publish()
        await past.press("space")
        fires = replace(PENDING, state=AlertState.FIRING)
        past.session.put(replace(calm, metrics=replace(calm.metrics, alerts=(fires, FIRING))))
        past.app.publish()
        assert rung
        assert past.app.snapshot is not None
        assert past.app.snapshot.metrics is not None
        assert past.app.snapshot.metrics.alerts == (PENDING,)


async def test_nothing_newer_is_asked_for_while_one_looks_back_and_all_of_it_after() -> None:
    async with looking(charted=True) as past:
        engine = past.session.engine
        assert isinstance(engine, StagedEngine)
        await past.press("space")
        asked = len(engine.asked)
        now = past.session.snapshot
        assert now.metrics is not None
        past.session.put(replace(now, at=AT + 5, metrics=replace(now.metrics, read_at=AT + 5)))
        past.app.publish()
        await past.pilot.pause()
        assert len(engine.asked) == asked
        await past.press("space")
        await until(past.pilot, lambda: len(engine.asked) > asked)


async def test_the_header_says_of_the_present_whether_it_is_armed() -> None:
    async with looking(size=(120, 24)) as past:
        await past.go("-1m")
        assert "READ-ONLY" in past.header
        now = past.session.snapshot
        past.session.put(replace(now, arming=Arming(until=now.at + 90)))
        past.app.publish()
        assert "ARMED 1:30" in past.header
        past.session.put(replace(now, arming=Arming()))
        past.app.publish()
        assert "READ-ONLY" in past.header


async def test_the_three_sides_lead_to_no_dialog_from_the_past() -> None:
    async with looking() as past:
        past.session.put(replace(past.session.snapshot, change=staged.overtaken().change))
        past.app.publish()
        await past.press("space", "v")
        await until(past.pilot, lambda: isinstance(past.app.screen, SidesScreen))
        sides = past.app.screen
        assert isinstance(sides, SidesScreen)
        sides.action_again()
        await past.pilot.pause()
        assert past.app.screen is sides


async def test_the_selected_revision_is_selected_again_after_a_moment_without_it() -> None:
    async with looking(memory=StagedMemory((PRESENT - 60, PRESENT))) as past:
        revisions = past.app.main.revisions
        await past.press("up", "up", "down")
        chosen = revisions.selected
        assert chosen != revisions.rows[0].name
        await past.go("-1h")
        assert revisions.selected == ""
        await past.press("end")
        assert revisions.selected == chosen


async def test_another_service_is_looked_at_live() -> None:
    async with looking() as past:
        await past.press("space")
        await past.app.open(StagedSession(stood(PRESENT)))
        assert past.app.cursor.at is None
        assert past.app.main.chart.view.live


async def test_the_keys_that_lead_on_stand_in_the_place_of_those_that_change_traffic() -> None:
    async with looking() as past:
        await past.press("space")
        said = past.app.main.footer.render_line(0).text
        assert "space go on" in said
        assert "end now" in said
        assert "shift" not in said


@pytest.mark.parametrize("size", [(40, 12), (60, 20)])
async def test_in_little_room_the_moment_is_still_said(size: tuple[int, int]) -> None:
    async with looking(size=size) as past:
        await past.press("space")
        assert "FROZEN 12:03:44" in past.header


def test_the_moment_of_the_shift_is_between_the_two_splits() -> None:
    assert stood(SHIFTED).service != stood(SHIFTED - 1).service


@pytest.mark.parametrize("key", ["f", "l"], ids=["the chart", "the log"])
async def test_on_screens_over_the_cockpit_the_same_keys_lead_to_the_same_moment(key: str) -> None:
    async with looking(charted=True) as past:
        await past.press("3", key)
        assert past.app.screen is not past.app.main
        await past.go("-1m")
        assert past.app.cursor.at == PRESENT - 60
        await past.press("left", "end")
        assert past.app.cursor.at is None
