"""Every scenario, running: what it is there to show can be seen from outside."""

from __future__ import annotations

import asyncio
import statistics
from contextlib import asynccontextmanager
from itertools import islice
from typing import TYPE_CHECKING

import grpc
import pytest
from google.api_core import exceptions
from google.cloud import run_v2
from google.cloud.run_v2.services.services import ServicesAsyncClient
from google.cloud.run_v2.services.services.transports import ServicesGrpcAsyncIOTransport

from cockpit.simulator.load import Crowd, Visit
from cockpit.simulator.scenarios import CANARY, CRASHED, SERVICE, STABLE
from tests.simulated import Visitor, until, visiting

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    import httpx

    from cockpit.simulator.run import Simulation

    Start = Callable[..., Awaitable[Simulation]]

pytestmark = pytest.mark.slow

FAILED = run_v2.Condition.State.CONDITION_FAILED
SIGNED_IN = {"x-dev-bypass": "1", "x-user-id": "tester"}
LAST_WEEK = "/api/dashboard/timeline/activity?period=7d"


async def visit(visitor: Visitor, visits: list[Visit], tag: str) -> list[httpx.Response]:
    """Make these visits, twenty at a time."""
    room = asyncio.Semaphore(20)

    async def one(each: Visit) -> httpx.Response:
        async with room:
            headers = {**each.headers, "user-agent": each.agent}
            return await visitor.request(each.path, tag=tag, method=each.method, headers=headers, json=each.json)

    return await asyncio.gather(*map(one, visits))


def share_of_failures(answers: list[httpx.Response]) -> float:
    """How many answers are the server's fault, from 0 to 1."""
    return sum(answer.is_server_error for answer in answers) / len(answers)


def median(answers: list[httpx.Response]) -> float:
    """The median of the times to answer, in seconds."""
    return statistics.median(answer.elapsed.total_seconds() for answer in answers)


def p95(answers: list[httpx.Response]) -> float:
    """The 95th percentile of the times to answer, in seconds."""
    return sorted(answer.elapsed.total_seconds() for answer in answers)[int(0.95 * len(answers))]


def conditions(holder: run_v2.Service | run_v2.Revision) -> dict[str, run_v2.Condition]:
    """The conditions by type."""
    return {condition.type_: condition for condition in holder.conditions}


async def test_healthy(simulation: Start) -> None:
    running = await simulation("healthy")
    async with visiting(running) as visitor:
        answers = await visit(visitor, list(islice(Crowd(1).visits(), 200)), tag="")
        assert len((await visitor.request(LAST_WEEK, headers=SIGNED_IN)).json()) == 8
        assert (await visitor.request(tag="canary")).json()["revision"] == CANARY
    assert share_of_failures(answers) < 0.02
    shares = [(share.revision, share.percent, share.tag) for share in running.world.serving(SERVICE)]
    assert shares == [(STABLE, 100, ""), (CANARY, 0, "canary")]
    revisions, _ = running.world.list_revisions(SERVICE)
    failed = [each.name.rpartition("/")[2] for each in revisions if conditions(each)["Ready"].state == FAILED]
    assert CRASHED in failed


async def test_bad_canary(simulation: Start) -> None:
    running = await simulation("bad-canary")
    visits = list(islice(Crowd(1).visits(), 400))
    async with visiting(running) as visitor:
        canary = await visit(visitor, visits, tag="canary")
        metrics = (await visitor.request("/api/metrics", tag="canary")).text
    assert 0.08 < share_of_failures(canary) < 0.21
    assert "memory_analysis_failure_total{" in metrics
    assert {share.revision: share.percent for share in running.world.serving(SERVICE) if not share.tag} == {
        STABLE: 90,
        CANARY: 10,
    }


async def test_slow_canary(simulation: Start) -> None:
    running = await simulation("slow-canary")
    visits = [each for each in islice(Crowd(1).visits(), 60) if each.path == "/api/chat"]
    async with visiting(running) as visitor:
        await asyncio.gather(visitor.request(), visitor.request(tag="canary"))
        canary = await visit(visitor, visits, tag="canary")
        stable = await visit(visitor, visits, tag="")
    assert p95(canary) > 2.0
    assert median(canary) > 3 * median(stable)


