"""The cockpit with a probe in its loop: how long was the loop held?

`python -m benchmarks.probed CONFIG ENDPOINT SERVICE OUT SECONDS` opens the app, waits until the service is known,
watches it for SECONDS once it has settled, leaves by itself, and writes to OUT, as JSON, every delay of a sleep of
2 ms, in ms: `start` has those from the first paint until the service was known and a second more, `steady` those
of the seconds asked for.
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
SETTLING = 20.0


async def _probe(app: CockpitApp, seconds: float) -> dict[str, list[float]]:
    delays: dict[str, list[float]] = {"start": [], "steady": []}
    while not (app.is_running and app.snapshot and app.snapshot.service):
        delay = await _delay()
        if app.is_running:
            delays["start"].append(delay)
    delays["start"] += await _delays(AFTERWARDS)
    if seconds:
        await asyncio.sleep(SETTLING)
        delays["steady"] = await _delays(seconds)
    app.exit()
    return delays


async def _delays(seconds: float) -> list[float]:
    end = time.perf_counter() + seconds
    delays = []
    while time.perf_counter() < end:
        delays.append(await _delay())
    return delays


async def _delay() -> float:
    before = time.perf_counter()
    await asyncio.sleep(NAP)
    return (time.perf_counter() - before - NAP) * 1000


async def probe(config: str, endpoint: str, service: str, seconds: float) -> dict[str, list[float]]:
    """Run the app and the probe side by side; the delays in milliseconds."""
    flags = {"service.endpoint": (endpoint, "benchmark"), "service.name": (service, "benchmark")}
    async with app_of(load(config, {}, flags)) as app:
        _, delays = await asyncio.gather(app.run_async(), _probe(app, seconds))
    return delays


if __name__ == "__main__":
    config, endpoint, service, out, seconds = sys.argv[1:]
    found = asyncio.run(probe(config, endpoint, service, float(seconds)))
    Path(out).write_text(json.dumps(found), encoding="utf-8")
