"""Requests through the front to real instances."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import httpx
import pytest

from cockpit.simulator.scenarios import STABLE
from tests.simulated import alone, until, visiting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cockpit.simulator.run import Simulation

    Start = Callable[..., Awaitable[Simulation]]

pytestmark = pytest.mark.slow

SIGNED_IN = {"x-dev-bypass": "1", "x-user-id": "tester"}


async def test_a_request_starts_a_revision_from_zero_and_is_logged(simulation: Start) -> None:
    running = await simulation(alone(minimum=0))
    assert not running.fleet.pools
    async with visiting(running) as visitor:
        trace = {
            "x-cloud-trace-context": "00112233445566778899aabbccddeeff/42;o=1",
            "x-forwarded-for": "203.0.113.7",
        }
        answer = await visitor.request("/api/health?deep=1", headers=trace)
        assert answer.json()["revision"] == STABLE
        [request] = await visitor.entries("httpRequest.status=200")
        platform = await visitor.entries('logName:"varlog"')
    http = request["httpRequest"]
    assert http["requestUrl"] == f"{running.announcement.url}/api/health?deep=1"
    assert http["remoteIp"] == "203.0.113.7"
    assert float(http["latency"].rstrip("s")) > 0.5  # the cold start
    assert (request["trace"].rpartition("/")[2], request["spanId"]) == ("00112233445566778899aabbccddeeff", "42")
    assert request["labels"]["instanceId"] == platform[0]["labels"]["instanceId"]
    assert platform[0]["textPayload"].startswith("Starting new instance. Reason: AUTOSCALING")
    assert platform[1]["textPayload"].startswith("Default STARTUP TCP probe succeeded after 1 attempt")
    assert answer.headers["server"] == "Google Frontend"


async def test_bodies_pass_in_both_directions(simulation: Start) -> None:
    running = await simulation(alone())
    async with visiting(running) as visitor:
        sent = {"text": "a text to think about"}
        answer = await visitor.request("/api/memory/analyze", method="POST", json=sent, headers=SIGNED_IN)
        assert answer.json()["concepts"] == ["a", "about", "text", "think", "to"]
        head = await visitor.request("/assets/app.js", method="HEAD")
        script = await visitor.request("/assets/app.js")
        [request] = await visitor.entries('httpRequest.requestUrl:"analyze"')
    assert int(head.headers["content-length"]) == len(script.content) == 12_000
    assert int(request["httpRequest"]["requestSize"]) == len(httpx.Request("POST", "http://x", json=sent).content)
    assert int(request["httpRequest"]["responseSize"]) == len(answer.content)


async def test_a_request_beyond_what_the_instances_take_is_turned_away(simulation: Start) -> None:
    running = await simulation(alone(maximum=1, concurrency=1, fault="latency=30"))
    async with visiting(running) as visitor:
        await visitor.request()
        running.front.patience = 0.3
        body = {"message": "long", "thread_id": "t"}
        calls = [visitor.request("/api/chat", method="POST", json=body, headers=SIGNED_IN) for _ in range(2)]
        codes = sorted(answer.status_code for answer in await asyncio.gather(*calls))
        [refused] = await visitor.entries("httpRequest.status=429")
    assert codes == [200, 429]
    assert refused["textPayload"] == "The request was aborted because there was no available instance."
    assert "instanceId" not in refused.get("labels", {})


async def test_an_instance_killed_under_a_request_is_a_503_and_is_replaced(simulation: Start) -> None:
    running = await simulation(alone(fault="latency=100"))
    async with visiting(running) as visitor:
        await visitor.request()
        [instance] = running.fleet.pools[0].ready
        body = {"message": "long", "thread_id": "t"}
        call = asyncio.create_task(visitor.request("/api/chat", method="POST", json=body, headers=SIGNED_IN))
        await until(lambda: instance.in_flight == 1)
        os.kill(instance.pid, signal.SIGKILL)
        assert (await call).status_code == 503
        await until(lambda: bool({*running.fleet.pools[0].ready} - {instance}))
        [replacement] = running.fleet.pools[0].ready
        [failed] = await visitor.entries("httpRequest.status=503")
        [end] = await visitor.entries('textPayload:"terminated"')
    assert replacement.pid != instance.pid
    assert "connection to the instance had an error" in failed["textPayload"]
    assert end["textPayload"] == "Container terminated on signal 9."
    assert end["labels"]["instanceId"] == failed["labels"]["instanceId"] == instance.identity


async def test_a_revision_that_stopped_starting_answers_503(simulation: Start) -> None:
    running = await simulation(alone(minimum=0, fault="crash-on-start"))
    async with visiting(running) as visitor:
        answer = await visitor.request()
        lines = [entry["textPayload"] for entry in await visitor.entries('logName:"stderr"')]
        platform = [entry["textPayload"] for entry in await visitor.entries('logName:"varlog"')]
    assert answer.status_code == 503
    assert lines[-1] == "ModuleNotFoundError: No module named 'backend'"
    assert "Traceback (most recent call last):" in lines
    assert "Container called exit(1)." in platform
    assert platform[-1].startswith("Default STARTUP TCP probe failed 1 time consecutively")


async def test_a_shift_moves_the_very_next_request(simulation: Start) -> None:
    running = await simulation("healthy")
    async with visiting(running) as visitor:
        await visitor.request(tag="canary")
        assert (await visitor.request()).json()["revision"] == STABLE
        service = running.world.get_service("emergence-app")
        canary = service.traffic[1].revision
        service.traffic[0].revision = canary
        running.world.update_service("emergence-app", service, ["traffic"])
        await until(lambda: running.world.serving("emergence-app")[0].revision == canary)
        assert (await visitor.request()).json()["revision"] == canary
