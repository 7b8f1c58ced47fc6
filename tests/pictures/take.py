"""`make picture`: the README's pictures, taken of the real app in the middle of a real canary."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from cockpit.cli.onlooking import onlooker
from cockpit.config import load
from cockpit.live.snapshot import Outcome
from cockpit.tui.app import CockpitApp
from cockpit.tui.pictures.cells import screen_runs
from cockpit.tui.pictures.png import png
from cockpit.wiring.screen import app_of
from tests.chromium import MISSING, PROGRAM, open_tab
from tests.simulated import Local, running_simulator

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from cockpit.config import Settings

FOLDER = Path(__file__).parent
SIZE = (132, 42)
PAGE = (1280, 860)
COLOURS = 256
"""How many a picture keeps: what is more are shades of the letters' edges."""
CANARY = "emergence-app-00279-kub"
PATIENCE = 300.0
SECONDS = 100.0
"""How much of a chart there is to see."""

KEYS = {
    "cockpit": ("j",),
    "timeline": ("9", "]", "]", "f"),
    "logs": ("l",),
    "dashboard": ("f3",),
}
"""By picture, what is pressed from the cockpit as it starts."""


async def take(local: Local, state: Path) -> None:
    """Shift a quarter of the traffic, wait until requests and the chart show it, and take every picture of it."""
    async with app_of(_settings(local, state)) as app, app.run_test(size=SIZE) as pilot, asyncio.timeout(PATIENCE):
        await _until(pilot, lambda: app.snapshot is not None and app.snapshot.observed is not None)
        assert app.session is not None
        app.session.door.arm()
        change = await app.session.door.apply(app.session.door.plan_shift({CANARY: 25}))
        assert change.outcome is Outcome.APPLIED, change.problem
        await _until(pilot, lambda: _share(app) >= 0.23)
        await _until(pilot, lambda: _charted(app) >= SECONDS)
        for name, keys in KEYS.items():
            await pilot.press(*keys)
            await _until(pilot, lambda: not any(worker.is_running for worker in app.workers))
            await pilot.pause(1.0)
            _write(name, png(screen_runs(app)))
            await pilot.press("escape")


@contextmanager
def serving(local: Local, state: Path) -> Iterator[str]:
    """`cockpit serve` while the block runs; gives its address."""
    config = state / "config.toml"
    config.write_text(f'[log]\nfile = "{state}/log"\n[journal]\npath = "{state}/journal"\n', encoding="utf-8")
    command = [sys.executable, "-m", "cockpit", "serve", "--config", str(config)]
    command += ["--endpoint", local.endpoint, "--service", local.service]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as served:
        assert served.stdout is not None
        try:
            yield served.stdout.readline().strip()
        finally:
            served.terminate()


async def take_page(url: str) -> None:
    """The same in a browser, after some time."""
    async with open_tab(*PAGE, webgl=True) as tab:
        await tab.call("Page.navigate", url=url)
        await asyncio.sleep(SECONDS / 2)
        _write("browser", await tab.picture())


def _settings(local: Local, state: Path) -> Settings:
    given = {"service.endpoint": local.endpoint, "service.name": local.service, "journal.path": f"{state}/journal"}
    settings = load(None, {}, {key: (value, "picture") for key, value in given.items()})
    return onlooker(settings, read_only=False)


def _write(name: str, picture: bytes) -> None:
    with Image.open(io.BytesIO(picture)) as image:
        few = image.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(FOLDER / f"{name}.png", optimize=True)


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
    """Write the pictures beside this script."""
    for overrule in ("NO_COLOR", "COLUMNS", "LINES"):
        os.environ.pop(overrule, None)
    with running_simulator("bad-canary") as local, tempfile.TemporaryDirectory() as state:
        asyncio.run(take(local, Path(state)))
        if PROGRAM is None:
            print(f"no picture of the browser: {MISSING}", file=sys.stderr)  # noqa: T201
        else:
            with serving(local, Path(state)) as url:
                asyncio.run(take_page(url))


if __name__ == "__main__":
    main()
