"""Every RPC we answer: `google.cloud.run.v2` Services and Revisions, `google.longrunning` Operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from google.cloud import run_v2
from google.iam.v1 import iam_policy_pb2
from google.longrunning import operations_pb2
from google.protobuf.empty_pb2 import Empty

from cockpit.simulator.control.gate import Gate, Method
from cockpit.simulator.world import paging

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from google.longrunning.operations_pb2 import Operation

    from cockpit.simulator.world.names import ResourceName

Answer: TypeAlias = "Callable[[Gate, Any, ResourceName], Awaitable[Any]]"

SERVICES = "google.cloud.run.v2.Services"
REVISIONS = "google.cloud.run.v2.Revisions"
OPERATIONS = "google.longrunning.Operations"
LONGEST_WAIT = 30.0

METHODS: dict[str, Method] = {}


def rpc(service: str, name: str, request: Any, response: Any, **rest: Any) -> Callable[[Answer], Answer]:
    """Enter an answer in the table; `rest` as in `Method`."""

    def enter(answer: Answer) -> Answer:
        METHODS[name] = Method(service, name, request, response, answer=answer, **rest)
        return answer

    return enter


@rpc(
    SERVICES,
    "ListServices",
    run_v2.ListServicesRequest.pb(),
    run_v2.ListServicesResponse.pb(),
    http="GET /v2/{parent=projects/*/locations/*}/services",
    permission="run.services.list",
    lists=True,
)
async def list_services(gate: Gate, request: Any, _name: ResourceName) -> Any:
    """One page of services, by name."""
    services, token = gate.world.list_services(request.page_size, request.page_token)
    return run_v2.ListServicesResponse.pb()(services=services, next_page_token=token)


@rpc(
    SERVICES,
    "GetService",
    run_v2.GetServiceRequest.pb(),
    run_v2.Service.pb(),
    http="GET /v2/{name=projects/*/locations/*/services/*}",
    permission="run.services.get",
)
async def get_service(gate: Gate, _request: Any, name: ResourceName) -> Any:
    """One service."""
    return gate.world.get_service(name.service)


@rpc(
    SERVICES,
    "CreateService",
    run_v2.CreateServiceRequest.pb(),
    operations_pb2.Operation,
    http="POST /v2/{parent=projects/*/locations/*}/services",
    body="service",
    permission="run.services.create",
    write=True,
)
async def create_service(gate: Gate, request: Any, _name: ResourceName) -> Operation:
    """Create a service."""
    return gate.world.create_service(request.service_id, request.service, validate_only=request.validate_only)


@rpc(
    SERVICES,
    "UpdateService",
    run_v2.UpdateServiceRequest.pb(),
    operations_pb2.Operation,
    http="PATCH /v2/{service.name=projects/*/locations/*/services/*}",
    body="service",
    permission="run.services.update",
    write=True,
)
async def update_service(gate: Gate, request: Any, name: ResourceName) -> Operation:
    """Update a service."""
    return gate.world.update_service(
        name.service,
        request.service,
        request.update_mask.paths,
        validate_only=request.validate_only,
        allow_missing=request.allow_missing,
    )


@rpc(
    SERVICES,
    "DeleteService",
    run_v2.DeleteServiceRequest.pb(),
    operations_pb2.Operation,
    http="DELETE /v2/{name=projects/*/locations/*/services/*}",
    permission="run.services.delete",
    write=True,
)
async def delete_service(gate: Gate, request: Any, name: ResourceName) -> Operation:
    """Delete a service."""
    return gate.world.delete_service(name.service, etag=request.etag, validate_only=request.validate_only)


@rpc(
    SERVICES,
    "TestIamPermissions",
    iam_policy_pb2.TestIamPermissionsRequest,
    iam_policy_pb2.TestIamPermissionsResponse,
    http="POST /v2/{resource=projects/*/locations/*/services/*}:testIamPermissions",
    body="*",
    permission="",
)
async def granted_permissions(gate: Gate, request: Any, _name: ResourceName) -> Any:
    """Those of the permissions asked about that the caller has."""
    granted = [each for each in request.permissions if each not in gate.faults.withheld]
    return iam_policy_pb2.TestIamPermissionsResponse(permissions=granted)


@rpc(
    REVISIONS,
    "ListRevisions",
    run_v2.ListRevisionsRequest.pb(),
    run_v2.ListRevisionsResponse.pb(),
    http="GET /v2/{parent=projects/*/locations/*/services/*}/revisions",
    permission="run.revisions.list",
    lists=True,
)
async def list_revisions(gate: Gate, request: Any, name: ResourceName) -> Any:
    """One page of a service's revisions, or of every service's for "-", the newest first."""
    revisions, token = gate.world.list_revisions(name.service, request.page_size, request.page_token)
    return run_v2.ListRevisionsResponse.pb()(revisions=revisions, next_page_token=token)


@rpc(
    REVISIONS,
    "GetRevision",
    run_v2.GetRevisionRequest.pb(),
    run_v2.Revision.pb(),
    http="GET /v2/{name=projects/*/locations/*/services/*/revisions/*}",
    permission="run.revisions.get",
)
async def get_revision(gate: Gate, _request: Any, name: ResourceName) -> Any:
    """One revision."""
    return gate.world.get_revision(name.service, name.revision)


@rpc(
    REVISIONS,
    "DeleteRevision",
    run_v2.DeleteRevisionRequest.pb(),
    operations_pb2.Operation,
    http="DELETE /v2/{name=projects/*/locations/*/services/*/revisions/*}",
    permission="run.revisions.delete",
    write=True,
)
async def delete_revision(gate: Gate, request: Any, name: ResourceName) -> Operation:
    """Delete a revision."""
    return gate.world.delete_revision(
        name.service, name.revision, etag=request.etag, validate_only=request.validate_only
    )


@rpc(
    OPERATIONS,
    "ListOperations",
    operations_pb2.ListOperationsRequest,
    operations_pb2.ListOperationsResponse,
    http="GET /v2/{name=projects/*/locations/*}/operations",
    permission="run.operations.list",
    lists=True,
)
async def list_operations(gate: Gate, request: Any, _name: ResourceName) -> Any:
    """One page of operations, the newest first."""
    keyed = [(f"{age:09d}", each) for age, each in enumerate(gate.world.operations.all())]
    taken, token = paging.page(keyed, lambda pair: pair[0], request.page_size, request.page_token)
    return operations_pb2.ListOperationsResponse(operations=[each for _, each in taken], next_page_token=token)


@rpc(
    OPERATIONS,
    "GetOperation",
    operations_pb2.GetOperationRequest,
    operations_pb2.Operation,
    http="GET /v2/{name=projects/*/locations/*/operations/*}",
    permission="run.operations.get",
)
async def get_operation(gate: Gate, request: Any, _name: ResourceName) -> Operation:
    """One operation as it stands."""
    return gate.world.operations.get(request.name)


@rpc(
    OPERATIONS,
    "WaitOperation",
    operations_pb2.WaitOperationRequest,
    operations_pb2.Operation,
    http="POST /v2/{name=projects/*/locations/*/operations/*}:wait",
    body="*",
    permission="run.operations.get",
)
async def wait_operation(gate: Gate, request: Any, _name: ResourceName) -> Operation:
    """One operation once it is done, or as it stands when the time the caller gave is over."""
    given = request.timeout.ToTimedelta().total_seconds() if request.HasField("timeout") else LONGEST_WAIT
    return await gate.world.operations.wait(request.name, min(given, LONGEST_WAIT))


@rpc(
    OPERATIONS,
    "DeleteOperation",
    operations_pb2.DeleteOperationRequest,
    Empty,
    http="DELETE /v2/{name=projects/*/locations/*/operations/*}",
    permission="run.operations.delete",
    write=True,
)
async def delete_operation(gate: Gate, request: Any, _name: ResourceName) -> Empty:
    """Forget an operation."""
    gate.world.operations.delete(request.name)
    return Empty()
