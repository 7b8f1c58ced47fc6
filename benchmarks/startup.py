"""From exec to the first paint, beside the least a Textual app can be."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.local import command
from tests.simulated import running_simulator
from tests.terminal import Terminal

RUNS = 9


def measure() -> list[Figure]:
    """Bare and cockpit in turn, so that a machine that drifts drifts for both."""
    bare: list[float] = []
    ours: list[float] = []
    with running_simulator() as local, tempfile.TemporaryDirectory() as state:
        for run in range(RUNS + 1):
            plain = _first_paint([sys.executable, "-m", "benchmarks.bare"])
            full = _first_paint(command(local, Path(state)))
            if run:  # the first pair warms the disk cache
                bare.append(plain)
                ours.append(full)
    ratio = statistics.median(full / plain for full, plain in zip(ours, bare, strict=True))
    return [
        Figure("first paint / bare Textual app", ratio, "x", 1.3, f"median of {RUNS} pairs"),
        Figure("first paint, bare Textual app", statistics.median(bare), "s"),
        Figure("first paint, cockpit", statistics.median(ours), "s"),
    ]


def _first_paint(words: list[str]) -> float:
    with Terminal(words) as terminal:
        return terminal.wait(lambda lines: any(line.strip() for line in lines)) - terminal.started
