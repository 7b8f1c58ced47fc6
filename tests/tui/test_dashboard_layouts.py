"""How a dashboard lies on the screen, on little room and on much. What it does is tested elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.tui.screens.dashboard import DashboardScreen
from tests.tui.staged import until
from tests.tui.staged_dashboards import cockpit, overview
from tests.tui.staged_editor import EvaluatedEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot


@pytest.mark.usefixtures("in_utc")
@pytest.mark.parametrize(
    ("size", "theme"), [((60, 20), "dark"), ((120, 40), "light")], ids=["60x20-dark", "120x40-light"]
)
def test_layout(snap_compare: Callable[..., bool], size: tuple[int, int], theme: str) -> None:
    app = cockpit(EvaluatedEngine(), overview(), theme=theme)

    async def show(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.facts.has_engine)
        await pilot.press("D")
        await until(pilot, lambda: isinstance(app.screen, DashboardScreen) and app.screen.settled)
        app.screen.refresh()
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=show)
