"""Dashboards in the terminal: what is asked when, what panels say, and what the keys do."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from cockpit.metrics.engine import QueryError
from cockpit.tui.screens.dashboard import DashboardScreen
from cockpit.tui.screens.variable import VariableScreen
from tests.tui.shown import text_of
from tests.tui.staged import until
from tests.tui.staged_dashboards import (
    BROKEN,
    FAILURES,
    MISSING,
    SIZE,
    cockpit,
    dashboard,
    overview,
    panel,
    row,
    variable,
)
from tests.tui.staged_editor import EvaluatedEngine

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

    from cockpit.metrics.dashboards.model import Dashboard
    from cockpit.tui.app import CockpitApp


class Opened:
    """The dashboard screen over the staged cockpit, and the hand on the keyboard."""

    def __init__(self, app: CockpitApp, pilot: Pilot[None], engine: EvaluatedEngine) -> None:
        self.app, self.pilot, self.engine = app, pilot, engine

    @property
    def screen(self) -> DashboardScreen:
        assert isinstance(self.app.screen, DashboardScreen)
        return self.app.screen

    @property
    def text(self) -> str:
        return text_of(self.app.screen)

    async def says(self, *words: str) -> None:
        """Wait until all of them are seen."""
        await until(self.pilot, lambda: all(each in self.text for each in words))

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    def asked(self, part: str) -> int:
        """How often something with this part was asked."""
        return sum(part in each for each in self.engine.asked)


@asynccontextmanager
async def opened(*dashboards: Dashboard, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Opened]:
    """The cockpit with dashboards, the first of them on the screen."""
    engine = EvaluatedEngine()
    app = cockpit(engine, *dashboards)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.facts.has_engine)
        await pilot.press("D")
        await until(pilot, lambda: isinstance(app.screen, DashboardScreen))
        yield Opened(app, pilot, engine)


async def test_each_panel_shows_what_it_asks_or_says_why_it_does_not() -> None:
    async with opened(overview()) as seen:
        await seen.says("Cache", "Size", "Failures", "━ 00279-kub", "▸ More · 1 panel", "• two")
        await seen.says("no metric is called", "no_such_thing_total", "✗", "unclosed")
        assert "Bars" not in seen.text


async def test_what_several_panels_ask_is_asked_once() -> None:
    async with opened(overview()) as seen:
        await seen.says("━ 00279-kub", "no_such_thing")
        before = len(seen.engine.asked)
        assert len({each for each in seen.engine.asked[:before] if each == SIZE}) == 1
        seen.engine.asked.clear()
        await seen.press("r")
        await until(seen.pilot, lambda: seen.asked("failure_total[1m]))") == 1 and seen.asked(MISSING) == 1)
        assert seen.asked(SIZE) == 1
        assert seen.asked(BROKEN) == 1


async def test_panels_beyond_the_screen_are_asked_when_they_come_into_view() -> None:
    far = [
        panel("timeseries", f"P{number}", f"{FAILURES} + {number}", at=(0, 8 * number, 24, 8))
        for number in range(12)
    ]
    async with opened(dashboard(*far), size=(100, 30)) as seen:
        await until(seen.pilot, lambda: seen.asked("+ 0") > 0 and seen.asked("+ 1") > 0)
        assert not seen.asked("+ 11")
        await seen.press("G")
        await until(seen.pilot, lambda: seen.asked("+ 11") > 0)
        assert not seen.asked("+ 5")


async def test_a_row_unfolds_and_folds() -> None:
    folded = dashboard(
        panel("stat", "Size", SIZE, at=(0, 0, 24, 4)),
        row("More", 4, panel("bargauge", "Bars", FAILURES, at=(0, 5, 24, 6)), collapsed=True),
    )
    async with opened(folded) as seen:
        await seen.says("▸ More · 1 panel")
        await seen.press("down", "enter")
        await seen.says("▾ More · 1 panel", "Bars", "00275-2jb █")
        await seen.press("enter")
        await until(seen.pilot, lambda: "Bars" not in seen.text)


async def test_a_panel_has_the_whole_screen_and_gives_it_back() -> None:
    async with opened(overview()) as seen:
        await seen.says("━ 00279-kub")
        await seen.press("down", "enter")
        await until(seen.pilot, lambda: "Broken" not in seen.text and "━ 00279-kub" in seen.text)
        board = seen.screen.board
        assert board.places[0].width == 120
        await seen.press("tab")
        await seen.says("unclosed")
        await seen.press("escape")
        await seen.says("Failures", "Size")
        assert board.current is not None
        assert board.current.panel is not None
        assert board.current.panel.title == "Broken"
        await seen.press("escape")
        assert seen.app.screen is seen.app.main


async def test_the_cursor_moves_along_a_panel_and_everything_shows_that_moment() -> None:
    async with opened(dashboard(panel("timeseries", "Failures", FAILURES, at=(0, 0, 24, 8)))) as seen:
        await seen.says("━ 00279-kub")
        await seen.press("enter")
        await until(seen.pilot, lambda: seen.screen.board.alone and seen.screen.board.frame is not None)
        before = seen.app.cursor.now()
        await seen.press("left")
        assert seen.app.cursor.at is not None
        assert seen.app.cursor.at < before
        await seen.says("FROZEN")
        await seen.press("end")
        assert seen.app.cursor.at is None
        await until(seen.pilot, lambda: "FROZEN" not in seen.text)


async def test_less_time_is_asked_for_in_smaller_steps() -> None:
    async with opened(dashboard(panel("stat", "Size", SIZE, at=(0, 0, 24, 1)), time={"from": "now-6h"})) as seen:
        await seen.says("last 30 min · all there is")
        await seen.press("right_square_bracket")
        await seen.says("last 15 min")
        await seen.press("left_square_bracket", "left_square_bracket")
        await seen.says("last 1 h")


async def test_promql_is_copied_and_edited_as_it_is_asked() -> None:
    board = dashboard(
        panel("stat", "Size", 'sum(memory_analysis_cache_size{revision=~"$revision"})', at=(0, 0, 24, 1)),
        templating={"list": [variable("revision", ".*", "x")]},
    )
    async with opened(board) as seen:
        await seen.says("Size", "160")
        await seen.press("x")
        assert seen.app.clipboard == 'sum(memory_analysis_cache_size{revision=~".*"})'
        await seen.press("e")
        await until(seen.pilot, lambda: type(seen.app.screen).__name__ == "EditorScreen")


async def test_a_variable_is_chosen_among_what_the_engine_has() -> None:
    revisions = variable("revision", kind="query", includeAll=True, multi=True) | {
        "query": "label_values(memory_analysis_cache_size, revision)",
        "current": {"text": "All", "value": "$__all"},
    }
    board = dashboard(
        panel(
            "stat", "Size of $revision", 'sum(memory_analysis_cache_size{revision=~"$revision"})', at=(0, 0, 24, 1)
        ),
        templating={"list": [revisions]},
    )
    async with opened(board) as seen:
        await seen.says("revision All", "160")
        await seen.press("v")
        await until(seen.pilot, lambda: isinstance(seen.app.screen, VariableScreen))
        await seen.says("✓ All", "00279-kub")
        await seen.press(*"279", "enter", "escape")
        await seen.says("revision emergence-app-00279-kub", "Size of emergence-app-00279-kub", "120")


async def test_another_dashboard_is_picked() -> None:
    first, second = (
        dashboard(panel("stat", title, SIZE, at=(0, 0, 24, 1)), title=title) for title in ("First", "Second")
    )
    async with opened(first, second) as seen:
        await seen.says("First")
        await seen.press("d")
        await seen.says("Dashboards", "1 panels")
        await seen.press("down", "enter")
        await seen.says("Second", "160")
        await seen.press("escape", "D")
        await seen.says("Second")


async def test_an_engine_that_fails_is_said_and_asked_again() -> None:
    async with opened(dashboard(panel("stat", "Size", SIZE, at=(0, 0, 24, 2)))) as seen:
        await seen.says("160")
        seen.engine.refusal = QueryError("no answer from prometheus", "unreachable", "is it running?")
        await seen.press("r")
        await seen.says("✗ no answer from prometheus", "is it running?")
        seen.engine.refusal = None
        await seen.press("r")
        await seen.says("160")


async def test_no_key_waits_for_an_engine() -> None:
    async with opened(overview()) as seen:
        await seen.says("━ 00279-kub")
        seen.engine.gate.clear()
        await seen.press("r", "down", "down")
        assert seen.screen.board.selected != 0
        assert "━ 00279-kub" in seen.text
        await seen.press("escape")
        assert seen.app.screen is seen.app.main
        seen.engine.gate.set()
        await asyncio.sleep(0)


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (200, 55)])
async def test_it_fits_every_terminal(size: tuple[int, int]) -> None:
    async with opened(overview(), size=size) as seen:
        board = seen.screen.board
        await until(seen.pilot, lambda: board.settled)
        await seen.press("G", "g", "enter", "escape")
        await until(
            seen.pilot,
            lambda: max(place.x + place.width for place in board.places) == board.scrollable_content_region.width,
        )


async def test_without_dashboards_it_says_how_to_have_some() -> None:
    app = cockpit(EvaluatedEngine())
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.facts.has_engine)
        await pilot.press("D")
        await pilot.pause()
        assert app.screen is app.main
        assert "[dashboards] files in config.toml" in text_of(app.main)
