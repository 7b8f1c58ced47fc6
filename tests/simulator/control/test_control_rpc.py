"""The control plane over gRPC, as Google's own asyncio clients meet it."""

from __future__ import annotations

import asyncio
from typing import Any

import grpc
import pytest
from google.api_core import exceptions
from google.cloud import run_v2
from google.iam.v1 import iam_policy_pb2
from google.longrunning import operations_pb2
from google.rpc import code_pb2, error_details_pb2

from cockpit.simulator.seams import Share
from cockpit.simulator.world import Lag
from tests.simulator.plane import APP, CANARY, PARENT, PATIENCE, STABLE, Plane, latest, serving, template, to


def shift(*targets: run_v2.TrafficTarget, **rest: Any) -> run_v2.UpdateServiceRequest:
    service = run_v2.Service(name=APP, traffic=targets, **rest)
    return run_v2.UpdateServiceRequest(service=service, update_mask={"paths": ["traffic"]})


async def result(operation: Any) -> Any:
    """What the stock client makes of an operation in the end."""
    return await operation.result(timeout=PATIENCE)


async def finished(plane: Plane, operation: Any) -> operations_pb2.Operation:
    """Wait on the server for an operation the client was given."""
    request = operations_pb2.WaitOperationRequest(name=operation.operation.name)
    call = plane.channel.unary_unary(
        "/google.longrunning.Operations/WaitOperation",
        request_serializer=operations_pb2.WaitOperationRequest.SerializeToString,
        response_deserializer=operations_pb2.Operation.FromString,
    )
    done: operations_pb2.Operation = await call(request, timeout=PATIENCE)
    assert done.done
    return done


async def test_services_and_revisions_are_listed_and_got(plane: Plane) -> None:
    services = [each async for each in await plane.services.list_services(parent=PARENT)]
    assert [each.name for each in services] == [APP]
    assert services[0].uri == f"http://app.localhost:{plane.port}"
    revisions = [each async for each in await plane.revisions.list_revisions(parent=APP)]
    assert [each.name.rpartition("/")[2] for each in revisions] == [CANARY, STABLE]
    one = await plane.revisions.get_revision(name=f"{APP}/revisions/{STABLE}")
    assert one == revisions[1]
    assert "@sha256:" in one.containers[0].image


async def test_pages_are_followed(plane: Plane) -> None:
    pager = await plane.revisions.list_revisions(request={"parent": f"{PARENT}/services/-", "page_size": 1})
    assert [each.name.rpartition("/")[2] async for each in pager] == [CANARY, STABLE]


async def test_a_shift_ends_in_a_finished_operation(plane: Plane) -> None:
    operation = await plane.services.update_service(shift(to(STABLE, 90), to(CANARY, 10, "canary")))
    assert operation.metadata.generation == 3
    service = await result(operation)
    assert [(each.revision, each.percent) for each in service.traffic_statuses] == [(STABLE, 90), (CANARY, 10)]
    assert service.traffic_statuses[1].uri == f"http://canary---app.localhost:{plane.port}"
    assert plane.world.serving("app")[1] == Share(CANARY, 10, "canary")


async def test_the_serving_split_lags_behind_the_one_asked_for() -> None:
    async with serving(lag=Lag(traffic=(0.2, 0.3))) as plane:
        operation = await plane.services.update_service(shift(to(CANARY, 100)))
        during = await plane.services.get_service(name=APP)
        assert during.reconciling
        assert during.traffic[0].revision == CANARY
        assert during.traffic_statuses[0].revision == STABLE
        await finished(plane, operation)
        assert not (await plane.services.get_service(name=APP)).reconciling


async def test_a_new_revision_is_deployed(plane: Plane) -> None:
    service = run_v2.Service(name=APP, template=template("x:3"), traffic=[latest(100)])
    request = {"service": service, "update_mask": {"paths": ["template", "traffic"]}}
    done = await result(await plane.services.update_service(request))
    assert done.latest_ready_revision.startswith(f"{APP}/revisions/app-00003-")
    assert [each.containers[0].image for each in plane.launches.seen] == ["x:3"]


async def test_a_service_is_created_and_deleted(plane: Plane) -> None:
    created = await plane.services.create_service(
        parent=PARENT, service_id="fresh", service=run_v2.Service(template=template())
    )
    service = await result(created)
    deleted = await plane.services.delete_service(name=service.name)
    assert (await result(deleted)).delete_time
    with pytest.raises(exceptions.NotFound):
        await plane.services.get_service(name=service.name)


async def test_a_revision_is_deleted(plane: Plane) -> None:
    await finished(plane, await plane.services.update_service(shift(to(STABLE, 100))))
    name = f"{APP}/revisions/{CANARY}"
    assert (await result(await plane.revisions.delete_revision(name=name))).name == name
    with pytest.raises(exceptions.NotFound, match=CANARY):
        await plane.revisions.get_revision(name=name)


