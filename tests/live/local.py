"""Sessions of the cockpit on a local Cloud Run, and others who write to it."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from google.auth.credentials import AnonymousCredentials
from google.cloud import run_v2
from google.cloud.logging_v2.types import LogEntry
from google.cloud.run_v2.services.services.transports import ServicesRestTransport
from google.protobuf.field_mask_pb2 import FieldMask

from cockpit.live.assembly import LiveSession
from cockpit.live.budget import Budget
from cockpit.live.clock import Clock
from cockpit.live.feeds import Pace
from cockpit.live.journal import Journal
from cockpit.live.outside import Habits, Outside
from cockpit.live.waiting import until
from cockpit.live.walk import Patience
from cockpit.release.traffic import percents
from cockpit.simulator.seams import Launch
from cockpit.simulator.world import Lag, Planted
from cockpit.sources.cloudlogging import CloudLogging
from cockpit.sources.cloudrun import CloudRun, Timeouts
from cockpit.sources.connection import Connection
from cockpit.sources.requestlog import RequestLog
from cockpit.sources.target import Target
from tests.sources.local import BROKEN, CANARY, PROJECT, REF, REGION, STABLE, revision_target, serving, template

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from cockpit.live.snapshot import Snapshot
    from cockpit.simulator.faults import Faults
    from cockpit.simulator.logs import LogStore
    from cockpit.simulator.world import World
    from cockpit.simulator.world.settings import Etags

OLD = "emergence-app-00274-m4w"
QUICK = Habits(
    service=Pace(0.2, hurry=0.05, cap=0.5, stale_after=1.0, failed_after=2.0),
    revisions=Pace(1.0, hurry=0.1, cap=0.5),
    patience=Patience(poll=0.02, slow=0.05, quick=0.3, settle=0.4, follow=5.0),
)


@dataclass
class Place:
    """The local Cloud Run: its world and its troubles, and sessions of the cockpit on it."""

    world: World
    faults: Faults
    logs: LogStore
    port: int
    folder: Path
    sessions: list[LiveSession] = field(default_factory=list)
    owned: list[Journal | CloudRun] = field(default_factory=list)

    @property
    def asked(self) -> dict[str, int]:
        """What the service's spec says, read past every client."""
        return {
            each.revision: each.percent for each in self.world.get_service(REF.service).traffic if each.percent
        }

    @property
    def writes(self) -> int:
        """How often anybody asked for a write over the wire."""
        return int(self.faults.calls["UpdateService"])

    def outside(self, journal: str = "journal.sqlite3") -> Outside:
        """Sources over the wire, and a journal of that name."""
        outside = connected(self.port, self.folder / journal)
        self.owned += [outside.journal, outside.releases]  # type: ignore[list-item]
        return outside

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
        """Stop what was started here."""
        for session in self.sessions:
            await session.stop()
        for each in self.owned:
            await each.close()


def connected(port: int, journal: Path) -> Outside:
    """The real sources on a local Cloud Run, with short timeouts and a budget that no test uses up."""
    connection = Connection(Target(PROJECT, REGION, f"127.0.0.1:{port}"))
    return Outside(
        CloudRun(connection, Timeouts(read=5.0, dial=0.5, write=0.5)),
        RequestLog(CloudLogging(connection)),
        Journal(journal),
        Budget(Clock(), reads=60_000, writes=600),
        who,
    )


async def who() -> str:
    """Whom the journal names."""
    return "sre@example.com"


@asynccontextmanager
async def place(folder: Path, etags: Etags = "enforced", traffic_lag: float = 0.0) -> AsyncIterator[Place]:
    """A local Cloud Run with stable at 100 %, a tagged canary, an older revision and one that failed."""
    lag = Lag((traffic_lag, traffic_lag), (0.0, 0.0), (0.0, 0.0))
    async with serving(etags=etags, lag=lag) as cloud:
        plant(cloud.world)
        here = Place(cloud.world, cloud.faults, cloud.logs, cloud.port, folder)
        try:
            yield here
        finally:
            await here.close()


def plant(world: World) -> None:
    """The service as it is at the beginning, at generation 4."""
    now = time.time()
    failure = Launch(ready=False, reason="CONTAINER_MISSING", message="Image 'app:missing' not found.")
    world.plant(
        REF.service,
        [
            Planted(OLD, template("app:093112"), now - 9 * 86400),
            Planted(STABLE, template("app:183707"), now - 3 * 86400),
            Planted(BROKEN, template("app:missing"), now - 7200, failure=failure),
            Planted(CANARY, template("app:073931"), now - 720),
        ],
        [revision_target(STABLE, 100), revision_target(CANARY, 0, "canary")],
    )


def spec_is(wanted: dict[str, int]) -> Callable[[Snapshot], bool]:
    """Whether a snapshot knows of that split."""
    return lambda seen: seen.service is not None and percents(seen.service.spec) == wanted


def answered(here: Place, revision: str, count: int, status: int = 200) -> None:
    """Requests by the service's URL that a revision answers now."""
    for _ in range(count):
        entry = LogEntry.pb()(log_name=f"projects/{PROJECT}/logs/run.googleapis.com%2Frequests")
        entry.resource.type = "cloud_run_revision"
        entry.resource.labels.update(
            project_id=PROJECT, service_name=REF.service, revision_name=revision, location=REGION
        )
        entry.labels["instanceId"] = f"{revision}-1"
        entry.timestamp.FromNanoseconds(time.time_ns())
        entry.http_request.request_url = f"http://{REF.service}.localhost/"
        entry.http_request.status = status
        here.logs.write(entry)


def foreign_write(here: Place, shares: dict[str, int]) -> None:
    """Somebody else's change, at exactly this moment."""
    targets = [revision_target(name, percent) for name, percent in shares.items()]
    body = run_v2.Service.pb(run_v2.Service(traffic=targets))
    here.world.update_service(REF.service, body, ["traffic"])


class Stock:
    """Somebody else, with Google's own REST client."""

    def __init__(self, here: Place) -> None:
        transport = ServicesRestTransport(
            host=f"127.0.0.1:{here.port}",
            credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
            url_scheme="http",
        )
        self._client = run_v2.ServicesClient(transport=transport)

    async def write(self, shares: dict[str, int]) -> None:
        """Change the traffic and wait for it; "" is LATEST."""
        latest = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST
        targets = [
            revision_target(name, percent) if name else run_v2.TrafficTarget(type_=latest, percent=percent)
            for name, percent in shares.items()
        ]
        await self._update(run_v2.Service(name=REF.path, traffic=targets), "traffic")

    async def deploy(self, revision: str) -> None:
        """Make a new revision and wait for it."""
        service = await self.read()
        service.template.revision = revision
        await self._update(service, "template")

    async def read(self) -> run_v2.Service:
        """The service as it stands."""
        return await asyncio.to_thread(self._client.get_service, name=REF.path)

    async def _update(self, service: run_v2.Service, path: str) -> None:
        def update() -> None:
            operation = self._client.update_service(service=service, update_mask=FieldMask(paths=[path]))
            operation.result(timeout=10)  # type: ignore[no-untyped-call]

        await asyncio.to_thread(update)
