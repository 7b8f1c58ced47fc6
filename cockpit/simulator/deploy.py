"""Deploying a revision to a simulator that runs, as any stock client of Cloud Run would."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import grpc
from google.api_core import exceptions
from google.cloud import run_v2
from google.cloud.run_v2.services.services.transports import ServicesGrpcTransport
from google.longrunning import operations_pb2, operations_pb2_grpc

from cockpit.simulator.app import faults

CALL_SECONDS = 10.0
LONGEST_START_SECONDS = 120.0
POLL_SECONDS = 0.5
_SUFFIX = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_TAG = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_Allocation = run_v2.TrafficTargetAllocationType
_LATEST = _Allocation(_Allocation.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST)
_REVISION = _Allocation(_Allocation.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION)


class BadRequestError(ValueError):
    """What was asked for cannot be deployed; one line that says why."""


class DeployError(RuntimeError):
    """The deployment failed; one line, in the platform's words."""


class UnreachableError(DeployError):
    """Nothing answers at the endpoint."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to deploy. An empty `image` keeps the one there is; an empty `fault` is a sound revision.

    With `traffic` the split stays what it is, so that the revision gets the traffic of LATEST, if any; without,
    LATEST is pinned to what serves now. `tag` moves to the new revision.
    """

    project: str
    region: str
    service: str
    suffix: str
    image: str = ""
    fault: str = ""
    traffic: bool = True
    tag: str = ""

    @property
    def revision(self) -> str:
        """The new revision's short name."""
        return f"{self.service}-{self.suffix}"

    def check(self) -> None:
        """Raises BadRequestError or faults.FaultError."""
        if not _SUFFIX.fullmatch(self.suffix):
            raise BadRequestError(f"--suffix {self.suffix!r} must be lower-case letters, digits and inner hyphens")
        if len(self.revision) > 63:
            raise BadRequestError(f"--suffix {self.suffix!r} makes {self.revision!r} longer than 63 characters")
        if self.tag and not _TAG.fullmatch(self.tag):
            raise BadRequestError(f"--tag {self.tag!r} must be lower-case letters, digits and inner hyphens")
        faults.parse(self.fault)


def deploy(endpoint: str, order: Order) -> run_v2.Service:
    """Deploy, wait until the revision serves or has failed, and answer with the service.

    Raises BadRequestError, faults.FaultError or DeployError.
    """
    order.check()
    with grpc.insecure_channel(endpoint) as channel, _in_one_line(endpoint):
        client = run_v2.ServicesClient(transport=ServicesGrpcTransport(channel=channel))
        name = client.service_path(order.project, order.region, order.service)
        service = client.get_service(name=name, retry=None, timeout=CALL_SECONDS)
        wanted = _with_revision(service, order)
        request = run_v2.UpdateServiceRequest(service=wanted, update_mask={"paths": ["template", "traffic"]})
        operation = client.update_service(request, retry=None, timeout=CALL_SECONDS).operation
        _wait(channel, operation)
        return client.get_service(name=name, retry=None, timeout=CALL_SECONDS)


def _with_revision(service: run_v2.Service, order: Order) -> run_v2.Service:
    """A minimal service with the new template and split, and the etag it is based on."""
    template = run_v2.RevisionTemplate(service.template)
    template.revision = order.revision
    container = template.containers[0]
    container.image = order.image or container.image
    kept = [variable for variable in container.env if variable.name != faults.VARIABLE]
    fault = [run_v2.EnvVar(name=faults.VARIABLE, value=order.fault)] if order.fault else []
    container.env = [*kept, *fault]
    return run_v2.Service(name=service.name, etag=service.etag, template=template, traffic=_split(service, order))


def _split(service: run_v2.Service, order: Order) -> list[run_v2.TrafficTarget]:
    """The targets after the deployment, as `gcloud run deploy` would leave them."""
    targets = [run_v2.TrafficTarget(target) for target in service.traffic]
    if not order.traffic:
        ready = service.latest_ready_revision.rpartition("/")[2]
        for target in targets:
            if target.type_ == _LATEST:
                target.type_ = _REVISION
                target.revision = ready
    if not order.tag:
        return targets
    for target in targets:
        if target.tag == order.tag:
            target.tag = ""
    kept = [target for target in targets if target.percent or target.tag]
    return [*kept, run_v2.TrafficTarget(type_=_REVISION, revision=order.revision, tag=order.tag)]


def _wait(channel: grpc.Channel, operation: operations_pb2.Operation) -> None:
    """Poll an operation until it is done. Raises DeployError."""
    operations = operations_pb2_grpc.OperationsStub(channel)
    deadline = time.monotonic() + LONGEST_START_SECONDS
    while not operation.done:
        if time.monotonic() > deadline:
            raise DeployError(f"not done after {LONGEST_START_SECONDS:.0f} s; the deployment goes on")
        time.sleep(POLL_SECONDS)
        request = operations_pb2.GetOperationRequest(name=operation.name)
        operation = operations.GetOperation(request, timeout=CALL_SECONDS)
    if operation.HasField("error"):
        raise DeployError(operation.error.message)


@contextmanager
def _in_one_line(endpoint: str) -> Iterator[None]:
    """Put what the client raises in one line."""
    try:
        yield
    except exceptions.ServiceUnavailable as error:
        raise UnreachableError(f"nothing answers at {endpoint}: {error.message}") from None
    except exceptions.GoogleAPICallError as error:
        raise DeployError(error.message) from None
    except grpc.RpcError as error:
        raise DeployError(error.details() if isinstance(error, grpc.Call) else str(error)) from None
