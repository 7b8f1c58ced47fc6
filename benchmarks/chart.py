"""What an update of a chart costs: three series on 120×30, from new data to the lines on the screen."""

from __future__ import annotations

import statistics
import time
from datetime import UTC

import numpy as np

from benchmarks.figures import Figure
from cockpit.tui.charts.data import ChartData, ChartEvent, ChartSeries
from cockpit.tui.charts.picture import Paper, picture
from cockpit.tui.charts.plotter import Plotter
from cockpit.tui.charts.view import View, Window

START = 1_795_262_400.0
HOUR = Window(START, START + 3600)
PAPER = Paper(120, 30, zone=UTC)
UPDATES = 40


def measure() -> list[Figure]:
    """CPU of updates with few and with many samples, and of moving the cursor over a chart that stays."""
    plotter = Plotter()
    return [
        Figure("chart update, 3 x 3,000 samples", _update(plotter, 3_000), "ms", 12, "median, CPU"),
        Figure("chart update, 3 x 30,000 samples", _update(plotter, 30_000), "ms", 20, "median, CPU"),
        Figure("chart, cursor moved", _cursor(plotter), "ms", note="median, CPU"),
    ]


def _update(plotter: Plotter, count: int) -> float:
    charts = [_data(count, seed) for seed in range(UPDATES)]
    return statistics.median(_cost(plotter, data, View()) for data in charts)


def _cursor(plotter: Plotter) -> float:
    data = _data(3_000, 0)
    return statistics.median(_cost(plotter, data, View(cursor=START + 60 * minute)) for minute in range(UPDATES))


def _cost(plotter: Plotter, data: ChartData, view: View) -> float:
    """Milliseconds of this process' CPU."""
    before = time.process_time()
    picture(data, view, HOUR, PAPER, plotter)
    return (time.process_time() - before) * 1000


def _data(count: int, seed: int) -> ChartData:
    """An hour of latencies that a shift makes worse and a roll-back better, noisy enough to fill every column."""
    noise = np.random.default_rng(seed)
    times = np.linspace(START, START + 3600, count)
    share = (times - START) / 3600
    slow = np.where((share > 0.35) & (share < 0.7), 1.6, 1.0)
    series = tuple(
        ChartSeries(
            label,
            f"revision-{slot}",
            times,
            (base + base / 8 * np.sin(share * 12)) * slow + noise.normal(0, base / 8, count),
        )
        for slot, (label, base) in enumerate((("P50", 0.08), ("P95", 0.19), ("P99", 0.33)), 1)
    )
    events = (ChartEvent(START + 1260, "10 % → 50 %"), ChartEvent(START + 2520, "rolled back"))
    return ChartData(series, events, "s", "latency")
