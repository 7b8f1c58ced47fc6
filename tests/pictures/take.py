"""`make picture`: the README's picture, taken of the real app in the middle of a real canary."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.config import load
from cockpit.live.snapshot import Outcome
from cockpit.tui.app import CockpitApp
from cockpit.wiring.screen import app_of
from tests.simulated import Local, running_simulator

if TYPE_CHECKING:
    from textual.pilot import Pilot

SIZE = (132, 38)
CANARY = "emergence-app-00279-kub"
PATIENCE = 240.0
SECONDS = 100.0
"""How much of a chart there is to see."""


async def take(local: Local, state: Path) -> str:
    """Shift a quarter of the traffic, wait until requests and the chart show it, and draw the screen as SVG."""
    given = {"service.endpoint": local.endpoint, "service.name": local.service, "journal.path": f"{state}/journal"}
    settings = load(None, {}, {key: (value, "picture") for key, value in given.items()})
    async with app_of(settings) as app, app.run_test(size=SIZE) as pilot, asyncio.timeout(PATIENCE):
        await _until(pilot, lambda: app.snapshot is not None and app.snapshot.observed is not None)
        assert app.session is not None
        app.session.door.arm()
        change = await app.session.door.apply(app.session.door.plan_shift({CANARY: 25}))
        assert change.outcome is Outcome.APPLIED, change.problem
        await _until(pilot, lambda: _share(app) >= 0.23)
        await _until(pilot, lambda: _charted(app) >= SECONDS)
        await pilot.press("j")
        await pilot.pause()
        return app.export_screenshot(title="cockpit")


def _share(app: CockpitApp) -> float:
    observed = app.snapshot.observed if app.snapshot else None
    return dict(observed.by_revision).get(CANARY, 0) / max(1, observed.total) if observed else 0.0


def _charted(app: CockpitApp) -> float:
    """Seconds between the first and the last sample on the chart."""
    data = app.main.chart.data
    return max((line.times[-1] - line.times[0] for line in data.series), default=0.0) if data else 0.0


async def _until(pilot: Pilot[None], shown: Callable[[], bool]) -> None:
    while not shown():
        await pilot.pause(0.2)


def main() -> None:
    """Write the picture beside this script."""
    with running_simulator("bad-canary") as local, tempfile.TemporaryDirectory() as state:
        svg = asyncio.run(take(local, Path(state)))
    # Pages that show the picture may not load the font it names; the widths in it hold with any.
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    (Path(__file__).parent / "cockpit.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
