"""The cockpit looks as it was left, and never does what was being done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.config import shipped
from cockpit.live.saved_layout import LayoutFile, LogStyle, SavedLayout, ServiceLook
from cockpit.tui.app import CockpitApp
from cockpit.tui.layout import ALERTS, CHART, LOGS, REVISIONS
from cockpit.tui.presets import METRICS, OVERVIEW
from cockpit.tui.screens.fleet import FleetScreen
from cockpit.tui.themes import Shelf
from cockpit.tui.views.log_look import Column
from tests.tui import staged
from tests.tui.staged import StagedFleet, StagedSession, until
from tests.tui.staged_logs import staged_logs
from tests.tui.staged_metrics import StagedEngine, measured

if TYPE_CHECKING:
    from pathlib import Path


def cockpit(file: LayoutFile | None, *, theme: str = "dark", own_times: bool = False) -> CockpitApp:
    """The cockpit, with metrics and a log, and what it remembers."""

    async def connect() -> tuple[StagedSession, StagedFleet]:
        session = StagedSession(measured(staged.healthy()), StagedEngine(), staged_logs(50))
        return session, StagedFleet()

    shelf = Shelf([shipped("themes")])
    return CockpitApp(connect, shelf=shelf, theme=theme, layout=file, own_times=own_times, wall=lambda: staged.NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "layout.json"


async def test_it_looks_as_it_was_left(path: Path) -> None:
    app = cockpit(LayoutFile(path))
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: app.main.chart.data is not None and app.main.logs.reader is not None)
        await pilot.press("z", "n", "P", "P", "3", "right_square_bracket", "T")
        await pilot.press("8", "W", "z", "4")
        signal, seconds, theme = app.chart_feed.signal, app.main.chart.view.seconds, app.theme
        assert app.main.arrangement.preset is METRICS
    left = LayoutFile(path).saved
    assert (left.preset, left.pane, left.unfolded, left.screen) == ("metrics", ALERTS, True, "")
    again = cockpit(LayoutFile(path), theme=left.theme)
    async with again.run_test(size=(160, 45)) as pilot:
        assert again.main.arrangement.preset is METRICS
        assert again.focused is again.main.pane(ALERTS)
        assert again.theme == theme
        await until(pilot, lambda: again.main.chart.data is not None and again.main.logs.reader is not None)
        assert again.chart_feed.signal == signal != ""
        assert again.main.chart.view.seconds == seconds
        assert again.main.revisions.unfolded
        assert again.log_feed.look.wrap
        assert again.log_feed.look.time == "utc"


async def test_neither_arming_nor_a_dialog_nor_a_moment_of_the_past_is_left_behind(path: Path) -> None:
    app = cockpit(LayoutFile(path))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.session is not None and bool(app.main.revisions.rows))
        await pilot.press("a", "space", "left", "left")
        await pilot.pause()
        assert app.cursor.at is not None
    again = cockpit(LayoutFile(path))
    async with again.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: again.session is not None and bool(again.main.revisions.rows))
        assert again.cursor.at is None
        assert again.screen is again.main
        assert not again.session.snapshot.arming.seconds_left(again.now())  # type: ignore[union-attr]
        assert again.main.chart.view.end is None


async def test_a_pane_on_the_whole_screen_is_so_again(path: Path) -> None:
    app = cockpit(LayoutFile(path))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4", "f")
        await pilot.pause()
    again = cockpit(LayoutFile(path))
    async with again.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert again.main.arrangement.zoomed
        assert not again.main.revisions.display


async def test_the_screen_that_was_left_is_opened_again(path: Path) -> None:
    app = cockpit(LayoutFile(path))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.fleet is not None)
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, FleetScreen))
        app.exit()
        await pilot.pause()
    again = cockpit(LayoutFile(path))
    async with again.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: isinstance(again.screen, FleetScreen))


async def test_what_cannot_be_any_more_is_as_at_first(path: Path) -> None:
    odd = SavedLayout(
        preset="gone",
        pane=99,
        screen="quit",
        log=LogStyle(("time", "mood"), "martian"),
        services={staged.REF.path: ServiceLook("unheard-of", float("1e300"), "no such dashboard")},
    )
    LayoutFile(path).write(odd)
    app = cockpit(LayoutFile(path))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.main.chart.data is not None)
        assert app.main.arrangement.preset is OVERVIEW
        assert app.main.arrangement.active == REVISIONS
        assert app.log_feed.look.columns == {Column.TIME}
        assert app.log_feed.look.time == "local"
        assert app.is_running


async def test_how_the_log_writes_moments_is_what_config_says_where_it_does(path: Path) -> None:
    LayoutFile(path).write(SavedLayout(log=LogStyle(("level",), "relative")))
    app = cockpit(LayoutFile(path), own_times=True)
    async with app.run_test(size=(80, 24)):
        assert app.log_feed.look.time == "local"
        assert app.log_feed.look.columns == {Column.LEVEL}


@pytest.fixture
def damaged(path: Path) -> Path:
    path.write_text("{")
    return path


async def test_what_stands_in_the_way_is_said_once(damaged: Path) -> None:
    app = cockpit(LayoutFile(damaged))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "is damaged" in app.main.footer.render_line(0).text)


async def test_without_a_file_nothing_is_remembered_and_all_works() -> None:
    app = cockpit(None)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(str(LOGS), str(CHART))
        assert app.main.arrangement.active == CHART
