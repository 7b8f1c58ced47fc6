"""What the main screen looks like: pictures to compare by eye when one changes (`pytest --snapshot-update`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from cockpit.tui.app import CockpitApp
from tests.tui import staged
from tests.tui.staged_logs import staged_logs
from tests.tui.staged_metrics import StagedEngine, measured

if TYPE_CHECKING:
    from textual.pilot import Pilot

Compare = Callable[..., bool]


async def shown(pilot: Pilot[None]) -> None:
    """Wait until the staged snapshot is on the screen, the chart drawn if it is in view."""
    app = pilot.app
    assert isinstance(app, CockpitApp)
    await staged.until(pilot, lambda: bool(app.main.revisions.rows))
    await staged.until(pilot, lambda: app.main.chart.frame is not None or not app.main.chart.display)
    await pilot.pause()


PICTURES: list[tuple[staged.Stage, tuple[int, int], str]] = [
    (staged.healthy, (60, 20), "light"),
    (staged.reconciling, (60, 20), "dark"),
    (staged.stale, (100, 30), "light"),
    (staged.reconciling, (120, 40), "dark"),
    (staged.overtaken, (120, 40), "light"),
    (staged.healthy, (200, 55), "dark"),
]


@pytest.mark.usefixtures("in_utc")
@pytest.mark.parametrize(
    ("stage", "size", "theme"),
    PICTURES,
    ids=[f"{stage.__name__}-{columns}x{lines}-{theme}" for stage, (columns, lines), theme in PICTURES],
)
def test_layout(snap_compare: Compare, stage: staged.Stage, size: tuple[int, int], theme: str) -> None:
    app = staged.cockpit(measured(stage()), theme, engine=StagedEngine(), logs=staged_logs(400))
    assert snap_compare(app, terminal_size=size, run_before=shown)
