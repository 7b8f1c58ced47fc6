"""What a dashboard of 12 panels over an hour costs to redraw, and how long it holds the loop at once."""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import time
from typing import Any

import numpy as np

from benchmarks.figures import Figure
from cockpit.metrics.dashboards.reading.dashboard import read_dashboard
from cockpit.metrics.engine import Answer, Line, ResultKind, Sample
from cockpit.tui.dashboard_sight import Sights
from cockpit.tui.screens.dashboard import DashboardScreen
from tests.tui import staged
from tests.tui.staged_metrics import StagedEngine, measured

ROUNDS = 12
NAP = 0.002
SIZE = (200, 60)
KINDS = ("gauge", "stat", "stat", "bargauge", *["timeseries"] * 6, "heatmap", "table")


def measure() -> list[Figure]:
    """CPU of this process from the key to the last row, what Textual paints included; how long a key waited."""
    spent, delays = asyncio.run(_run())
    return [
        Figure("dashboard of 12 panels over 1 h, redrawn", statistics.median(spent), "ms", 100, "median, CPU"),
        Figure("the loop held at once meanwhile", max(delays), "ms", 50, f"worst of {ROUNDS} rounds, CPU"),
    ]


class Engine(StagedEngine):
    """Three lines an answer that are others every time, as if time had gone on: nothing is drawn from memory."""

    def __init__(self) -> None:
        super().__init__()
        self._noise = np.random.default_rng(0)

    async def range(self, _expression: str, start: int, end: int, step: int) -> Answer:
        """An hour of noise in three lines."""
        times = np.arange(start, end + 1, step, dtype=np.int64)
        lines = tuple(
            Line((("le", name),), times, base + self._noise.normal(0, base / 8, times.size))
            for name, base in (("0.5", 0.08), ("1", 0.19), ("2", 0.33))
        )
        return Answer(ResultKind.MATRIX, lines=lines)

    async def instant(self, _expression: str, _at: int) -> Answer:
        """Three values."""
        values = self._noise.uniform(0, 1, 3).tolist()
        return Answer(ResultKind.VECTOR, tuple(Sample((("n", str(n)),), value) for n, value in enumerate(values)))


async def _run() -> tuple[list[float], list[float]]:
    """Milliseconds of CPU of each round, and what the loop spent on others while one napped beside them."""
    app = staged.cockpit(measured(staged.healthy()), engine=Engine())
    app.sights = Sights([read_dashboard(json.dumps(_dashboard()).encode())])
    async with app.run_test(size=SIZE) as pilot:
        await staged.until(pilot, lambda: app.facts.has_engine)
        await pilot.press("D")
        await staged.until(pilot, lambda: isinstance(app.screen, DashboardScreen) and app.screen.settled)
        assert isinstance(app.screen, DashboardScreen)
        assert len(app.screen.board.in_view) == len(KINDS)
        await pilot.pause(0.5)
        gc.collect()
        gc.freeze()  # as the app does with what it has loaded
        rounds = [await _round(app.screen) for _ in range(ROUNDS)]
    return [spent for spent, _ in rounds], [delay for _, delays in rounds for delay in delays]


async def _round(screen: DashboardScreen) -> tuple[float, list[float]]:
    before = time.process_time()
    screen.action_again()
    delays = [await _held()]
    while not screen.settled:
        delays.append(await _held())
    delays += [await _held() for _ in range(10)]  # what was drawn is painted in the next frames
    return (time.process_time() - before) * 1000, delays


async def _held() -> float:
    """What the loop's thread did between two of its turns: other processes do not count."""
    before = time.thread_time()
    await asyncio.sleep(NAP)
    return (time.thread_time() - before) * 1000


def _dashboard() -> dict[str, Any]:
    panels = [
        {
            "type": kind,
            "title": f"{kind} {number}",
            "gridPos": {"x": number % 4 * 6, "y": number // 4 * 8, "w": 6, "h": 8},
            "targets": [{"refId": "A", "expr": f"x{number}", "instant": kind == "table"}],
        }
        for number, kind in enumerate(KINDS)
    ]
    return {"title": "twelve", "schemaVersion": 39, "time": {"from": "now-1h", "to": "now"}, "panels": panels}
