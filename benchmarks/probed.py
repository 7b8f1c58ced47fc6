"""The cockpit with a probe in its loop: how long was the loop held while the Google clients loaded?

`python -m benchmarks.probed CONFIG ENDPOINT SERVICE OUT` opens the app, waits until the service is known,
leaves by itself, and writes to OUT, as JSON, every delay of a sleep of 2 ms since the first paint, in ms.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

from cockpit.config import load
from cockpit.tui.app import CockpitApp
from cockpit.wiring.screen import app_of

NAP = 0.002
AFTERWARDS = 1.0


async def _probe(app: CockpitApp, delays: list[float]) -> None:
    end = float("inf")
    while time.perf_counter() < end:
        before = time.perf_counter()
        await asyncio.sleep(NAP)
        if not app.is_running:
            continue
        delays.append((time.perf_counter() - before - NAP) * 1000)
        if end == float("inf") and app.snapshot and app.snapshot.service:
            end = time.perf_counter() + AFTERWARDS
    app.exit()


async def probe(config: str, endpoint: str, service: str) -> list[float]:
    """Run the app and the probe side by side; the delays in milliseconds."""
    flags = {"service.endpoint": (endpoint, "benchmark"), "service.name": (service, "benchmark")}
    delays: list[float] = []
    settings = load(config, {}, flags)
    async with app_of(settings) as app:
        await asyncio.gather(app.run_async(), _probe(app, delays))
    return delays


if __name__ == "__main__":
    *given, out = sys.argv[1:]
    Path(out).write_text(json.dumps(asyncio.run(probe(*given))), encoding="utf-8")
