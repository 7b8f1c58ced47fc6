"""How long the event loop is held while the Google clients load, right after the first paint."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.local import configuration
from tests.simulated import Local, running_simulator
from tests.terminal import Terminal

RUNS = 5


def measure() -> list[Figure]:
    """The worst delay of each of some starts: their median, and the worst of all."""
    with running_simulator() as local, tempfile.TemporaryDirectory() as state:
        worst = [max(_delays(local, Path(state))) for _ in range(RUNS)]
    return [
        Figure(
            "loop lag while the clients load", statistics.median(worst), "ms", 50, f"median worst of {RUNS} starts"
        ),
        Figure("loop lag, worst of all starts", max(worst), "ms"),
    ]


def _delays(local: Local, state: Path) -> list[float]:
    config, out = configuration(state), state / "delays.json"
    words = [
        sys.executable,
        "-m",
        "benchmarks.probed",
        config,
        local.endpoint,
        local.service,
        str(out),
    ]
    with Terminal([str(part) for part in words]) as terminal:
        terminal.wait_exit(60)
    delays: list[float] = json.loads(out.read_text(encoding="utf-8"))
    out.unlink()
    return delays
