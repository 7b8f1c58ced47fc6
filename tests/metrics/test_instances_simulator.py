"""Real processes behind the simulator's balancer: several a revision, some of them killed."""

from __future__ import annotations

import asyncio
import itertools
import math
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from cockpit.metrics.exposition.reader import Reader
from cockpit.metrics.instances import Instances, Sighting
from cockpit.metrics.labels import Labels
from cockpit.metrics.promql.local import evaluate_instant
from cockpit.metrics.store import Store
from cockpit.simulator.scenarios import CANARY, SERVICE, STABLE, Scenario, Target, find
from tests.metrics.scraped import equal, samples
from tests.simulated import Visitor, until, visiting

if TYPE_CHECKING:
    from cockpit.simulator.run import Simulation

pytestmark = pytest.mark.slow

Start = Callable[..., Awaitable["Simulation"]]

MINUTE = 60_000
TAG = "canary"
REQUESTS_A_ROUND = 12
HEADERS = {"x-dev-bypass": "1", "x-user-id": "tester"}
RATIO = (
    '(sum(increase(memory_analysis_failure_total{revision="REVISION"}[10m])) or vector(0))'
    ' / sum(increase({__name__=~"memory_analysis_(failure|success)_total",revision="REVISION"}[10m]))'
)


def crowded() -> Scenario:
    """Three processes of the stable revision, which has no tag, and two of a canary that fails often."""
    healthy = find("healthy")
    [stable] = [each for each in healthy.history if each.name == STABLE]
    [canary] = [each for each in healthy.history if each.name == CANARY]
    return replace(
        healthy,
        history=(
            replace(stable, minimum=3, maximum=3),
            replace(canary, minimum=2, maximum=2, fault="errors=0.3"),
        ),
        split=(Target(STABLE, 60), Target(CANARY, 40), Target(CANARY, tag=TAG)),
    )


@dataclass
class Watch:
    """Scrapes a running service as the cockpit does, while others use it."""

    running: Simulation
    visitor: Visitor
    store: Store = field(default_factory=lambda: Store(60 * MINUTE, 64 << 20))
    readers: dict[str, Reader] = field(default_factory=lambda: {"": Reader(), TAG: Reader()})
    sightings: list[Sighting] = field(default_factory=list)
    texts: itertools.count[int] = field(default_factory=itertools.count)
    answered: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.instances = Instances(self.store, SERVICE)
        self.instances.serves({STABLE: 60, CANARY: 40})

    async def round(self) -> None:
        """Requests, and a burst of scrapes through each URL meanwhile."""
        await asyncio.gather(
            *(self._use() for _ in range(REQUESTS_A_ROUND)),
            *(self._scrape("", "") for _ in range(self.instances.wanted_burst(""))),
            *(self._scrape(CANARY, TAG) for _ in range(self.instances.wanted_burst(CANARY))),
        )

    async def rounds_until(self, holds: Callable[[], bool], most: int = 80) -> None:
        """Go on until something is so, but not for ever."""
        for _ in range(most):
            await self.round()
            if holds():
                return
        pytest.fail(f"not so after {most} rounds")

    def starts(self, revision: str) -> list[float]:
        """When the processes started that have living series of this revision, in seconds; some at once."""
        lines = self.lines("process_start_time_seconds", revision).values()
        return [newest for newest in (line[-1][1] for line in lines) if newest is not None]

    def lines(self, name: str, revision: str) -> dict[Labels, list[tuple[int, float | None]]]:
        """The samples of one metric of a revision."""
        return samples(self.store, equal(name=name, revision=revision))

    def pids(self, revision: str) -> set[int]:
        """The processes that the simulator runs for a revision."""
        pool = self.running.fleet.find(SERVICE, revision)
        return {instance.pid for instance in pool.ready} if pool is not None else set()

    def tracks_are_the_processes(self, revision: str) -> bool:
        """Whether the revision's living tracks are of its processes, each of one."""
        running = sorted(psutil.Process(pid).create_time() for pid in self.pids(revision))
        tracked = sorted(self.starts(revision))
        return len(running) == len(tracked) and all(
            abs(one - other) < 0.1 for one, other in zip(running, tracked, strict=True)
        )

    async def _scrape(self, revision: str, tag: str) -> None:
        answer = await self.visitor.request("/api/metrics", tag=tag)
        if answer.status_code == 200:
            exposed = self.readers[tag].read(answer.content, answer.headers["content-type"])
            at = time.time_ns() // 1_000_000
            self.sightings.append(self.instances.saw(at, exposed, revision=revision, tag=tag))

    async def _use(self) -> None:
        body = {"text": f"a thought, number {next(self.texts)}"}
        await self.visitor.request("/api/memory/analyze", method="POST", json=body, headers=HEADERS)


async def test_every_process_of_every_revision_is_tracked_through_kill_9(simulation: Start) -> None:
    running = await simulation(crowded())
    async with visiting(running) as visitor:
        watch = Watch(running, visitor)
        await until(lambda: (len(watch.pids(STABLE)), len(watch.pids(CANARY))) == (3, 2))
        await watch.rounds_until(lambda: all(map(watch.tracks_are_the_processes, (STABLE, CANARY))))
        covered = [watch.instances.coverage(name, time.time_ns() // 1_000_000) for name in (STABLE, CANARY)]
        assert [each.seen for each in covered] == [3, 2]
        assert all(each.separable for each in covered)

        killed = {name: min(watch.pids(name)) for name in (STABLE, CANARY)}
        started = {name: psutil.Process(pid).create_time() for name, pid in killed.items()}
        for pid in killed.values():
            os.kill(pid, signal.SIGKILL)
        await until(lambda: all(pid not in watch.pids(name) for name, pid in killed.items()))
        await until(lambda: (len(watch.pids(STABLE)), len(watch.pids(CANARY))) == (3, 2))
        # The dead leave, whoever took their place is met, and all of that under the right revision.
        await watch.rounds_until(lambda: all(map(watch.tracks_are_the_processes, (STABLE, CANARY))))
        for name, count in ((STABLE, 4), (CANARY, 3)):
            ended = [
                line[0][1]
                for line in watch.lines("process_start_time_seconds", name).values()
                if line[-1][1] is None
            ]
            assert ended == [pytest.approx(started[name], abs=0.1)]
            assert len(watch.lines("process_start_time_seconds", name)) == count
        assert not watch.lines("process_start_time_seconds", ""), "nobody is left without a revision"
        assert not any(sighting.reset for sighting in watch.sightings)


async def test_the_canarys_failures_are_the_canarys(simulation: Start) -> None:
    running = await simulation(crowded())
    async with visiting(running) as visitor:
        watch = Watch(running, visitor)
        await until(lambda: (len(watch.pids(STABLE)), len(watch.pids(CANARY))) == (3, 2))
        await watch.rounds_until(lambda: all(map(watch.tracks_are_the_processes, (STABLE, CANARY))))
        for _ in range(15):
            await watch.round()
        query = 'httpRequest.requestUrl:"/api/memory/analyze"'
        entries = await visitor.entries(query)
        for revision in (STABLE, CANARY):
            told = [
                entry["httpRequest"]["status"]
                for entry in entries
                if entry["resource"]["labels"]["revision_name"] == revision
            ]
            failed = sum(status == 500 for status in told) / len(told)
            now = time.time_ns() // 1_000_000
            [read] = evaluate_instant(RATIO.replace("REVISION", revision), watch.store, now).samples
            deviation = math.sqrt(max(failed, 1 / len(told)) * (1 - failed) / len(told))
            assert abs(read.value - failed) < 3 * deviation
        assert failed > 0.15, "the canary is the one that fails"
