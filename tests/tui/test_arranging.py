"""Screens and panes as a whole: presets, one pane on the whole screen, tabs, and letters to jump by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.tui.jumping import LETTERS, Spot, lettered
from cockpit.tui.layout import CHART, LOGS, PANES, REVISIONS, SIGNALS
from cockpit.tui.presets import LOG, METRICS, OVERVIEW, PRESETS
from cockpit.tui.screens.jump import JumpScreen
from cockpit.tui.widgets.screen_tabs import ScreenTabs
from tests.tui import staged
from tests.tui.staged import until
from tests.tui.staged_metrics import StagedEngine, measured

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.pilot import Pilot

    from cockpit.tui.app import CockpitApp


def cockpit() -> CockpitApp:
    """The cockpit with metrics."""
    return staged.cockpit(measured(staged.healthy()), engine=StagedEngine())


def in_view(app: CockpitApp) -> set[int]:
    """The panes that are seen."""
    return {number for number in PANES if app.main.pane(number).is_on_screen}


async def jump(pilot: Pilot[None], app: CockpitApp, wanted: Iterable[Spot], **where: int) -> None:
    """Press the letter over the first spot that is where it should be."""
    letters = lettered(wanted)
    letter = next(letter for letter, spot in letters if (spot.x, spot.y) == (where["x"], where["y"]))
    await pilot.press("J")
    await until(pilot, lambda: isinstance(app.screen, JumpScreen))
    await pilot.press(letter)
    await until(pilot, lambda: app.screen is app.main)


async def test_one_key_goes_through_the_presets_and_each_has_its_own_pane_in_focus() -> None:
    app = cockpit()
    async with app.run_test(size=(160, 45)) as pilot:
        tabs = app.main.query_one(ScreenTabs)
        assert "P overview" in tabs.render_line(0).text
        for preset in (*PRESETS[1:], OVERVIEW):
            await pilot.press("P")
            await pilot.pause()
            assert app.main.arrangement.preset is preset
            assert app.focused is app.main.pane(preset.main).hands
            assert preset.main in in_view(app)
            assert preset.name in tabs.render_line(0).text


async def test_a_preset_comes_back_as_it_was_meant() -> None:
    app = cockpit()
    async with app.run_test(size=(160, 45)) as pilot:
        at_first = in_view(app)
        await pilot.press("4", "6")
        await pilot.pause()
        assert in_view(app) != at_first
        app.main.arrange_by(OVERVIEW)
        await pilot.pause()
        assert in_view(app) == at_first


@pytest.mark.parametrize("size", [(60, 20), (160, 45)])
async def test_any_pane_has_the_whole_screen_and_escape_leads_back(size: tuple[int, int]) -> None:
    app = cockpit()
    async with app.run_test(size=size) as pilot:
        at_first = in_view(app)
        await pilot.press("2", "f")
        await pilot.pause()
        assert in_view(app) == {SIGNALS}
        assert app.main.signals.region.height >= size[1] - 5
        await pilot.press("3")
        await pilot.pause()
        assert in_view(app) == {CHART}
        await pilot.press("escape", "2", "1")
        await pilot.pause()
        assert in_view(app) == at_first
        await pilot.press("f", "f")
        await pilot.pause()
        assert in_view(app) == at_first


async def test_the_chart_has_a_screen_of_its_own_and_the_log_keeps_its_key() -> None:
    app = cockpit()
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.main.chart.data is not None)
        await pilot.press("3", "f")
        await until(pilot, lambda: type(app.screen).__name__ == "ChartScreen")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.main)
        assert not app.main.arrangement.zoomed


async def test_without_data_the_chart_has_the_whole_screen_as_any_pane() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("3", "f")
        await pilot.pause()
        assert in_view(app) == {CHART}


async def test_a_letter_leads_to_a_pane_to_a_row_and_nowhere() -> None:
    app = cockpit()
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: len(app.main.revisions.rows) > 1)
        chart, table = app.main.chart.region, app.main.revisions.content_region
        await jump(pilot, app, app.main.spots(), x=chart.x + 1, y=chart.y)
        assert app.main.arrangement.active == CHART
        await jump(pilot, app, app.main.spots(), x=table.x, y=table.y + 2)
        assert app.main.arrangement.active == REVISIONS
        assert app.main.revisions.row is app.main.revisions.rows[1]
        await pilot.press("J", "escape")
        await until(pilot, lambda: app.screen is app.main)
        assert app.main.arrangement.active == REVISIONS


async def test_letters_lie_over_tabs_where_panes_have_some() -> None:
    app = cockpit()
    async with app.run_test(size=(60, 20)) as pilot:
        spots = [spot for spot in app.main.spots() if spot.y == app.main.query_one("Tabs").region.y]
        assert len(spots) == len(PANES)
        await pilot.press("J")
        await until(pilot, lambda: isinstance(app.screen, JumpScreen))
        await pilot.resize_terminal(70, 20)
        await until(pilot, lambda: app.screen is app.main)


def test_there_are_at_most_as_many_letters_as_can_be_typed() -> None:
    assert len(set(LETTERS)) == len(LETTERS)
    spots = [Spot(at, 0, lambda: None) for at in range(200)]
    assert len(list(lettered(spots))) == len(LETTERS)


async def test_the_tabs_of_the_screens_need_a_line_that_small_terminals_do_not_have() -> None:
    app = cockpit()
    async with app.run_test(size=(120, 33)) as pilot:
        tabs = app.main.query_one(ScreenTabs)
        assert not tabs.display
        await pilot.resize_terminal(120, 34)
        await pilot.pause()
        assert tabs.display
        assert "F2 Cockpit" in tabs.render_line(0).text


async def test_the_way_back_to_the_cockpit_is_one_key_and_by_the_mouse_as_well() -> None:
    app = cockpit()
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.click(ScreenTabs, offset=(3, 0))
        assert app.screen is app.main
        app.main.arrange_by(METRICS, LOGS)
        assert app.main.arrangement.active == LOGS
        app.main.arrange_by(LOG)
        assert app.main.arrangement.active == LOG.main
