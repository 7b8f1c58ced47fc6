"""What recording costs: room for the demo's traffic, its thread's time, and how soon the past is there."""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import threading
import time
from pathlib import Path

import psutil

from benchmarks.figures import Figure, percentile
from cockpit.config import load
from cockpit.live.recording.archive import Archive
from cockpit.live.recording.tape import Tape
from cockpit.live.timeline import Memory
from cockpit.wiring.outside import wired
from tests.simulated import Local, running_simulator

SECONDS = 320.0
"""Five minutes make a piece as it is kept; what has none yet takes more room."""

RECALLS = 60
HOUR = 3600.0
MEGABYTE = 1e6


def measure() -> list[Figure]:
    """Of the demo's default scenario, recorded for some minutes without a screen."""
    with running_simulator() as local, tempfile.TemporaryDirectory() as state:
        return asyncio.run(_recorded(local, Path(state)))


async def _recorded(local: Local, state: Path) -> list[Figure]:
    given = {
        "service.endpoint": local.endpoint,
        "service.project": local.project,
        "service.region": local.region,
        "service.name": local.service,
        "journal.path": f"{state}/journal.sqlite3",
        "recording.folder": f"{state}/recordings",
    }
    settings = load(None, {}, {key: (value, "the benchmark") for key, value in given.items()})
    async with wired(settings, metrics=True, logs=True, app=True, recording=True) as outside:
        session = outside.session(local.service)
        began = time.monotonic()
        await session.start()
        await asyncio.sleep(SECONDS)
        busy = _recorder_time()
        assert session.memory is not None
        recalls = await _recalls(session.memory)
        took = time.monotonic() - began
        await session.stop()
    [shelved] = Archive(settings.recordings_folder).all()
    grown = shelved.size - _empty(state)
    return [
        Figure("recording, demo traffic", grown * HOUR / took / MEGABYTE, "MB/h", 5.0),
        Figure("recording, its thread's CPU time", busy / SECONDS * 60, "s/min"),
        Figure("a snapshot of before, median", statistics.median(recalls), "ms"),
        Figure("a snapshot of before, p95", percentile(recalls, 0.95), "ms"),
    ]


def _empty(state: Path) -> int:
    """Bytes of a recording with nothing in it."""
    tape = Tape.new(state, {"project": "p", "region": "r", "service": "s", "engine": "local"}, time.time())
    tape.close()
    return tape.path.stat().st_size


async def _recalls(memory: Memory) -> list[float]:
    """Milliseconds for snapshots here and there."""
    [(since, until)] = memory.spans
    chosen = random.Random(0)
    found = []
    for _ in range(RECALLS):
        began = time.perf_counter()
        assert await memory.snapshot(chosen.uniform(since, until)) is not None
        found.append((time.perf_counter() - began) * 1000)
    return found


def _recorder_time() -> float:
    """Seconds of CPU that the recorder's thread has taken."""
    [thread] = [each for each in threading.enumerate() if each.name == "recorder"]
    [told] = [each for each in psutil.Process().threads() if each.id == thread.native_id]
    return float(told.user_time + told.system_time)