async def test_crash_on_start(simulation: Start) -> None:
    running = await simulation("crash-on-start")
    await until(lambda: not running.world.get_service(SERVICE).reconciling)
    async with visiting(running) as visitor:
        assert (await visitor.request()).json()["revision"] == STABLE
        lines = await visitor.entries(f'resource.labels.revision_name="{CRASHED}" AND logName:"stderr"')
    ready = conditions(running.world.get_revision(SERVICE, CRASHED))["Ready"]
    assert ready.state == FAILED
    assert "failed to start and listen on the port" in ready.message
    assert lines[-1]["textPayload"] == "ModuleNotFoundError: No module named 'backend'"
    assert running.world.get_service(SERVICE).latest_ready_revision.endswith(STABLE)


async def test_image_missing(simulation: Start) -> None:
    running = await simulation("image-missing")
    await until(lambda: not running.world.get_service(SERVICE).reconciling)
    newest = running.world.get_service(SERVICE).latest_created_revision.rpartition("/")[2]
    ready = conditions(running.world.get_revision(SERVICE, newest))["Ready"]
    assert ready.state == FAILED
    assert ready.message.startswith("Image 'europe-west1-docker.pkg.dev/")
    assert ready.message.endswith(":missing' not found.")


async def test_metrics_disabled(simulation: Start) -> None:
    running = await simulation("metrics-disabled")
    async with visiting(running) as visitor:
        canary = await visitor.request("/api/metrics", tag="canary")
        assert (canary.status_code, canary.text[:18]) == (200, "# Metrics disabled")


async def test_empty_timelines(simulation: Start) -> None:
    running = await simulation("empty-timelines")
    async with visiting(running) as visitor:
        answer = await visitor.request(LAST_WEEK, headers=SIGNED_IN)
        assert (answer.status_code, answer.json()) == (200, [])
        assert await visitor.entries('textPayload:"near \\"LEFT\\": syntax error"')


async def test_log_storm(simulation: Start) -> None:
    running = await simulation("log-storm")
    await until(lambda: len(running.logs.index) > 1000)
    before, clock = len(running.logs.index), asyncio.get_running_loop().time()
    await until(lambda: len(running.logs.index) > before + 20_000)
    assert asyncio.get_running_loop().time() - clock < 10
    async with visiting(running) as visitor:
        assert (await visitor.request()).status_code == 200
        newest = (await visitor.entries('logName:"stdout"'))[-1]
    assert newest["severity"] == "NOTICE"
    assert newest["jsonPayload"]["message"].endswith("of the storm")


async def test_flaky_api(simulation: Start) -> None:
    running = await simulation("flaky-api")
    running.faults.sleep = _at_once
    outcomes: set[type] = set()
    async with api(running) as (client, name):
        for _ in range(120):
            try:
                outcomes.add(type(await client.get_service(name=name, retry=None, timeout=5)))
            except exceptions.GoogleAPICallError as error:
                outcomes.add(type(error))
    assert outcomes == {run_v2.Service, exceptions.ServiceUnavailable, exceptions.ResourceExhausted}


async def test_forbidden(simulation: Start) -> None:
    running = await simulation("forbidden")
    async with api(running) as (client, name):
        service = await client.get_service(name=name, timeout=5)
        with pytest.raises(exceptions.PermissionDenied, match=r"'run\.services\.update' denied"):
            await client.update_service(service=service, timeout=5)
    async with visiting(running) as visitor:
        body = {"resourceNames": [f"projects/{visitor.project}"]}
        answer = await visitor.client.post("/v2/entries:list", json=body)
    assert answer.status_code == 403


async def test_busy_fleet(simulation: Start) -> None:
    running = await simulation("busy-fleet")
    async with api(running) as (client, name):
        parent = name.partition("/services/")[0]
        services = [service async for service in await client.list_services(parent=parent, timeout=5)]
    revisions, _ = running.world.list_revisions(size=1000)
    assert len(services) > 300
    assert len(revisions) == 1000
    assert running.callers is None
    assert not [pool for pool in running.fleet.pools if pool.service != SERVICE]


@asynccontextmanager
async def api(running: Simulation) -> AsyncIterator[tuple[ServicesAsyncClient, str]]:
    """A stock client, and the service's full name."""
    told = running.announcement
    async with grpc.aio.insecure_channel(told.endpoint) as channel:
        client = ServicesAsyncClient(transport=ServicesGrpcAsyncIOTransport(channel=channel))
        yield client, client.service_path(told.project, told.region, told.service)


async def _at_once(_seconds: float) -> None:
    return None
