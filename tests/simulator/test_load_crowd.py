"""The users and scanners of the simulated service."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from cockpit.simulator.load import SCANNED, SHARES, Crowd, Visit
from cockpit.simulator.run import Options
from cockpit.simulator.world import Lag, Settings
from tests.simulated import until, visiting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cockpit.simulator.run import Simulation


def visits(seed: int, count: int) -> list[Visit]:
    """The first visits of a crowd."""
    return list(islice(Crowd(seed).visits(), count))


def test_the_seed_decides_who_comes() -> None:
    assert visits(3, 200) == visits(3, 200)
    assert visits(3, 200) != visits(4, 200)


def test_the_shares_are_percent() -> None:
    assert sum(SHARES.values()) == 100


def test_everybody_comes_about_as_often_as_they_should() -> None:
    came = Counter(visit.path.partition("?")[0].rpartition("/")[0] or visit.path for visit in visits(1, 10_000))
    scanners = sum(1 for visit in visits(1, 10_000) if (visit.method, visit.path) in SCANNED)
    assert 2000 < came["/api/memory"] < 2400
    assert 1400 < came["/api/dashboard/timeline"] < 1800
    assert 140 < scanners < 260


def test_topics_come_back_so_that_a_cache_is_worth_having() -> None:
    texts = [visit.json["text"] for visit in visits(1, 5000) if visit.path == "/api/memory/analyze" and visit.json]
    again = 1 - len(set(texts)) / len(texts)
    assert 0.5 < again < 0.95


@pytest.mark.slow
async def test_the_load_moves_metrics_and_logs_at_its_rate(
    simulation: Callable[..., Awaitable[Simulation]],
) -> None:
    options = Options(Settings(port=0, lag=Lag.none()), load=40)
    running = await simulation("healthy", options)
    async with visiting(running) as visitor:
        await until(lambda: len(running.logs.index) >= 500, seconds=60)
        entries = await visitor.entries('logName:"requests"')
        metrics = (await visitor.request("/api/metrics")).text
    first, last = (datetime.fromisoformat(entries[index]["timestamp"]) for index in (0, -1))
    assert 20 < len(entries) / (last - first).total_seconds() < 60
    assert {entry["httpRequest"]["status"] // 100 for entry in entries} >= {2, 4}
    assert 'memory_analysis_success_total{provider="neo_analysis"}' in metrics
