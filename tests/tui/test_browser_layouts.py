"""How the metrics browser lies on the screen, on little room and on much. What it does is tested elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from cockpit.tui.widgets.expression_chart import ExpressionChart
from cockpit.tui.widgets.label_list import LabelList
from cockpit.tui.widgets.metric_list import MetricList
from tests.tui import staged
from tests.tui.staged import until
from tests.tui.staged_catalogue import CatalogueEngine
from tests.tui.staged_metrics import measured

if TYPE_CHECKING:
    from textual.pilot import Pilot

KEYS = (*"failure", "enter", "down", "down", "space", "tab")


@pytest.mark.usefixtures("in_utc")
@pytest.mark.parametrize(
    ("size", "theme", "keys"),
    [((60, 20), "dark", ()), ((60, 20), "dark", KEYS), ((120, 40), "light", KEYS)],
    ids=["60x20-list", "60x20-chart", "120x40-chart-light"],
)
def test_layout(
    snap_compare: Callable[..., bool], size: tuple[int, int], theme: str, keys: tuple[str, ...]
) -> None:
    app = staged.cockpit(measured(staged.healthy()), theme, engine=CatalogueEngine())

    async def browse(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: bool(app.main.revisions.rows))
        await pilot.press("m")
        await until(pilot, lambda: len(app.screen.query_one(MetricList).items) == 8)
        app.screen.query_one(Input).cursor_blink = False
        for key in keys:
            await pilot.press(key)
            if key == "enter":
                await until(pilot, lambda: len(app.screen.query_one(LabelList).items) == 4)
        chart = app.screen.query_one(ExpressionChart)
        wanted = 4 if keys else 0
        await until(pilot, lambda: len(chart.data.series if chart.data else ()) == wanted)
        await until(pilot, lambda: chart.frame is not None or not keys)
        await until(pilot, lambda: bool(app.screen.query_one(LabelList).items))
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=browse)
