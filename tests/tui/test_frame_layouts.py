"""What the main screen looks like: pictures to compare by eye when one changes (`pytest --snapshot-update`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.tui import staged

if TYPE_CHECKING:
    from textual.pilot import Pilot

Compare = Callable[..., bool]


async def shown(pilot: Pilot[None]) -> None:
    """Wait until the staged snapshot is on the screen."""
    app = pilot.app
    while not (app.screen.query("Revisions") and app.snapshot and app.main.revisions.rows):  # type: ignore[attr-defined]
        await pilot.pause()
    await pilot.pause()


PICTURES: list[tuple[staged.Stage, tuple[int, int], str]] = [
    (staged.healthy, (60, 20), "light"),
    (staged.reconciling, (60, 20), "dark"),
    (staged.stale, (100, 30), "light"),
    (staged.reconciling, (120, 40), "dark"),
    (staged.overtaken, (120, 40), "light"),
    (staged.healthy, (200, 55), "dark"),
]


@pytest.mark.parametrize(
    ("stage", "size", "theme"),
    PICTURES,
    ids=[f"{stage.__name__}-{columns}x{lines}-{theme}" for stage, (columns, lines), theme in PICTURES],
)
def test_layout(snap_compare: Compare, stage: staged.Stage, size: tuple[int, int], theme: str) -> None:
    assert snap_compare(staged.cockpit(stage(), theme), terminal_size=size, run_before=shown)
