"""What others do to a service appears on the timeline, with their names and the API's own times."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import grpc
import psutil
import pytest
from google.cloud import run_v2
from google.cloud.run_v2.services.services.transports import ServicesGrpcTransport
from google.protobuf.field_mask_pb2 import FieldMask

from cockpit import config
from cockpit.release.events import Event, EventKind
from cockpit.wiring.outside import wired
from tests.simulated import running_simulator, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from cockpit.live.assembly import LiveSession
    from tests.simulated import Local

pytestmark = pytest.mark.slow

STABLE, CANARY = "emergence-app-00275-2jb", "emergence-app-00279-kub"
GOOD, BAD = "emergence-app-00280-good", "emergence-app-00281-bad"
PATIENCE = 100.0


class Colleague:
    """Somebody else, with Google's own gRPC client."""

    def __init__(self, local: Local) -> None:
        channel = grpc.insecure_channel(local.endpoint)
        self._client = run_v2.ServicesClient(transport=ServicesGrpcTransport(channel=channel))
        self._name = f"projects/{local.project}/locations/{local.region}/services/{local.service}"

    async def deploy(self, revision: str, fault: str = "") -> None:
        """Make a revision, without waiting for it."""
        service = await asyncio.to_thread(self._client.get_service, name=self._name)
        service.template.revision = revision
        if fault:
            service.template.containers[0].env.append(run_v2.EnvVar(name="SIM_FAULT", value=fault))
        await self._update(service, "template")

    async def shift(self, shares: dict[str, int]) -> None:
        """Give revisions their percents."""
        kind = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION
        targets = [
            run_v2.TrafficTarget(type_=kind, revision=name, percent=percent) for name, percent in shares.items()
        ]
        await self._update(run_v2.Service(name=self._name, traffic=targets), "traffic")

    async def _update(self, service: run_v2.Service, path: str) -> None:
        mask = FieldMask(paths=[path])
        await asyncio.to_thread(self._client.update_service, service=service, update_mask=mask)


@asynccontextmanager
async def session_on(local: Local, folder: Path) -> AsyncIterator[LiveSession]:
    """A session on that service with its log, as the terminal has it."""
    path = folder / "config.toml"
    path.write_text(f'[journal]\npath = "{folder / "journal"}"\n[log]\nfile = "{folder / "log"}"\n')
    where = {"endpoint": local.endpoint, "project": local.project, "region": local.region, "name": local.service}
    settings = config.load(path, {}, {f"service.{key}": (value, f"--{key}") for key, value in where.items()})
    async with wired(settings, logs=True) as outside:
        session = outside.session(local.service)
        await session.start()
        try:
            yield session
        finally:
            await session.stop()


def kill_an_instance(local: Local) -> None:
    """End one of the simulator's containers, as the kernel does for want of memory."""
    containers = [
        child
        for child in psutil.Process(local.pid).children(recursive=True)
        if "cockpit.simulator.app" in child.cmdline()
    ]
    assert containers
    containers[0].kill()


async def test_what_others_do_is_on_the_timeline_with_their_names(tmp_path: Path) -> None:
    with running_simulator("healthy") as local:
        async with session_on(local, tmp_path) as session:
            events = session.timeline

            def found(kind: EventKind, about: str) -> list[Event]:
                return [
                    each for each in events.events if each.kind is kind and about in (each.subject, each.revision)
                ]

            await until(lambda: bool(found(EventKind.REVISION_READY, STABLE)), PATIENCE)
            other = Colleague(local)
            await other.shift({STABLE: 75, CANARY: 25})
            await until(lambda: bool(found(EventKind.TRAFFIC_SERVING, CANARY)), PATIENCE)
            [asked] = found(EventKind.TRAFFIC_ASKED, CANARY)
            [serving] = found(EventKind.TRAFFIC_SERVING, CANARY)
            assert asked.text == "asked: 00279-kub 0 → 25 %, 00275-2jb 100 → 75 %"
            service = session.snapshot.service
            assert service is not None
            assert asked.who == service.last_modifier != ""
            assert serving.at >= asked.at
            await until(lambda: events.shares[-1].percents == ((STABLE, 75), (CANARY, 25)), PATIENCE)

            await other.deploy(GOOD)
            await until(lambda: bool(found(EventKind.REVISION_READY, GOOD)), PATIENCE)
            [made] = found(EventKind.REVISION_CREATED, GOOD)
            assert made.who
            await other.deploy(BAD, "crash-on-start")
            await until(
                lambda: any("backend" in each.text for each in found(EventKind.REVISION_FAILED, BAD)), PATIENCE
            )
            assert len(found(EventKind.REVISION_FAILED, BAD)) == 1

            kill_an_instance(local)
            await until(lambda: any("signal 9" in each.text for each in events.events), PATIENCE)
            assert len({each.key for each in events.events}) == len(events.events)
