"""How the editor lies on the screen. For layout alone: what it does is tested elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.tui.past_expressions import PastExpressions
from cockpit.tui.screens.editor import EditorScreen
from tests.tui.staged import cockpit, healthy, until
from tests.tui.staged_editor import EvaluatedEngine
from tests.tui.staged_metrics import measured

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

FAILURES = "sum by (revision) (rate(memory_analysis_failure_total[5m]))"

CASES = {
    "suggestions-60x20-dark": ("sum by (revision) (rate(mem", (60, 20), "dark"),
    "fault-120x40-light": (f"{FAILURES} / summ(vector(1))", (120, 40), "light"),
}


@pytest.mark.usefixtures("in_utc")
@pytest.mark.parametrize("case", CASES)
def test_layout(case: str, snap_compare: Callable[..., bool]) -> None:
    typed, size, theme = CASES[case]
    app = cockpit(measured(healthy()), theme, engine=EvaluatedEngine())

    async def open_editor(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.session is not None)
        for widget in app.main.children:
            widget.display = False  # the main screen has layouts of its own
        assert app.session is not None
        screen = EditorScreen(app.session, PastExpressions(), FAILURES)
        await app.push_screen(screen)
        await until(pilot, lambda: screen.ready and screen.chart.frame is not None)
        screen.expression.write("")
        await pilot.press(*typed)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=open_editor)


async def test_the_values_take_the_place_of_the_chart() -> None:
    app = cockpit(measured(healthy()), engine=EvaluatedEngine())
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: app.session is not None)
        assert app.session is not None
        screen = EditorScreen(app.session, PastExpressions(), FAILURES)
        await app.push_screen(screen)
        await until(pilot, lambda: screen.ready and screen.chart.frame is not None)
        region = screen.chart.region
        await pilot.press("ctrl+t")
        await until(pilot, lambda: len(screen.values.lines) == 2)
        assert screen.values.region == region
        for y in range(screen.values.size.height):
            assert screen.values.render_line(y).cell_length == screen.values.size.width
