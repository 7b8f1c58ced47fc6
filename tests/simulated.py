"""Whole simulators for tests: as a process of its own, or inside the test's event loop for fine control."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import httpx

from cockpit.simulator.scenarios import STABLE, Scenario, find

if TYPE_CHECKING:
    from cockpit.simulator.run import Simulation

START_SECONDS = 30.0
STOP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Local:
    """What a started simulator announced; `tags` are the URLs of the tags, `process` is its own."""

    endpoint: str
    project: str
    region: str
    service: str
    url: str
    tags: dict[str, str]
    pid: int
    scenario: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        return int(self.endpoint.rpartition(":")[2])


@contextmanager
def running_simulator(scenario: str = "healthy", *options: str) -> Iterator[Local]:
    """`cockpit simulate SCENARIO OPTIONS` while the block runs; it ends with the test, however that ends."""
    command = [sys.executable, "-m", "cockpit", "simulate", scenario, "--until-eof", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Local(**_announced(process), process=process)
        finally:
            # Popen's own exit waits without end: what does not stop by itself must be gone by then.
            _stop(process)


def _announced(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"the simulator ended with {process.wait(STOP_SECONDS)} before it was ready"
    announced: dict[str, Any] = json.loads(line)
    return announced


def _stop(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


def alone(**changes: object) -> Scenario:
    """A scenario: the stable revision with nothing beside it, and with these settings."""
    healthy = find("healthy")
    [stable] = [each for each in healthy.history if each.name == STABLE]
    changed = replace(stable, **changes)  # type: ignore[arg-type]
    return replace(healthy, history=(changed,), split=healthy.split[:1])


async def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something holds. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 (what is waited for need not know that somebody waits)
            await asyncio.sleep(0.02)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who calls a simulated service over HTTP, and reads its logs."""

    client: httpx.AsyncClient
    service: str
    project: str
    port: int

    async def request(self, path: str = "/api/health", *, tag: str = "", **rest: Any) -> httpx.Response:
        """One request to the service, or to one of its tags; a GET unless `method` says otherwise."""
        host = f"{tag}---{self.service}" if tag else self.service
        headers = {"host": f"{host}.localhost:{self.port}", **rest.pop("headers", {})}
        return await self.client.request(rest.pop("method", "GET"), path, headers=headers, **rest)

    async def entries(self, query: str) -> list[dict[str, Any]]:
        """The newest log entries that a filter finds, in order."""
        body = {"resourceNames": [f"projects/{self.project}"], "filter": query, "orderBy": "timestamp desc"}
        answer = await self.client.post("/v2/entries:list", json={**body, "pageSize": 1000})
        answer.raise_for_status()
        return list(reversed(answer.json().get("entries", [])))


@asynccontextmanager
async def visiting(simulation: Simulation) -> AsyncIterator[Visitor]:
    """A visitor of a simulator."""
    told = simulation.announcement
    async with httpx.AsyncClient(base_url=f"http://{told.endpoint}", timeout=30, trust_env=False) as client:
        yield Visitor(client, told.service, told.project, int(told.endpoint.rpartition(":")[2]))
