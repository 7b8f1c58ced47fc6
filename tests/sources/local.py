"""A local Cloud Run on a real port, with `emergence-app` in it, and connections to it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from google.cloud import run_v2

from cockpit.release.service import ServiceRef
from cockpit.simulator.control.gate import Gate
from cockpit.simulator.control.rest import routes
from cockpit.simulator.control.rpc import handlers
from cockpit.simulator.faults import Faults
from cockpit.simulator.logs import LogSettings, LogStore
from cockpit.simulator.logs import handlers as log_handlers
from cockpit.simulator.port import listen
from cockpit.simulator.seams import Launch
from cockpit.simulator.server import Server
from cockpit.simulator.world import Lag, Planted, Settings, World
from cockpit.sources.connection import Connection
from cockpit.sources.target import Target

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from cockpit.simulator.world.settings import Etags

PROJECT, REGION = "emergence-469005", "europe-west1"
REF = ServiceRef(PROJECT, REGION, "emergence-app")
STABLE, CANARY, BROKEN = "emergence-app-00275-2jb", "emergence-app-00279-kub", "emergence-app-00276-jvb"


class NothingToLaunch:
    """A data plane in which every new revision serves at once."""

    async def launch(self, service: str, revision: run_v2.Revision) -> Launch:  # noqa: ARG002 (the seam's)
        return Launch(ready=True)


@dataclass
class Cloud:
    """The local Cloud Run: its world, logs and troubles, the port it answers on, and connections to it.

    `log_calls` counts the calls on the log service by method.
    """

    world: World
    faults: Faults
    logs: LogStore
    port: int
    log_calls: Counter[str] = field(default_factory=Counter)
    connections: list[Connection] = field(default_factory=list)

    def connect(self) -> Connection:
        """A connection of the sources', closed with the cloud."""
        self.connections.append(Connection(Target(PROJECT, REGION, f"127.0.0.1:{self.port}")))
        return self.connections[-1]


@asynccontextmanager
async def serving(
    port: int = 0, logs: LogSettings | None = None, *, etags: Etags = "enforced", lag: Lag | None = None
) -> AsyncIterator[Cloud]:
    """A local Cloud Run with `emergence-app` in it: stable at 100 %, a tagged canary, a revision that failed."""
    listener = listen(port)
    settings = Settings(PROJECT, REGION, listener.getsockname()[1], etags=etags, lag=lag or Lag.none())
    world, faults, store = World(settings, NothingToLaunch()), Faults(), LogStore(settings=logs)
    plant_emergence(world)
    gate = Gate(world, faults)
    cloud = Cloud(world, faults, store, settings.port)

    async def count(method: str) -> None:
        cloud.log_calls[method] += 1

    grpc_handlers = [*handlers(gate), *log_handlers(store, count)]
    async with Server(listener, grpc_handlers=grpc_handlers, routes=routes(gate)):
        try:
            yield cloud
        finally:
            for connection in cloud.connections:
                await connection.close()
            await world.close()


async def until(happened: Callable[[], bool], within: float = 60.0) -> None:
    """Wait for something that only the other end of the wire can bring about, for so many seconds at most."""
    async with asyncio.timeout(within):
        while not happened():  # noqa: ASYNC110 (there is nothing here that could set an event)
            await asyncio.sleep(0.01)


def plant_emergence(world: World) -> None:
    """The service that started it all, as its operators knew it."""
    now = time.time()
    failure = Launch(ready=False, reason="CONTAINER_MISSING", message="Image 'app:183707' not found.")
    world.plant(
        REF.service,
        [
            Planted(STABLE, template("app:183707"), now - 3 * 86400, 67.0, creator="ana@example.com"),
            Planted(BROKEN, template("app:missing"), now - 7200, 4.0, failure=failure),
            Planted(CANARY, template("app:073931"), now - 720, 52.0),
        ],
        [revision_target(STABLE, 100), revision_target(CANARY, 0, "canary")],
        labels={"team": "emergence", "env": "prod"},
    )


def template(image: str) -> run_v2.RevisionTemplate:
    """2 CPU, 4 GiB, a plain variable and a secret one."""
    secret = run_v2.EnvVarSource(secret_key_ref=run_v2.SecretKeySelector(secret="api-key", version="3"))
    return run_v2.RevisionTemplate(
        containers=[
            run_v2.Container(
                image=f"europe-docker.pkg.dev/emergence/{image}",
                env=[run_v2.EnvVar(name="MODE", value="live"), run_v2.EnvVar(name="API_KEY", value_source=secret)],
                resources=run_v2.ResourceRequirements(limits={"cpu": "2", "memory": "4Gi"}),
            )
        ],
        scaling=run_v2.RevisionScaling(min_instance_count=1, max_instance_count=8),
        timeout="600s",
    )


def revision_target(revision: str, percent: int, tag: str = "") -> run_v2.TrafficTarget:
    """A target that names its revision."""
    kind = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION
    return run_v2.TrafficTarget(type_=kind, revision=revision, percent=percent, tag=tag)
