"""The metrics browser on a real local Cloud Run: from the instances' endpoints to lines by revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.config import load
from cockpit.tui.screens.browser import BrowserScreen
from cockpit.tui.widgets.expression_chart import ExpressionChart
from cockpit.tui.widgets.label_list import LabelList
from cockpit.tui.widgets.metric_list import MetricList
from cockpit.wiring.screen import app_of
from tests.tui.shown import text_of
from tests.tui.staged import until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.simulated import Local

DURATION = "memory_analysis_duration_seconds"
PATIENCE = 90.0


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_failures_of_a_bad_canary_are_found_charted_and_split(
    simulator: Callable[..., Local], tmp_path: Path
) -> None:
    local = simulator("bad-canary")
    given = {
        "service.endpoint": local.endpoint,
        "service.name": local.service,
        "journal.path": f"{tmp_path}/journal",
    }
    settings = load(None, {}, {key: (value, "test") for key, value in given.items()})
    async with app_of(settings) as app, app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: bool(app.facts.has_engine and app.facts.has_signals), PATIENCE)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, BrowserScreen), PATIENCE)
        found = app.screen.query_one(MetricList)
        await until(pilot, lambda: len(found.items) > 20, PATIENCE)
        await until(pilot, lambda: "█ 00275" in text_of(app.screen), PATIENCE)
        await pilot.press(*"analysis_duration")
        await until(pilot, lambda: [metric.name for metric, _ in found.items] == [DURATION], PATIENCE)
        await pilot.press("enter")
        chart = app.screen.query_one(ExpressionChart)
        await until(pilot, lambda: bool(chart.data and chart.data.series), PATIENCE)
        assert chart.data is not None
        assert {series.label for series in chart.data.series} <= {"00275-2jb", "00279-kub"}
        labels = app.screen.query_one(LabelList)
        await until(pilot, lambda: "provider" in [label.name for label in labels.items], PATIENCE)
        await pilot.press(*["down"] * [label.name for label in labels.items].index("provider"), "space")
        await until(pilot, lambda: bool(chart.shown and "provider" in chart.shown.expression), PATIENCE)
        assert all(series.times.size for series in chart.data.series)
