"""A local Cloud Run in this process, sessions on it over the real sources, and a clock that a test owns."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from google.cloud import run_v2

from cockpit.live.assembly import Habits, LiveSession, Outside
from cockpit.live.budget import Budget
from cockpit.live.clock import Clock
from cockpit.live.feeds import Pace
from cockpit.live.guard import Safety
from cockpit.live.journal import Journal
from cockpit.live.waiting import until
from cockpit.live.walk import Patience
from cockpit.release.service import ServiceRef
from cockpit.simulator.control.gate import Gate
from cockpit.simulator.control.rest import routes
from cockpit.simulator.control.rpc import handlers
from cockpit.simulator.faults import Faults
from cockpit.simulator.logs import LogStore
from cockpit.simulator.logs import handlers as log_handlers
from cockpit.simulator.port import listen
from cockpit.simulator.seams import Launch
from cockpit.simulator.server import Server
from cockpit.simulator.world import Lag, Planted, Settings, World
from cockpit.sources.cloudlogging import CloudLogging
from cockpit.sources.cloudrun import CloudRun, Timeouts
from cockpit.sources.connection import Connection
from cockpit.sources.requestlog import RequestLog
from cockpit.sources.target import Target as Place

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager

    from cockpit.simulator.world.settings import Etags

PROJECT, REGION, SERVICE = "emergence-469005", "europe-west1", "emergence-app"
REF = ServiceRef(PROJECT, REGION, SERVICE)
STABLE, CANARY, BROKEN, OLD = (f"{SERVICE}-{name}" for name in ("00275-2jb", "00279-kub", "00276-jvb", "00274-m4w"))
QUICK = Habits(
    service=Pace(0.2, hurry=0.05, cap=0.5, stale_after=1.0, failed_after=2.0),
    revisions=Pace(1.0, hurry=0.1, cap=0.5),
    patience=Patience(poll=0.02, slow=0.05, quick=0.3, settle=0.4, follow=5.0),
)


class FakeClock:
    """A clock that stands until it is told to go on; sleepers wake in order."""

    def __init__(self) -> None:
        self.at = 1000.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    @property
    def clock(self) -> Clock:
        """What the code under test is given."""
        return Clock(lambda: self.at, self.wall, self.sleep)

    def wall(self) -> datetime:
        """The date that goes with the moment."""
        return datetime(2026, 11, 21, 12, tzinfo=UTC) + timedelta(seconds=self.at - 1000)

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock was advanced so far."""
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.at + seconds, next(self._order), woken))
        await woken

    async def advance(self, seconds: float) -> None:
        """Let time pass, and everything that is due in it happen."""
        end = self.at + seconds
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            due, _, woken = heapq.heappop(self._sleepers)
            self.at = max(self.at, due)
            if not woken.done():
                woken.set_result(None)
            await settle()
        self.at = end
        await settle()


async def settle() -> None:
    """Let everything that can run without time passing run."""
    for _ in range(20):
        await asyncio.sleep(0)


class NothingToLaunch:
    """A data plane in which every new revision serves at once."""

    async def launch(self, service: str, revision: run_v2.Revision) -> Launch:
        return Launch(ready=True)


@dataclass
class Cloud:
    """The local Cloud Run: its world and its troubles, and sessions of the cockpit on it."""

    world: World
    faults: Faults
    port: int
    folder: Path
    sessions: list[LiveSession] = field(default_factory=list)
    closers: list[Journal | CloudRun] = field(default_factory=list)

    def outside(self, journal: str = "journal.sqlite3") -> Outside:
        """Sources over the wire, and a journal of that name."""
        connection = Connection(Place(PROJECT, REGION, f"127.0.0.1:{self.port}"))
        releases = CloudRun(connection, Timeouts(read=5.0, dial=0.5, write=0.5))
        kept = Journal(self.folder / journal)
        self.closers += [kept, releases]
        budget = Budget(Clock(), reads=60_000, writes=600)
        return Outside(releases, RequestLog(CloudLogging(connection)), kept, budget, who)

    async def session(self, outside: Outside | None = None, habits: Habits = QUICK) -> LiveSession:
        """A session that has read the service and its revisions."""
        session = LiveSession(REF, outside or self.outside(), habits)
        self.sessions.append(session)
        await session.start()
        await until(session, lambda seen: bool(seen.service and seen.revisions), 10)
        return session

    async def armed(self, outside: Outside | None = None, habits: Habits = QUICK) -> LiveSession:
        """A session that may change things."""
        session = await self.session(outside, habits)
        session.door.arm()
        return session

    async def close(self) -> None:
        for session in self.sessions:
            await session.stop()
        for closer in self.closers:
            await closer.close()
        await self.world.close()


async def who() -> str:
    """Whom the journal names."""
    return "sre@example.com"


@pytest.fixture
def serve(tmp_path: Path) -> Callable[..., AbstractAsyncContextManager[Cloud]]:
    """A local Cloud Run as a context manager: etags enforced or ignored, and how long things take."""

    @asynccontextmanager
    async def serving(etags: Etags = "enforced", traffic_lag: float = 0.0) -> AsyncIterator[Cloud]:
        listener = listen(0)
        lag = Lag((traffic_lag, traffic_lag), (0.0, 0.0), (0.0, 0.0))
        settings = Settings(PROJECT, REGION, listener.getsockname()[1], etags=etags, lag=lag)
        world, faults, store = World(settings, NothingToLaunch()), Faults(), LogStore()
        plant_emergence(world)
        gate = Gate(world, faults)
        rpc = [*handlers(gate), *log_handlers(store)]
        async with Server(listener, grpc_handlers=rpc, routes=routes(gate)) as server:
            cloud = Cloud(world, faults, server.port, tmp_path)
            try:
                yield cloud
            finally:
                await cloud.close()

    return serving


@pytest.fixture
async def cloud(serve: Callable[..., AbstractAsyncContextManager[Cloud]]) -> AsyncIterator[Cloud]:
    """A local Cloud Run that enforces etags and shifts at once."""
    async with serve() as running:
        yield running


@pytest.fixture
def fake() -> FakeClock:
    """A clock that stands still."""
    return FakeClock()


def plant_emergence(world: World) -> None:
    """Stable at 100 %, a tagged canary at 0, an older revision, and one that failed."""
    now = time.time()
    failure = Launch(ready=False, reason="CONTAINER_MISSING", message="Image 'app:missing' not found.")
    world.plant(
        SERVICE,
        [
            Planted(OLD, template("app:093112"), now - 9 * 86400),
            Planted(STABLE, template("app:183707"), now - 3 * 86400),
            Planted(BROKEN, template("app:missing"), now - 7200, failure=failure),
            Planted(CANARY, template("app:073931"), now - 720),
        ],
        [target(STABLE, 100), target(CANARY, 0, "canary")],
    )


def template(image: str) -> run_v2.RevisionTemplate:
    """One container."""
    return run_v2.RevisionTemplate(containers=[run_v2.Container(image=f"europe-docker.pkg.dev/emergence/{image}")])


def target(revision: str, percent: int, tag: str = "") -> run_v2.TrafficTarget:
    """A target that names its revision."""
    kind = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION
    return run_v2.TrafficTarget(type_=kind, revision=revision, percent=percent, tag=tag)
