"""The unary calls of `google.logging.v2.LoggingServiceV2` beside list and write, free of any wire."""

from __future__ import annotations

from google.api.label_pb2 import LabelDescriptor
from google.api.monitored_resource_pb2 import MonitoredResourceDescriptor
from google.protobuf.empty_pb2 import Empty
from google.rpc import code_pb2

from cockpit.simulator.logs.errors import LoggingError
from cockpit.simulator.logs.messages import (
    DeleteLogRequest,
    ListLogsRequest,
    ListLogsResponse,
    ListMonitoredResourceDescriptorsRequest,
    ListMonitoredResourceDescriptorsResponse,
)
from cockpit.simulator.logs.parameters import digest, parents_of, place_of, token_of
from cockpit.simulator.logs.store import LogStore

_DEFAULT_PAGE = 50


async def list_logs(store: LogStore, request: ListLogsRequest) -> ListLogsResponse:
    """The names of the logs that have entries, sorted. Raises INVALID_ARGUMENT."""
    parents = parents_of([*filter(None, [request.parent]), *request.resource_names], "parent")
    query = digest("logs", sorted(parents))
    after = place_of(request.page_token, query)[2] if request.page_token else ""
    prefixes = tuple(f"{parent}/" for parent in parents)
    names = [name for name in store.index.log_names() if name.startswith(prefixes) and name > after]
    size = request.page_size if request.page_size > 0 else _DEFAULT_PAGE
    page = names[:size]
    more = token_of(query, (0, "", page[-1])) if len(names) > size else ""
    return ListLogsResponse(log_names=page, next_page_token=more)


async def delete_log(store: LogStore, request: DeleteLogRequest) -> Empty:
    """Drop a log's entries. Raises NOT_FOUND."""
    if not store.index.remove(request.log_name):
        raise LoggingError(code_pb2.NOT_FOUND, f"Log {request.log_name} does not exist")
    return Empty()


async def list_resource_descriptors(
    _: LogStore, __: ListMonitoredResourceDescriptorsRequest
) -> ListMonitoredResourceDescriptorsResponse:
    """The resource types that a simulated project writes logs for."""
    return ListMonitoredResourceDescriptorsResponse(resource_descriptors=_DESCRIPTORS)


def _descriptor(resource: str, title: str, *labels: str) -> MonitoredResourceDescriptor:
    return MonitoredResourceDescriptor(
        type=resource, display_name=title, labels=[LabelDescriptor(key=label) for label in labels]
    )


_DESCRIPTORS = (
    _descriptor(
        "cloud_run_revision",
        "Cloud Run Revision",
        "project_id",
        "service_name",
        "revision_name",
        "location",
        "configuration_name",
    ),
    _descriptor("global", "Global", "project_id"),
)
