"""PromQL on the store: a screen's expressions, and one range over many series; beside a real Prometheus."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from benchmarks.screenful import EXPRESSIONS, STEP, TRACKS, Screenful, wide
from cockpit.metrics.labels import notation
from cockpit.metrics.matchers import Matcher, Op
from cockpit.metrics.promql.local import evaluate_instant, evaluate_range
from cockpit.metrics.promql.nodes import Node
from cockpit.metrics.promql.scope import Rolled
from cockpit.metrics.store import Store
from tests.prometheus_server import PrometheusServer, running_prometheus

ROUNDS = 20
STEPS, STEP_OF_RANGE = 240, 15_000
RANGE = "sum by (revision) (rate(x[1m]))"
EVERYTHING = (Matcher("__name__", Op.REGEX, ".+"),)


def measure() -> list[Figure]:
    """Ours with their goals; the server's own time, without what HTTP adds, for information."""
    end = int(time.time()) // 60 * 60_000
    screen, many = Screenful(end - 720 * STEP), wide(end)
    ours = [
        _milliseconds(partial(_at_once, screen), prepare=screen.scrape),
        _milliseconds(partial(_over, many, end)),
    ]
    names = (f"{len(EXPRESSIONS)} expressions over {TRACKS} tracks", f"{STEPS} steps of {RANGE} over 1,000 series")
    goals = (20, 50)
    figures = [
        Figure(f"promql, {name}", value, "ms", goal) for name, value, goal in zip(names, ours, goals, strict=True)
    ]
    for name, value in zip(names, _theirs(screen, many, end) or (), strict=False):
        figures.append(Figure(f"promql, {name}, prometheus itself", value, "ms", note="its own time, HTTP apart"))
    return figures


def _at_once(screen: Screenful) -> None:
    """As the live room asks: what the expressions of one moment have in common is read once."""
    rolled: dict[Node, Rolled] = {}
    for expression in EXPRESSIONS:
        evaluate_instant(expression, screen.store, screen.now, rolled=rolled)


def _over(store: Store, end: int) -> None:
    evaluate_range(RANGE, store, end - (STEPS - 1) * STEP_OF_RANGE, end, STEP_OF_RANGE)


def _milliseconds(work: Callable[[], object], prepare: Callable[[], object] = bool) -> float:
    """The median of some rounds; what prepares one is not counted."""
    spent = []
    for _ in range(ROUNDS):
        prepare()
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def _theirs(screen: Screenful, many: Store, end: int) -> tuple[float, float] | None:
    """The same of a server that was given the same samples; None where there is none on this machine."""
    if not (shutil.which("prometheus") and shutil.which("promtool")):
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "samples.txt"
        with source.open("w") as out:
            for store in (screen.store, many):
                out.writelines(_openmetrics(store, screen.now))
            out.write("# EOF\n")
        making = [
            "promtool",
            "tsdb",
            "create-blocks-from",
            "openmetrics",
            "--quiet",
            str(source),
            str(folder / "data"),
        ]
        subprocess.run(making, check=True, stdout=subprocess.DEVNULL)
        with running_prometheus(folder) as server:
            screens = (_ask_at_once(server, screen.now) for _ in range(ROUNDS))
            ranges = (_ask_over(server, end) for _ in range(ROUNDS))
            return statistics.median(screens), statistics.median(ranges)


def _openmetrics(store: Store, end: int) -> Iterator[str]:
    for block in store.select(EVERYTHING, 0, end):
        for labels, values in zip(block.labels, block.values.T.tolist(), strict=True):
            series = notation(labels).replace('", ', '",')  # OpenMetrics has no spaces there
            for at, value in zip(block.times.tolist(), values, strict=True):
                yield f"{series} {value!r} {at / 1000:.3f}\n"


def _ask_at_once(server: PrometheusServer, at: int) -> float:
    asked = (server.get("query", query=each, time=at / 1000, stats="all") for each in EXPRESSIONS)
    return sum(_own_milliseconds(answer) for answer in asked)


def _ask_over(server: PrometheusServer, end: int) -> float:
    start, step = (end - (STEPS - 1) * STEP_OF_RANGE) / 1000, STEP_OF_RANGE / 1000
    return _own_milliseconds(
        server.get("query_range", query=RANGE, start=start, end=end / 1000, step=step, stats="all")
    )


def _own_milliseconds(answer: dict[str, Any]) -> float:
    seconds: float = answer["stats"]["timings"]["evalTotalTime"]
    return seconds * 1000
