"""The sources on a whole local Cloud Run, a process of its own with instances and users."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import httpx
import pytest

from cockpit.release.service import ServiceRef
from cockpit.release.traffic import Target as Share
from cockpit.sources.cloudlogging import CloudLogging
from cockpit.sources.cloudrun import CloudRun
from cockpit.sources.connection import Connection
from cockpit.sources.requestlog import RequestLog
from cockpit.sources.tail import TailMode
from cockpit.sources.target import Target
from tests.sources.local import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.release.observed import RequestSeen
    from cockpit.sources.tail import TailState
    from tests.simulated import Local

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("scenario", ["healthy", "log-storm"])
async def test_requests_are_seen_to_move_with_the_traffic(simulator: Callable[..., Local], scenario: str) -> None:
    local = simulator(scenario)
    ref = ServiceRef(local.project, local.region, local.service)
    connection = Connection(Target(local.project, local.region, local.endpoint))
    releases = CloudRun(connection)
    requests: list[RequestSeen] = []
    states: list[TailState] = []
    follow = RequestLog(CloudLogging(connection)).follow(ref, requests.extend, states.append)
    following = asyncio.create_task(follow)
    await until(lambda: bool(states) and states[-1].mode is TailMode.STREAMING)

    service = await releases.service(ref)
    stable = next(target.revision for target in service.serving if target.percent)
    canary = next(target.revision for target in service.spec if target.tag == "canary")
    half = (Share(stable, 50), Share(canary, 50, "canary"))
    operation = await releases.write_traffic(ref, half, service.etag)
    await ask_for_health(local, local.tags["canary"])
    await until(lambda: any(seen.tag == "canary" and seen.revision == canary for seen in requests))
    await served(releases, operation)
    requests.clear()
    await until(lambda: sum(not seen.tag for seen in requests) >= 40)
    counted = Counter(seen.revision for seen in requests if not seen.tag)
    assert counted[stable] >= 5
    assert counted[canary] >= 5
    assert all(seen.instance and seen.status for seen in requests)
    assert states[-1].suppressed == 0

    following.cancel()
    await asyncio.wait({following})
    await releases.close()


async def ask_for_health(local: Local, url: str) -> None:
    """Send one request by one of the service's URLs, whose host not every machine resolves."""
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        host = httpx.URL(url).netloc.decode()
        (await client.get(f"http://{local.endpoint}/api/health", headers={"host": host})).raise_for_status()


async def served(releases: CloudRun, operation: str) -> None:
    """Follow a change until its operation is done."""
    async with asyncio.timeout(20):
        while True:
            state = await releases.operation(operation)
            if state.done:
                assert state.error == ""
                return
            await asyncio.sleep(0.2)
