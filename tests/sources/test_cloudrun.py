"""CloudRun against the local Cloud Run: the stock clients on the wire, both ways."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import run_v2
from google.cloud.run_v2.services.services.transports import ServicesRestTransport
from google.protobuf.field_mask_pb2 import FieldMask

from cockpit.release.service import ConditionState, EnvVar, ServiceRef
from cockpit.release.traffic import LATEST, ServingTarget, Target
from cockpit.simulator.faults import Quota
from cockpit.simulator.world import Planted
from cockpit.simulator.world.errors import AbortedError, InvalidArgumentError, UnavailableError
from cockpit.sources.cloudrun import PAGE, CloudRun, OperationState, Timeouts
from cockpit.sources.connection import Connection
from cockpit.sources.errors import (
    ConflictError,
    DeniedError,
    InvalidError,
    NotFoundError,
    OutcomeUnknownError,
    ThrottledError,
    UnreachableError,
)
from cockpit.sources.target import Target as Place
from tests.sources.local import BROKEN, CANARY, PROJECT, REF, REGION, STABLE, serving, template

if TYPE_CHECKING:
    from tests.sources.local import Cloud

TENTH = (Target(STABLE, 90), Target(CANARY, 10, "canary"))


@pytest.fixture
def releases(cloud: Cloud) -> CloudRun:
    return CloudRun(cloud.connect(), Timeouts(read=5.0, dial=0.5, write=1.0))


async def followed(releases: CloudRun, name: str) -> OperationState:
    async with asyncio.timeout(10):
        while True:
            state = await releases.operation(name)
            if state.done:
                return state
            await asyncio.sleep(0.02)


async def test_a_service_is_read_whole(releases: CloudRun, cloud: Cloud) -> None:
    service = await releases.service(REF)
    assert service.ref == REF
    assert service.spec == (Target(STABLE, 100), Target(CANARY, 0, "canary"))
    by_tag = {target.tag: target for target in service.serving}
    assert by_tag[""] == ServingTarget(STABLE, 100)
    assert by_tag["canary"].revision == CANARY
    assert "canary---emergence-app" in by_tag["canary"].uri
    assert service.generation == service.observed_generation == 3
    assert service.etag
    assert not service.reconciling
    assert service.latest_ready == service.latest_created == CANARY
    assert service.conditions[0].type == "Ready"
    assert {condition.state for condition in service.conditions} == {ConditionState.SUCCEEDED}
    assert str(cloud.port) in service.uri
    assert service.uri in service.urls
    assert service.created is not None
    assert service.updated is not None
    assert service.created < service.updated
    assert service.created.utcoffset() is not None
    assert service.labels == (("env", "prod"), ("team", "emergence"))


async def test_a_template_gives_resources_and_never_a_secret(releases: CloudRun) -> None:
    template = (await releases.service(REF)).template
    assert (template.cpu, template.memory, template.timeout) == ("2", "4Gi", 600.0)
    assert (template.min_instances, template.max_instances) == (1, 8)
    assert template.env == (EnvVar("MODE", value="live"), EnvVar("API_KEY", secret="api-key:3"))


async def test_revisions_come_newest_first_with_their_conditions(releases: CloudRun) -> None:
    revisions = await releases.revisions(REF)
    assert [revision.name for revision in revisions] == [CANARY, BROKEN, STABLE]
    assert revisions[2].creator == "ana@example.com"
    assert "@sha256:" in revisions[0].template.image
    ready = next(condition for condition in revisions[1].conditions if condition.type == "Ready")
    assert ready.state is ConditionState.FAILED
    assert ready.reason == "CONTAINER_MISSING"
    assert "not found" in ready.message


async def test_more_than_a_page_of_services(releases: CloudRun, cloud: Cloud) -> None:
    for number in range(2 * PAGE + 5):
        cloud.world.plant(f"svc-{number:03}", [Planted(f"svc-{number:03}-00001-abc", template("app:1"), 1.79e9)])
    services = await releases.services(PROJECT, REGION)
    assert len(services) == 2 * PAGE + 6
    assert [service.ref for service in services] == sorted(service.ref for service in services)
    assert cloud.faults.calls["ListServices"] == 3


async def test_a_write_is_followed_until_it_serves(releases: CloudRun, cloud: Cloud) -> None:
    before = await releases.service(REF)
    name = await releases.write_traffic(REF, TENTH, before.etag)
    assert (await followed(releases, name)).error == ""
    after = await releases.service(REF)
    assert after.spec == TENTH
    assert after.generation == before.generation + 1
    assert {(share.revision, share.percent, share.tag) for share in cloud.world.serving("emergence-app")} == {
        (STABLE, 90, ""),
        (CANARY, 10, "canary"),
    }
    assert after.template == before.template
    assert after.labels == before.labels


async def test_latest_stays_latest_in_the_spec_and_is_resolved_where_it_serves(releases: CloudRun) -> None:
    split = (Target(STABLE, 30), Target(LATEST, 70))
    await followed(releases, await releases.write_traffic(REF, split, (await releases.service(REF)).etag))
    service = await releases.service(REF)
    assert service.spec == split
    assert service.serving == (ServingTarget(STABLE, 30), ServingTarget(CANARY, 70, latest=True))


async def test_an_unknown_revision_fails_in_the_operation(releases: CloudRun) -> None:
    before = await releases.service(REF)
    name = await releases.write_traffic(REF, (Target("emergence-app-00999-zzz", 100),), before.etag)
    state = await followed(releases, name)
    assert "emergence-app-00999-zzz" in state.error
    assert "\n" not in state.error
    assert (await releases.service(REF)).serving == before.serving


async def test_a_stale_etag_is_a_conflict(releases: CloudRun) -> None:
    before = await releases.service(REF)
    await followed(releases, await releases.write_traffic(REF, TENTH, before.etag))
    with pytest.raises(ConflictError, match="could not write the traffic of emergence-app"):
        await releases.write_traffic(REF, TENTH, before.etag)


async def test_a_split_that_cannot_be_is_invalid(releases: CloudRun) -> None:
    with pytest.raises(InvalidError, match="traffic"):
        await releases.write_traffic(REF, (Target(STABLE, 50),), (await releases.service(REF)).etag)


async def test_permissions_are_those_the_caller_has(releases: CloudRun, cloud: Cloud) -> None:
    wanted = ("run.services.get", "run.services.update")
    assert await releases.permissions(REF, wanted) == frozenset(wanted)
    cloud.faults.withheld.add("run.services.update")
    assert await releases.permissions(REF, wanted) == {"run.services.get"}


async def test_a_missing_permission_is_named(releases: CloudRun, cloud: Cloud) -> None:
    cloud.faults.withheld |= {"run.services.get", "run.services.update"}
    with pytest.raises(DeniedError) as reading:
        await releases.service(REF)
    assert reading.value.permission == "run.services.get"
    assert "roles/run.viewer" in reading.value.mend
    with pytest.raises(DeniedError) as writing:
        await releases.write_traffic(REF, TENTH, "")
    assert writing.value.permission == "run.services.update"
    assert "roles/run.developer" in writing.value.mend


async def test_what_does_not_exist_is_not_found(releases: CloudRun) -> None:
    with pytest.raises(NotFoundError, match="no-such-app"):
        await releases.service(ServiceRef(PROJECT, REGION, "no-such-app"))


async def test_a_used_up_quota_throttles(releases: CloudRun, cloud: Cloud) -> None:
    cloud.faults.quota = Quota(reads=1, writes=0)
    await releases.service(REF)
    with pytest.raises(ThrottledError, match="Quota exceeded"):
        await releases.service(REF)
    with pytest.raises(ThrottledError):
        await releases.write_traffic(REF, TENTH, "")


async def test_reads_are_asked_once(releases: CloudRun, cloud: Cloud) -> None:
    cloud.faults.down = True
    with pytest.raises(UnreachableError, match="currently unavailable"):
        await releases.service(REF)
    assert cloud.faults.calls["GetService"] == 1


async def test_a_write_without_an_answer_has_an_unknown_outcome(releases: CloudRun, cloud: Cloud) -> None:
    before = await releases.service(REF)
    cloud.faults.leave_unanswered("UpdateService", 30.0)
    with pytest.raises(OutcomeUnknownError, match=r"no answer from .* within 1 s"):
        await releases.write_traffic(REF, TENTH, before.etag)
    assert cloud.faults.calls["UpdateService"] == 1
    assert (await releases.service(REF)).spec == TENTH


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (UnavailableError("The service is currently unavailable."), OutcomeUnknownError),
        (AbortedError("Conflict: the etag is stale."), ConflictError),
        (InvalidArgumentError("traffic", "bad"), InvalidError),
    ],
    ids=["unavailable", "aborted", "invalid"],
)
async def test_a_write_is_refused_only_where_that_is_certain(
    releases: CloudRun, cloud: Cloud, refusal: Any, kind: type[Exception]
) -> None:
    cloud.faults.refuse_next("UpdateService", refusal)
    with pytest.raises(kind):
        await releases.write_traffic(REF, TENTH, "")
    assert cloud.faults.calls["UpdateService"] == 1


async def test_a_write_that_cannot_be_sent_is_known_not_to_have_been(unused_tcp_port: int) -> None:
    connection = Connection(Place(PROJECT, REGION, f"127.0.0.1:{unused_tcp_port}"))
    releases = CloudRun(connection, Timeouts(dial=0.3))
    with pytest.raises(UnreachableError, match=r"no connection to 127\.0\.0\.1") as caught:
        await releases.write_traffic(REF, TENTH, "")
    assert "nothing was sent" in caught.value.mend
    await releases.close()


async def test_nobody_at_home_is_said_at_once(unused_tcp_port: int) -> None:
    releases = CloudRun(Connection(Place(PROJECT, REGION, f"127.0.0.1:{unused_tcp_port}")))
    async with asyncio.timeout(2):
        with pytest.raises(UnreachableError, match="connection refused") as caught:
            await releases.service(REF)
    assert "cockpit simulate" in caught.value.mend
    await releases.close()


async def test_it_finds_a_cloud_that_comes_back(unused_tcp_port: int) -> None:
    releases = CloudRun(Connection(Place(PROJECT, REGION, f"127.0.0.1:{unused_tcp_port}")))
    for _ in range(2):
        async with serving(unused_tcp_port), asyncio.timeout(5):
            while True:
                try:
                    assert (await releases.service(REF)).ref == REF
                    break
                except UnreachableError:
                    await asyncio.sleep(0.05)
        with pytest.raises(UnreachableError):
            await releases.service(REF)
    await releases.close()


async def test_closing_under_a_call_is_no_cancellation(releases: CloudRun, cloud: Cloud) -> None:
    held = cloud.faults.hold_next("GetService")
    reading = asyncio.create_task(releases.service(REF))
    async with asyncio.timeout(5):
        await held.arrived.wait()
    await releases.close()
    with pytest.raises(UnreachableError, match="closed here"):
        await reading
    held.released.set()
    assert (await releases.service(REF)).ref == REF


async def test_the_stock_rest_client_sees_our_write_and_we_see_its(releases: CloudRun, cloud: Cloud) -> None:
    await followed(releases, await releases.write_traffic(REF, TENTH, (await releases.service(REF)).etag))

    await asyncio.to_thread(shift_through_rest, cloud.port)
    assert (await releases.service(REF)).spec == (Target(STABLE, 75), Target(CANARY, 25, "canary"))


def shift_through_rest(port: int) -> None:
    """See our tenth through Google's REST client, and make it a quarter."""
    transport: Any = ServicesRestTransport(
        host=f"127.0.0.1:{port}",
        url_scheme="http",
        credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
    )
    client = run_v2.ServicesClient(transport=transport)
    service = client.get_service(name=REF.path)
    assert {target.revision: target.percent for target in service.traffic} == {STABLE: 90, CANARY: 10}
    service.traffic[0].percent, service.traffic[1].percent = 75, 25
    operation: Any = client.update_service(service=service, update_mask=FieldMask(paths=["traffic"]))
    operation.result(timeout=10)
    transport.close()
