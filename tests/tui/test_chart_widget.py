"""The chart in the app: keys, mouse, sizes, themes, what it asks for, and what it does not draw."""

from __future__ import annotations

import re
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from textual import events

from cockpit.metrics.engine import Line
from cockpit.tui.charts.data import ChartData, last_shift, series_of
from cockpit.tui.charts.view import View
from cockpit.tui.screens.chart import ChartScreen
from cockpit.tui.widgets.chart import Chart
from tests.tui import staged
from tests.tui.charted import HOUR, START, errors, event, series
from tests.tui.shown import shown
from tests.tui.staged import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot


@asynccontextmanager
async def charted(
    data: ChartData | None = None, *, size: tuple[int, int] = (100, 30), theme: str = "dark"
) -> AsyncIterator[tuple[Pilot[None], Chart]]:
    """A chart on the whole screen, drawn for the first time."""
    screen = ChartScreen(data or errors(), HOUR, View())
    at_its_end = replace(staged.healthy(), epoch=HOUR.end - staged.AT)
    async with shown(at_its_end, lambda _session: screen, size=size, theme=theme) as view:
        await until(view.pilot, lambda: screen.chart._plotter is not None)
        await view.pilot.pause()
        yield view.pilot, screen.chart


def text(chart: Chart) -> str:
    """What the chart says, line by line."""
    return "\n".join(chart.render_line(y).text for y in range(chart.size.height))


async def test_a_chart_is_drawn_once_what_draws_it_is_loaded() -> None:
    async with charted() as (_, chart):
        assert "00279-kub 14.9 %" in text(chart)
        assert str(chart.border_title) == "errors by revision · 1 h"
        assert "esc back" in str(chart.border_subtitle)
        assert re.search("[\u2801-\u28ff]{5}", text(chart))


async def test_the_keys_move_the_cursor_and_the_values_follow() -> None:
    async with charted() as (pilot, chart):
        await pilot.press("left")
        await pilot.pause()
        assert chart.frame is not None
        assert chart.frame.columns - chart.frame.column(chart.view.cursor or 0) in {1, 2}
        await pilot.press(*["left"] * 3, *["ctrl+left"] * 5, "right")
        await pilot.pause()
        assert chart.frame.columns - chart.frame.column(chart.view.cursor or 0) in {53, 54}
        assert re.match(r" \d\d:\d\d:\d\d   ━ 00275-2jb 0\.\d+ %   ━ 00279-kub –", text(chart))
        await pilot.press("end")
        await pilot.pause()
        assert chart.view == View()


@pytest.mark.parametrize("keys", [("plus", "minus"), ("right_square_bracket", "left_square_bracket")])
async def test_zooming_shows_less_and_then_as_much_as_before(keys: tuple[str, str]) -> None:
    async with charted() as (pilot, chart):
        before = text(chart)
        await pilot.press(keys[0])
        assert str(chart.border_title).endswith("30 min")
        assert text(chart) != before
        await pilot.press(keys[1])
        assert text(chart) == before


async def test_the_past_is_held_until_the_end_key() -> None:
    async with charted() as (pilot, chart):
        await pilot.press("shift+left")
        await pilot.pause()
        assert (chart.view.cursor, chart.view.end) == (HOUR.end - 900, HOUR.end)
        held = text(chart)
        chart.show(chart.data or errors(), (HOUR.start + 600, HOUR.end + 600))
        await pilot.pause()
        assert text(chart) == held
        await pilot.press("pageup")
        await pilot.pause()
        assert chart.view.cursor == HOUR.end - 900 - 3600
        assert chart.view.window(HOUR).start < HOUR.start
        await pilot.press("end")
        await pilot.pause()
        assert chart.view.live
        assert text(chart) != held
        await pilot.press("shift+left", "shift+right")
        await pilot.pause()
        assert chart.view.live


async def test_fixing_keeps_the_range_of_values_while_the_data_move() -> None:
    async with charted(ChartData((series([1, 5, 9]),))) as (pilot, chart):
        await pilot.press("y")
        chart.show(ChartData((series([100, 500, 900]),)), HOUR)
        await pilot.pause()
        assert "y fixed" in text(chart)
        assert chart.frame is not None
        assert chart.frame.limits == (0, 10)
        await pilot.press("y")
        assert chart.frame.limits == (0, 1000)


async def test_it_asks_for_what_comes_into_view_and_for_what_it_compares_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[float, float]] = []
    monkeypatch.setattr(
        ChartScreen,
        "on_chart_wanted",
        lambda _self, message: asked.append((message.start, message.end)),
        raising=False,
    )
    async with charted() as (pilot, _):
        await pilot.press("y")
        assert not asked
        await pilot.press("minus", "plus", "c")
        shift = START + 33 * 60
        assert asked == [(HOUR.start - 3600, HOUR.end), tuple(HOUR), (shift - 3600, HOUR.end)]


