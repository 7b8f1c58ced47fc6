"""What the log looks like: pictures to compare by eye when one changes (`pytest --snapshot-update`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from cockpit.tui.app import CockpitApp
from tests.tui import staged
from tests.tui.staged_logs import staged_logs

if TYPE_CHECKING:
    from textual.pilot import Pilot

Compare = Callable[..., bool]

PICTURES: dict[str, tuple[tuple[int, int], str, tuple[str, ...]]] = {
    "pane-60x20-dark": ((60, 20), "dark", ("8", "E", "E")),
    "pane-120x40-light": ((120, 40), "light", ("8", "slash", *"provider", "enter", "up", "m", "up")),
    "whole-120x40-dark": ((120, 40), "dark", ("8", "l", "slash", *"timeout severity>=x")),
    "whole-200x55-light": ((200, 55), "light", ("8", "E", "W", "l")),
}


@pytest.mark.usefixtures("in_utc")
@pytest.mark.parametrize("picture", PICTURES)
def test_layout(snap_compare: Compare, picture: str) -> None:
    size, theme, keys = PICTURES[picture]
    app = staged.cockpit(staged.healthy(), theme, logs=staged_logs(400))

    async def read(pilot: Pilot[None]) -> None:
        assert isinstance(app, CockpitApp)
        await staged.until(pilot, lambda: app.main.logs.reader is not None)
        await pilot.press(*keys)
        reader = app.main.logs.reader
        await staged.until(pilot, lambda: reader is not None and not reader.searching)
        app.main.logs.read(reader)  # all of it anew: what comes by itself is drawn when it is due
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=read)