async def test_an_unknown_revision_is_told_by_the_operation(plane: Plane) -> None:
    operation = await plane.services.update_service(shift(to("app-00009-zzz", 100)))
    assert (await finished(plane, operation)).error.code == code_pb2.INTERNAL
    with pytest.raises(exceptions.GoogleAPICallError, match="does not exist") as caught:
        await result(operation)
    assert caught.value.errors[0].code == code_pb2.INTERNAL


async def test_a_stale_etag_aborts(plane: Plane) -> None:
    etag = (await plane.services.get_service(name=APP)).etag
    await plane.services.update_service(shift(to(STABLE, 100), etag=etag))
    with pytest.raises(exceptions.Aborted, match="Conflict"):
        await plane.services.update_service(shift(to(CANARY, 100), etag=etag))


async def test_bad_arguments_name_their_field(plane: Plane) -> None:
    with pytest.raises(exceptions.InvalidArgument) as caught:
        await plane.services.update_service(shift(to(STABLE, 90)))
    [detail] = caught.value.details
    assert isinstance(detail, error_details_pb2.BadRequest)
    assert detail.field_violations[0].field == "traffic"


@pytest.mark.parametrize(
    ("parent", "error", "said"),
    [
        ("projects/emergence-469005/locations/-", exceptions.InvalidArgument, "must be a region"),
        ("projects/other/locations/europe-west1", exceptions.PermissionDenied, "'run.services.list' denied"),
        ("nonsense", exceptions.InvalidArgument, "not a name of the form"),
    ],
)
async def test_places_that_are_not_here(plane: Plane, parent: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        await plane.services.list_services(parent=parent)


async def test_another_region_has_nothing(plane: Plane) -> None:
    elsewhere = "projects/emergence-469005/locations/us-central1"
    assert [each async for each in await plane.services.list_services(parent=elsewhere)] == []
    with pytest.raises(exceptions.NotFound):
        await plane.services.get_service(name=f"{elsewhere}/services/app")


async def test_operations_are_listed_got_and_forgotten(plane: Plane) -> None:
    operation = await plane.services.update_service(shift(to(CANARY, 100)))
    name = operation.operation.name
    await finished(plane, operation)
    request = operations_pb2.ListOperationsRequest(name=PARENT)
    listed = await plane.services.list_operations(request)
    assert [each.name for each in listed.operations] == [name]
    got = await plane.services.get_operation(operations_pb2.GetOperationRequest(name=name))
    assert got.response.type_url == "type.googleapis.com/google.cloud.run.v2.Service"
    await plane.services.delete_operation(operations_pb2.DeleteOperationRequest(name=name))
    with pytest.raises(exceptions.NotFound):
        await plane.services.get_operation(operations_pb2.GetOperationRequest(name=name))


async def test_waiting_for_an_operation_can_end_before_it_does(plane: Plane) -> None:
    plane.launches.held = asyncio.Event()
    service = run_v2.Service(name=APP, template=template("x:3"))
    operation = await plane.services.update_service({"service": service, "update_mask": {"paths": ["template"]}})
    request = operations_pb2.WaitOperationRequest(name=operation.operation.name, timeout={"nanos": 50_000_000})
    raw = await plane.services.wait_operation(request)
    assert not operations_pb2.Operation.FromString(raw).done


async def test_permissions_can_be_tested_and_withheld(plane: Plane) -> None:
    wanted = ["run.services.get", "run.services.update"]
    request = iam_policy_pb2.TestIamPermissionsRequest(resource=APP, permissions=wanted)
    assert (await plane.services.test_iam_permissions(request)).permissions == wanted
    plane.faults.withheld.add("run.services.update")
    assert (await plane.services.test_iam_permissions(request)).permissions == ["run.services.get"]
    with pytest.raises(exceptions.PermissionDenied, match=r"'run\.services\.update' denied on resource") as caught:
        await plane.services.update_service(shift(to(CANARY, 100)))
    assert caught.value.reason == "IAM_PERMISSION_DENIED"
    assert plane.world.serving("app")[0].revision == STABLE


async def test_a_write_may_be_applied_and_never_answered(plane: Plane) -> None:
    plane.faults.leave_unanswered("UpdateService")
    with pytest.raises(exceptions.DeadlineExceeded):
        await plane.services.update_service(shift(to(CANARY, 100)), timeout=0.3)
    assert (await plane.services.get_service(name=APP)).traffic[0].revision == CANARY


async def test_an_unknown_method_is_unimplemented(plane: Plane) -> None:
    call = plane.channel.unary_unary("/google.cloud.run.v2.Jobs/ListJobs")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call(b"", timeout=PATIENCE)
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED
