"""How the dialogs lie on the screen. For layout alone: what they do is tested elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cockpit.tui.screens.detail import DetailScreen
from cockpit.tui.screens.shift import ShiftScreen
from cockpit.tui.screens.sides import SidesScreen
from cockpit.tui.screens.tags import TagsScreen
from tests.tui import staged
from tests.tui.shown import strides
from tests.tui.staged import BROKEN, CANARY, StagedSession, cockpit

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot
    from textual.screen import Screen

    from cockpit.live.snapshot import Snapshot


def _sides(session: StagedSession) -> Screen[Any]:
    change = session.snapshot.change
    assert change is not None
    return SidesScreen(session, change, clock=strides())


def _shift(session: StagedSession) -> Screen[Any]:
    return ShiftScreen(session, selected=CANARY, points=15, clock=strides())


CASES: dict[str, tuple[Snapshot, Callable[[StagedSession], Screen[Any]], tuple[int, int], str]] = {
    "shift-60x20": (staged.armed(), _shift, (60, 20), "dark"),
    "shift-120x40-light": (staged.healthy(), _shift, (120, 40), "light"),
    "tags-60x20": (
        staged.armed(),
        lambda session: TagsScreen(session, selected=CANARY, clock=strides()),
        (60, 20),
        "dark",
    ),
    "sides-60x20": (staged.overtaken(), _sides, (60, 20), "dark"),
    "detail-120x40": (
        staged.healthy(),
        lambda session: DetailScreen(session, BROKEN, clock=strides()),
        (120, 40),
        "dark",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_layout(case: str, snap_compare: Callable[..., bool]) -> None:
    snapshot, screen, size, theme = CASES[case]
    app = cockpit(snapshot, theme)

    async def open_screen(pilot: Pilot[None]) -> None:
        while not isinstance(session := app.session, StagedSession):
            await pilot.pause()
        for widget in app.main.children:
            widget.display = False  # the main screen has layouts of its own
        await app.push_screen(screen(session))
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=open_screen)