async def test_the_mouse_says_values_the_wheel_zooms_and_a_second_click_has_everything_show_the_moment() -> None:
    async with charted() as (pilot, chart):
        assert chart.frame is not None
        place = chart.gutter.left + chart.frame.left + 20
        await pilot.hover(Chart, offset=(place, 10))
        await pilot.pause()
        assert chart.frame.column(chart.view.cursor or 0) == 20
        kept = chart.view.cursor
        chart.scroll_by_wheel(-3)
        await pilot.pause()
        assert chart.view.seconds == 1800
        assert chart.view.live
        chart.scroll_by_wheel(3)
        await pilot.click(Chart, offset=(place, 10), times=2)
        await pilot.pause()
        assert not chart.view.live
        assert chart.view.cursor == pytest.approx(kept)
        chart.scroll_by_wheel(-3)
        await pilot.pause()
        assert abs(chart.frame.column(kept or 0) - 20) <= 1
        await pilot.hover(Chart, offset=(1, 10))
        assert chart.view.cursor == pytest.approx(kept)
        await pilot.press("end")
        await pilot.pause()
        chart.on_leave(events.Leave(chart))
        assert chart.view.cursor is None


@pytest.mark.parametrize("size", [(60, 20), (120, 40), (200, 55), (300, 100), (20, 6), (8, 4), (1, 1)])
async def test_it_fits_every_terminal(size: tuple[int, int]) -> None:
    async with charted(size=size) as (pilot, chart):
        await pilot.press("left", "c")
        for y in range(chart.size.height):
            assert chart.render_line(y).cell_length == chart.size.width


async def test_a_revision_has_the_colour_that_the_theme_gives_it() -> None:
    async with charted() as (pilot, chart):
        colours = {
            segment.style.color.name for segment in chart.render_line(0) if segment.style and segment.style.color
        }
        assert {"#5aa9f8", "#f5a742"} <= colours
        pilot.app.next_theme()  # type: ignore[attr-defined]
        await pilot.pause()
        changed = {
            segment.style.color.name for segment in chart.render_line(0) if segment.style and segment.style.color
        }
        assert "#5aa9f8" not in changed


async def test_without_colours_it_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with charted() as (pilot, chart):
        await pilot.press("left")
        styles = [
            segment.style for y in range(chart.size.height) for segment in chart.render_line(y) if segment.style
        ]
        assert {style.color.name for style in styles if style.color} <= {"default"}
        assert "●" in text(chart)


async def test_nothing_is_painted_or_drawn_again_where_nothing_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with charted() as (pilot, chart):
        painted: list[int] = []
        monkeypatch.setattr(chart, "paint", painted.append)
        data = chart.data
        assert data is not None
        assert chart._plotter is not None
        drawn = chart._plotter.drawn
        for second in (0.0, 0.1, 0.2):
            chart.show(data, (HOUR.start + second, HOUR.end + second))
        assert chart._plotter.drawn <= drawn + 1
        assert len(painted) < 2 * chart.size.height
        painted.clear()
        chart.show(data, (HOUR.start + 0.2, HOUR.end + 0.2))
        assert not painted
        await pilot.pause()


async def test_what_nobody_sees_is_not_drawn_until_somebody_does() -> None:
    async with charted() as (pilot, chart):
        assert chart._plotter is not None
        drawn = chart._plotter.drawn
        chart.display = False
        await pilot.pause()
        chart.show(errors(), HOUR)
        await pilot.pause()
        assert chart._plotter.drawn == drawn
        chart.display = True
        await until(pilot, lambda: chart._plotter is not None and chart._plotter.drawn == drawn + 1)


async def test_where_plotext_is_missing_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "cockpit.tui.charts.picture", raising=False)
    monkeypatch.setitem(sys.modules, "cockpit.tui.charts.plotter", None)
    screen = ChartScreen(errors(), HOUR, View())
    async with shown(staged.healthy(), lambda _session: screen) as view:
        await until(view.pilot, lambda: "cannot be drawn here" in text(screen.chart))


async def test_escape_leads_back() -> None:
    async with charted() as (pilot, _):
        await pilot.press("escape")
        assert not isinstance(pilot.app.screen, ChartScreen)


def test_the_last_shift_is_no_deploy_and_not_later_than_the_window() -> None:
    data = errors()
    assert last_shift(data, HOUR.end) == START + 33 * 60
    assert last_shift(data, START) is None
    assert last_shift(replace(data, events=(event(1, "a"), event(2, "b"))), START + 90) == START + 60


def test_a_line_of_an_answer_is_broken_where_steps_are_missing() -> None:
    line = Line((), np.array([1000, 2000, 4000], np.int64), np.array([1.0, 2.0, 3.0]))
    made = series_of(line, "a", "revision-1", 1.0)
    assert made.times.tolist() == [1, 2, 4]
    assert 1.0 < made.gap < 2.0
