"""The timeline pane under the keys: selecting, zooming, forms, copying, notes, and the way to a moment."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from cockpit.live.events.timeline import LiveTimeline
from cockpit.release.events import Event, EventKind
from cockpit.tui.layout import TIMELINE
from cockpit.tui.screens.event import EventScreen
from cockpit.tui.widgets.note_bar import NoteBar
from cockpit.tui.widgets.sheet import Sheet
from tests.live.clocks import FakeClock
from tests.tui import staged
from tests.tui.shown import text_of
from tests.tui.staged import NOW, REF, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

    from cockpit.tui.app import CockpitApp
    from cockpit.tui.widgets.timeline_pane import TimelinePane


@dataclass
class Open:
    """The cockpit with the timeline in focus."""

    pilot: Pilot[None]
    app: CockpitApp

    @property
    def pane(self) -> TimelinePane:
        """The pane."""
        return self.app.main.timeline

    @property
    def chosen(self) -> str:
        """What the selected event says."""
        event = self.pane.event
        return event.text if event is not None and self.pane.view.selected else ""

    async def press(self, *keys: str) -> None:
        """Press keys, and let what they do be done."""
        await self.pilot.press(*keys)
        await self.pilot.pause()


@asynccontextmanager
async def opened(size: tuple[int, int] = (120, 40)) -> AsyncIterator[Open]:
    """The cockpit on a calm service."""
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.main.timeline.event is not None)
        app.main.show_pane(TIMELINE)
        await pilot.pause()
        yield Open(pilot, app)


async def test_it_shows_what_served_what_happened_and_when() -> None:
    async with opened() as here:
        text = text_of(here.app.screen)
        assert "9 Timeline · 1 h" in text
        assert "traffic" in text
        assert "events" in text
        assert "7 events" in text
        assert "00279-kub" in text


async def test_events_are_selected_one_by_one_and_the_newest_is_followed_again() -> None:
    async with opened() as here:
        await here.press("up")
        newest = here.chosen
        assert newest.startswith("serving: 00275-2jb 90 %")
        await here.press("up")
        assert here.chosen.startswith("asked: 00279-kub 0 → 10 %")
        await here.press("down")
        assert here.chosen == newest
        await here.press("home")
        assert "00272-p0d created" in here.chosen
        assert here.pane.view.end is not None, "the oldest event is in view"
        await here.press("end")
        assert here.pane.view.selected == ""
        assert here.pane.view.end is None


async def test_an_event_opens_in_full_and_the_next_ones_from_there() -> None:
    async with opened() as here:
        await here.press("up", "up", "enter")
        assert isinstance(here.app.screen, EventScreen)
        text = str(here.app.screen.query_one(Sheet).render())
        for said in ("ops@example.com", "before", "00275-2jb 100 %", "after", "generation", "42"):
            assert said in text
        await here.press("n")
        assert "serving" in str(here.app.screen.query_one(Sheet).render())
        await here.press("escape")
        assert here.chosen.startswith("serving"), "the pane went along"


async def test_everything_goes_to_the_time_of_an_event_and_back() -> None:
    async with opened() as here:
        await here.press("up", "up", "t")
        event = here.pane.event
        assert event is not None
        assert here.app.cursor.at == event.at
        assert here.pane.scene is not None
        assert here.pane.scene.cursor == event.at
        await here.press("end")
        assert here.app.cursor.at is None


async def test_the_time_cursor_moves_by_the_timeline_s_columns_while_it_has_the_focus() -> None:
    async with opened() as here:
        await here.press("left")
        column = here.pane.column_seconds
        assert here.app.cursor.at == pytest.approx(here.app.cursor.newest - column)
        assert column == pytest.approx(3600 / (here.pane.size.width - 8))
        await here.press("pageup")
        assert here.app.cursor.at == pytest.approx(here.app.cursor.newest - column - 3600)
        assert here.pane.view.window(here.app.cursor.newest).start <= (here.app.cursor.at or 0.0)


async def test_zooming_goes_from_a_minute_to_ninety_days_and_says_where_it_is() -> None:
    async with opened() as here:
        for _ in range(20):
            await here.press("[")
        assert "Timeline · 2160 h" in text_of(here.app.screen)
        assert len(here.pane.in_view) == len(here.pane.scene.events) if here.pane.scene else 0
        for _ in range(20):
            await here.press("]")
        assert "Timeline · 1 min" in text_of(here.app.screen)
        assert list(here.pane.in_view) == []


async def test_the_form_changes_and_narrow_ones_are_tables_by_themselves() -> None:
    async with opened() as here:
        assert not here.pane.is_table
        await here.press("v")
        assert here.pane.is_table
        assert "serving: 00275-2jb 90 %" in text_of(here.app.screen)
        await here.press("v")
        assert not here.pane.is_table
    async with opened((60, 20)) as small:
        assert not small.pane.is_table
    async with opened((44, 20)) as narrow:
        assert narrow.pane.is_table
        assert "00275-2jb 90 %" in text_of(narrow.app.screen)


async def test_what_is_in_view_is_copied_as_text_and_as_markdown() -> None:
    async with opened() as here:
        await here.press("y")
        assert here.app.clipboard.splitlines()[0].split() == ["Time", "Action", "Notes", "By"]
        assert len(here.app.clipboard.splitlines()) == 8
        await here.press("c")
        assert here.app.clipboard.startswith("| Time | Action | Notes | By |\n|---|")
        await here.press(*"]]]]]]]]", "y")
        assert here.app.clipboard.startswith("| Time"), "nothing in view is nothing to copy"


async def test_a_note_is_typed_kept_and_refused_in_place() -> None:
    async def who() -> str:
        return "sre@example.com"

    async with opened() as here:
        session = here.app.session
        assert isinstance(session, staged.StagedSession)
        clock = FakeClock()
        session.timeline = kept = LiveTimeline(REF, clock.clock, who)
        await here.press("semicolon")
        bar = here.app.screen.query_one(NoteBar)
        await here.press("enter")
        assert bar.is_mounted, "an empty note is refused, and the line stays"
        await here.press(*"rate limit")
        await here.press("enter")
        assert not here.app.screen.query(NoteBar)
        assert [event.text for event in kept.events] == ["rate limit"]
        assert here.app.focused is here.pane
        await kept.stop()


async def test_a_replay_takes_no_notes() -> None:
    async with opened() as here:
        await here.press("semicolon")
        await here.press("x", "enter")
        assert here.app.screen.query(NoteBar), "the line says that a recording takes no notes"
        await here.press("escape")
        assert not here.app.screen.query(NoteBar)


async def test_a_click_selects_the_event_under_it_and_another_one_opens_it() -> None:
    async with opened() as here:
        scene = here.pane.scene
        assert scene is not None
        last: Event = scene.events[-1]
        frame = here.pane.frame
        assert frame is not None
        column = frame.left + frame.column(last.at) + here.pane.gutter.left
        await here.pilot.click(here.pane, offset=(column, 3))
        await here.pilot.pause()
        assert here.pane.event is not None
        assert here.pane.event.kind in {EventKind.TRAFFIC_SERVING, EventKind.TRAFFIC_ASKED}
        await here.pilot.click(here.pane, offset=(column, 3), times=2)
        await here.pilot.pause()
        assert isinstance(here.app.screen, EventScreen)


async def test_before_there_is_a_timeline_it_says_so() -> None:
    async with opened() as here:
        session = here.app.session
        assert isinstance(session, staged.StagedSession)
        session.timeline = None
        session.put(replace(staged.healthy(), wall=NOW))
        await until(here.pilot, lambda: here.pane.scene is None)
        assert "the timeline is not loaded yet" in text_of(here.app.screen)
        await here.press("up", "enter", "t", "y")
        assert here.app.screen is here.app.main
