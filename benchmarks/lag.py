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
    with running_simulator() as local:
        worst = [max(delays(local)["start"]) for _ in range(RUNS)]
    return [
        Figure(
            "loop lag while the clients load", statistics.median(worst), "ms", 50, f"median worst of {RUNS} starts"
        ),
        Figure("loop lag, worst of all starts", max(worst), "ms"),
    ]


def delays(local: Local, seconds: float = 0.0) -> dict[str, list[float]]:
    """Milliseconds by which the loop was late, at the `start` and for `seconds` of the `steady` time after."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        out = state / "delays.json"
        parts = (configuration(state), local.endpoint, local.service, out, seconds)
        with Terminal([sys.executable, "-m", "benchmarks.probed", *map(str, parts)]) as terminal:
            terminal.wait_exit(60 + seconds)
        found: dict[str, list[float]] = json.loads(out.read_text(encoding="utf-8"))
        return found
