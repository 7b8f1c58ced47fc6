"""The autoscaler on real instances."""

from __future__ import annotations

import asyncio
import os
import signal
from datetime import datetime
from typing import TYPE_CHECKING

import psutil
import pytest

from cockpit.simulator.autoscale import Tempo
from cockpit.simulator.run import Options
from cockpit.simulator.scenarios import SERVICE, STABLE
from cockpit.simulator.world import Lag, Settings
from tests.simulated import alone, until, visiting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cockpit.simulator.instances import Instance
    from cockpit.simulator.run import Simulation

    Start = Callable[..., Awaitable[Simulation]]

pytestmark = pytest.mark.slow

BRISK = Options(Settings(port=0, lag=Lag.none()), Tempo(tick=0.05, window=0.5, idle=0.3), load=0)


def instances(running: Simulation, revision: str = STABLE) -> tuple[Instance, ...]:
    """The instances of a revision that take requests."""
    pool = running.fleet.find(SERVICE, revision)
    return pool.ready if pool else ()


async def test_the_minimum_is_there_without_a_request(simulation: Start) -> None:
    running = await simulation(alone(minimum=2), BRISK)
    await until(lambda: len(instances(running)) == 2)
    async with visiting(running) as visitor:
        starts = await visitor.entries('textPayload:"Starting new instance"')
    assert [entry["textPayload"].split(" - ")[0] for entry in starts] == [
        "Starting new instance. Reason: MANUAL_OR_CUSTOMER_MIN_INSTANCE"
    ] * 2


async def test_an_idle_instance_is_stopped_and_started_again_when_asked(simulation: Start) -> None:
    running = await simulation(alone(minimum=0), BRISK)
    async with visiting(running) as visitor:
        await visitor.request()
        [first] = instances(running)
        await until(lambda: not psutil.pid_exists(first.pid))
        await visitor.request()
        [second] = instances(running)
        ends = await visitor.entries('textPayload:("exit(" OR "terminated")')
    assert first.pid != second.pid
    assert not ends  # the platform ended it: that is no crash


async def test_load_brings_instances_up_to_the_maximum_and_their_end_brings_them_down(simulation: Start) -> None:
    running = await simulation(alone(maximum=3, concurrency=2, fault="latency=10"), BRISK)
    body = {"message": "much to do", "thread_id": "t"}
    headers = {"x-dev-bypass": "1", "x-user-id": "tester"}
    async with visiting(running) as visitor:
        await visitor.request()
        calls = [visitor.request("/api/chat", method="POST", json=body, headers=headers) for _ in range(12)]
        answers = asyncio.gather(*calls)
        await until(lambda: len(instances(running)) == 3)
        assert all(instance.in_flight <= 2 for instance in instances(running))
        assert {answer.status_code for answer in await answers} == {200}
        await until(lambda: len(instances(running)) == 1)


async def test_a_killed_instance_is_replaced(simulation: Start) -> None:
    running = await simulation(alone(minimum=1), BRISK)
    await until(lambda: len(instances(running)) == 1)
    [victim] = instances(running)
    os.kill(victim.pid, signal.SIGKILL)
    await until(lambda: victim not in instances(running) and len(instances(running)) == 1)


async def test_a_deleted_revision_keeps_no_instance(simulation: Start) -> None:
    running = await simulation("healthy", BRISK)
    async with visiting(running) as visitor:
        await visitor.request(tag="canary")
        canary = running.world.serving(SERVICE)[1].revision
        [instance] = instances(running, canary)
        service = running.world.get_service(SERVICE)
        del service.traffic[1]
        running.world.update_service(SERVICE, service, ["traffic"])
        await until(lambda: len(running.world.serving(SERVICE)) == 1)
        running.world.delete_revision(SERVICE, canary)
        await until(lambda: not psutil.pid_exists(instance.pid))
        assert (await visitor.request(tag="canary")).status_code == 404


async def test_a_revision_that_keeps_failing_is_not_started_without_pause(simulation: Start) -> None:
    running = await simulation(alone(minimum=1, fault="crash-on-start"), BRISK)
    # A start and its crash write 20 entries: so many are there only after the second start.
    await until(lambda: len(running.logs.index) > 20)
    async with visiting(running) as visitor:
        first, second, *_ = await visitor.entries('textPayload:"Starting new instance"')
    pause = datetime.fromisoformat(second["timestamp"]) - datetime.fromisoformat(first["timestamp"])
    assert pause.total_seconds() >= 1.0
