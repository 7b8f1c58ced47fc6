"""What the control plane's tests stand on: a world with scripted launches, and a server around it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import grpc
from google.cloud import run_v2
from google.cloud.run_v2.services.revisions.transports import RevisionsGrpcAsyncIOTransport
from google.cloud.run_v2.services.services.transports import ServicesGrpcAsyncIOTransport

from cockpit.simulator import control
from cockpit.simulator.faults import Faults
from cockpit.simulator.port import listen
from cockpit.simulator.seams import Launch
from cockpit.simulator.server import Server
from cockpit.simulator.world import Lag, Planted, Settings, World, conditions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from google.longrunning.operations_pb2 import Operation
    from starlette.types import ASGIApp

LATEST = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST
REVISION = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION
PARENT = "projects/emergence-469005/locations/europe-west1"
APP = f"{PARENT}/services/app"
STABLE, CANARY = "app-00001-aaa", "app-00002-bbb"
LONG_AGO = 1_700_000_000.0
PATIENCE = 10.0
DEAD = Launch(ready=False, reason="HealthCheckContainerError", message="The container died.")


def template(image: str = "registry.example/app:v1", **rest: Any) -> run_v2.RevisionTemplate:
    """A template with one container."""
    return run_v2.RevisionTemplate(containers=[run_v2.Container(image=image)], **rest)


def to(revision: str, percent: int = 0, tag: str = "") -> run_v2.TrafficTarget:
    """A target by revision name."""
    return run_v2.TrafficTarget(type_=REVISION, revision=revision, percent=percent, tag=tag)


def latest(percent: int = 0, tag: str = "") -> run_v2.TrafficTarget:
    """A target that follows the latest ready revision."""
    return run_v2.TrafficTarget(type_=LATEST, percent=percent, tag=tag)


def service(**fields: Any) -> Any:
    """A raw service message."""
    return run_v2.Service.pb(run_v2.Service(**fields))


@dataclass
class Launches:
    """A data plane that starts nothing: every launch ends as scripted, or as soon as the test lets it."""

    outcome: Launch = field(default_factory=lambda: Launch(ready=True))
    held: asyncio.Event | None = None
    seen: list[run_v2.Revision] = field(default_factory=list)

    async def launch(self, service: str, revision: run_v2.Revision) -> Launch:
        """As `seams.Launcher`."""
        assert revision.service == service
        self.seen.append(revision)
        if self.held is not None:
            await self.held.wait()
        return self.outcome


def two_revisions(world: World, service: str = "app") -> None:
    """Plant a service whose first revision serves everything and whose second carries a tag."""
    first, second = f"{service}-00001-aaa", f"{service}-00002-bbb"
    world.plant(
        service,
        [
            Planted(first, template(), LONG_AGO),
            Planted(second, template("registry.example/app:v2"), LONG_AGO + 86_400),
        ],
        [to(first, 100), to(second, tag="canary")],
    )


def state(message: Any, kind: str) -> int:
    """The state of one condition of a service or a revision."""
    condition = conditions.find(message, kind)
    assert condition is not None
    return int(condition.state)


async def outcome(world: World, operation: Operation) -> Operation:
    """The operation once it is done."""
    done = await world.operations.wait(operation.name, PATIENCE)
    assert done.done
    return done


@asynccontextmanager
async def small_world(launches: Launches | None = None, **settings: Any) -> AsyncIterator[World]:
    """A world without lag, with one planted service."""
    world = World(Settings(**{"lag": Lag.none()} | settings), launches or Launches())
    two_revisions(world)
    try:
        yield world
    finally:
        await world.close()


@dataclass
class Plane:
    """A served world, and stock asyncio clients on one channel."""

    world: World
    faults: Faults
    launches: Launches
    port: int
    channel: grpc.aio.Channel

    @property
    def target(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def services(self) -> run_v2.ServicesAsyncClient:
        """The stock client for services."""
        return run_v2.ServicesAsyncClient(transport=ServicesGrpcAsyncIOTransport(channel=self.channel))

    @property
    def revisions(self) -> run_v2.RevisionsAsyncClient:
        """The stock client for revisions."""
        return run_v2.RevisionsAsyncClient(transport=RevisionsGrpcAsyncIOTransport(channel=self.channel))


@asynccontextmanager
async def serving(front: ASGIApp | None = None, **settings: Any) -> AsyncIterator[Plane]:
    """A small world behind a real port."""
    listener = listen()
    port = listener.getsockname()[1]
    faults, launches = Faults(), Launches()
    async with small_world(launches, port=port, **settings) as world:
        handlers, routes = control.handlers(world, faults), control.routes(world, faults)
        async with (
            Server(listener, grpc_handlers=handlers, routes=routes, front=front),
            grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
        ):
            yield Plane(world, faults, launches, port, channel)
