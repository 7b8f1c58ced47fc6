"""What the app costs while it only watches."""

from __future__ import annotations

import time

from benchmarks.figures import Figure
from benchmarks.local import cockpit
from tests.simulated import running_simulator

SECONDS = 60


def measure() -> list[Figure]:
    """The app's own CPU over a minute of live load; the simulator is another process and not counted."""
    with running_simulator() as local, cockpit(local) as terminal:
        before, sent = terminal.cpu(), len(terminal.raw)
        deadline = time.perf_counter() + SECONDS
        while (left := deadline - time.perf_counter()) > 0:
            terminal.settle(left, left)
        spent = (terminal.cpu() - before) * 60 / SECONDS
        sent = len(terminal.raw) - sent
    return [
        Figure("steady CPU, app alone", spent, "s/min", 3.0, f"over {SECONDS} s of live load"),
        Figure("steady output to the terminal", sent / SECONDS / 1000, "kB/s"),
    ]
