"""The v1 API, which gcloud speaks: the same world as Kubernetes objects."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from google.cloud import run_v2
from starlette.responses import JSONResponse
from starlette.routing import Route

from cockpit.simulator.control.knative import incoming, outgoing
from cockpit.simulator.control.methods import METHODS
from cockpit.simulator.control.rest import json_body, refused
from cockpit.simulator.world.errors import InvalidArgumentError, WorldError
from cockpit.simulator.world.messages import Service

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from google.longrunning.operations_pb2 import Operation
    from starlette.requests import Request
    from starlette.responses import Response

    from cockpit.simulator.control.gate import Gate
    from cockpit.simulator.world.names import ResourceName

NAMESPACED = "/apis/serving.knative.dev/v1/namespaces/{project}"
LOCATED = "/v1/projects/{project}/locations/{region}"
REQUIREMENT = re.compile(r"\s*([^\s=!,]+)\s*==?\s*([^\s=!,]*)\s*")


def routes(gate: Gate) -> list[Route]:
    """The regional paths, and those by which gcloud lists every region."""
    return [
        Route(prefix + path, partial(_answer, partial(endpoint, gate)), methods=[verb])
        for prefix in (NAMESPACED, LOCATED)
        for verb, path, endpoint in ENDPOINTS
    ]


async def _answer(endpoint: Callable[[Request], Awaitable[Any]], request: Request) -> Response:
    try:
        return JSONResponse(await endpoint(request))
    except WorldError as error:
        return refused(error)


async def list_services(gate: Gate, request: Request) -> Any:
    """A page of services."""
    size, token = _page(request)
    asked = run_v2.ListServicesRequest.pb()(parent=_parent(gate, request), page_size=size, page_token=token)
    found = await gate.perform(METHODS["ListServices"], asked)
    items = [outgoing.service(gate.world.place, each) for each in found.services]
    return outgoing.listing("Service", items, found.next_page_token)


async def get_service(gate: Gate, request: Request) -> Any:
    """One service."""
    asked = run_v2.GetServiceRequest.pb()(name=_service(gate, request))
    return outgoing.service(gate.world.place, await gate.perform(METHODS["GetService"], asked))


async def create_service(gate: Gate, request: Request) -> Any:
    """Create a service."""
    sent = await _sent(request)
    asked = run_v2.CreateServiceRequest.pb()(
        parent=_parent(gate, request),
        service_id=sent["metadata"].get("name", ""),
        service=incoming.service(sent),
        validate_only=_dry(request),
    )
    return _written(gate, await gate.perform(METHODS["CreateService"], asked))


async def replace_service(gate: Gate, request: Request) -> Any:
    """Replace a service; a `resourceVersion` that is not the current one is a conflict."""
    sent = await _sent(request)

    async def replace(name: ResourceName) -> Any:
        return gate.world.update_service(
            name.service,
            incoming.service(sent, gate.world.get_service(name.service)),
            version=sent["metadata"].get("resourceVersion", ""),
            validate_only=_dry(request),
        )

    return _written(gate, await gate.guard(METHODS["UpdateService"], _service(gate, request), replace))


async def delete_service(gate: Gate, request: Request) -> Any:
    """Delete a service."""
    asked = run_v2.DeleteServiceRequest.pb()(name=_service(gate, request), validate_only=_dry(request))
    await gate.perform(METHODS["DeleteService"], asked)
    return outgoing.SUCCESS


async def list_revisions(gate: Gate, request: Request) -> Any:
    """A page of revisions, of one service where the selector names it."""
    wanted = _selector(request.query_params.get("labelSelector", ""))
    service = wanted.pop(outgoing.SERVICE_LABEL, "-")
    size, token = _page(request)
    parent = f"{_parent(gate, request)}/services/{service}"
    asked = run_v2.ListRevisionsRequest.pb()(parent=parent, page_size=size, page_token=token)
    found = await gate.perform(METHODS["ListRevisions"], asked)
    items = [
        outgoing.revision(gate.world.place, each)
        for each in found.revisions
        if wanted.items() <= dict(each.labels).items()
    ]
    return outgoing.listing("Revision", items, found.next_page_token)


async def get_revision(gate: Gate, request: Request) -> Any:
    """One revision."""
    asked = run_v2.GetRevisionRequest.pb()(name=_revision(gate, request))
    return outgoing.revision(gate.world.place, await gate.perform(METHODS["GetRevision"], asked))


async def delete_revision(gate: Gate, request: Request) -> Any:
    """Delete a revision."""
    asked = run_v2.DeleteRevisionRequest.pb()(name=_revision(gate, request), validate_only=_dry(request))
    await gate.perform(METHODS["DeleteRevision"], asked)
    return outgoing.SUCCESS


ENDPOINTS: list[tuple[str, str, Callable[[Gate, Request], Awaitable[Any]]]] = [
    ("GET", "/services", list_services),
    ("POST", "/services", create_service),
    ("GET", "/services/{service}", get_service),
    ("PUT", "/services/{service}", replace_service),
    ("DELETE", "/services/{service}", delete_service),
    ("GET", "/revisions", list_revisions),
    ("GET", "/revisions/{revision}", get_revision),
    ("DELETE", "/revisions/{revision}", delete_revision),
]


def _parent(gate: Gate, request: Request) -> str:
    """The full name of the location; no region, or "-" for every one, is the one there is."""
    region = request.path_params.get("region", "-").removesuffix("-") or gate.world.place.region
    return f"projects/{request.path_params['project']}/locations/{region}"


def _service(gate: Gate, request: Request) -> str:
    return f"{_parent(gate, request)}/services/{request.path_params['service']}"


def _revision(gate: Gate, request: Request) -> str:
    """The full name of a revision, which v1 names without its service."""
    name = request.path_params["revision"]
    return f"{_parent(gate, request)}/services/{gate.world.owner(name) or '-'}/revisions/{name}"


def _page(request: Request) -> tuple[int, str]:
    limit = request.query_params.get("limit", "0")
    if not limit.isdecimal():
        raise InvalidArgumentError("limit", f"'{limit}' is not a whole number")
    return int(limit), request.query_params.get("continue", "")


def _selector(text: str) -> dict[str, str]:
    """The labels that a selector asks for; only equalities are understood."""
    wanted = {}
    for part in filter(str.strip, text.split(",")):
        match = REQUIREMENT.fullmatch(part)
        if match is None:
            raise InvalidArgumentError("labelSelector", f"'{part.strip()}' is not of the form label=value")
        wanted[match[1]] = match[2]
    return wanted


def _dry(request: Request) -> bool:
    return request.query_params.get("dryRun") == "all"


async def _sent(request: Request) -> dict[str, Any]:
    sent = await json_body(request)
    if not isinstance(sent.get("metadata"), dict):
        raise InvalidArgumentError("service", "is not a Kubernetes object with metadata")
    return sent


def _written(gate: Gate, operation: Operation) -> Any:
    """The service as a write left it, before the platform took it up."""
    written = Service()
    operation.metadata.Unpack(written)
    return outgoing.service(gate.world.place, written)
