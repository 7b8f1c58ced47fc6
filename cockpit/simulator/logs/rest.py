"""The REST mapping of the log service, as gcloud and the REST clients speak it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc import code_pb2
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cockpit.simulator.logs.errors import BeforeCall, Refusal, invalid, no_faults, status_of
from cockpit.simulator.logs.listing import Page, list_entries
from cockpit.simulator.logs.messages import (
    DeleteLogRequest,
    ListLogEntriesRequest,
    ListLogsRequest,
    ListMonitoredResourceDescriptorsRequest,
    LogEntry,
    WriteLogEntriesRequest,
)
from cockpit.simulator.logs.service import delete_log, list_logs, list_resource_descriptors
from cockpit.simulator.logs.store import LogStore
from cockpit.simulator.logs.writing import write_entries

if TYPE_CHECKING:
    from starlette.requests import Request

_Request = TypeVar("_Request", bound=Message)
_BREATH = 100
"""Entries turned into JSON between two breaths of the loop: about 2 ms."""


_HTTP = {
    code_pb2.CANCELLED: 499,
    code_pb2.INVALID_ARGUMENT: HTTPStatus.BAD_REQUEST,
    code_pb2.FAILED_PRECONDITION: HTTPStatus.BAD_REQUEST,
    code_pb2.OUT_OF_RANGE: HTTPStatus.BAD_REQUEST,
    code_pb2.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    code_pb2.PERMISSION_DENIED: HTTPStatus.FORBIDDEN,
    code_pb2.NOT_FOUND: HTTPStatus.NOT_FOUND,
    code_pb2.ALREADY_EXISTS: HTTPStatus.CONFLICT,
    code_pb2.ABORTED: HTTPStatus.CONFLICT,
    code_pb2.RESOURCE_EXHAUSTED: HTTPStatus.TOO_MANY_REQUESTS,
    code_pb2.UNIMPLEMENTED: HTTPStatus.NOT_IMPLEMENTED,
    code_pb2.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    code_pb2.DEADLINE_EXCEEDED: HTTPStatus.GATEWAY_TIMEOUT,
}
"""After the comments of google/rpc/code.proto; what is missing is 500."""


def routes(store: LogStore, before_call: BeforeCall = no_faults) -> list[Route]:
    """The service on a store, for a Starlette application; `before_call` as for the gRPC handlers."""

    async def entries_list(request: Request) -> Any:
        return await _page_json(await list_entries(store, await _body(request, ListLogEntriesRequest())))

    async def entries_write(request: Request) -> Any:
        return _json(await write_entries(store, await _body(request, WriteLogEntriesRequest())))

    async def logs_list(request: Request) -> Any:
        return _json(await list_logs(store, _logs_query(request)))

    async def log_delete(request: Request) -> Any:
        path = request.path_params
        name = f"{path['kind']}/{path['parent']}/logs/{quote(path['log'], safe='')}"
        return _json(await delete_log(store, DeleteLogRequest(log_name=name)))

    async def descriptors(_: Request) -> Any:
        return _json(await list_resource_descriptors(store, ListMonitoredResourceDescriptorsRequest()))

    def route(verb: str, path: str, method: str, call: Callable[[Request], Awaitable[Any]]) -> Route:
        async def handle(request: Request) -> Response:
            try:
                await before_call(method)
                return JSONResponse(await call(request))
            except Exception as error:
                if not isinstance(error, Refusal):
                    raise
                return error_response(error)

        return Route(path, handle, methods=[verb])

    return [
        route("POST", "/v2/entries:list", "ListLogEntries", entries_list),
        route("POST", "/v2/entries:write", "WriteLogEntries", entries_write),
        route("GET", "/v2/{kind}/{parent}/logs", "ListLogs", logs_list),
        route("DELETE", "/v2/{kind}/{parent}/logs/{log:path}", "DeleteLog", log_delete),
        route("GET", "/v2/monitoredResourceDescriptors", "ListMonitoredResourceDescriptors", descriptors),
    ]


def error_response(refusal: Refusal) -> JSONResponse:
    """Google's error body, `{"error": {code, message, status, details}}`, under the HTTP status of its code."""
    status = _HTTP.get(refusal.code, HTTPStatus.INTERNAL_SERVER_ERROR)
    error: dict[str, Any] = {
        "code": status,
        "message": refusal.message,
        "status": code_pb2.Code.Name(refusal.code),
    }
    details = _json(status_of(refusal)).get("details")
    return JSONResponse({"error": error | ({"details": details} if details else {})}, status_code=status)


def _json(message: Message) -> dict[str, Any]:
    return json_format.MessageToDict(message)


async def _page_json(page: Page) -> dict[str, Any]:
    entries = []
    for at, wire in enumerate(page.entries):
        entries.append(_json(LogEntry.FromString(wire)))
        if at % _BREATH == _BREATH - 1:
            await asyncio.sleep(0)
    answer: dict[str, Any] = {"entries": entries} if entries else {}
    return answer | ({"nextPageToken": page.next_page_token} if page.next_page_token else {})


async def _body(request: Request, message: _Request) -> _Request:
    """The request message in a JSON body; an unknown field is refused, as by the service."""
    try:
        json_format.Parse(await request.body() or b"{}", message)
    except (json_format.ParseError, json.JSONDecodeError, UnicodeDecodeError) as error:
        reason = str(error).partition("\n")[0]
        raise invalid("body", f"Invalid JSON payload received. {reason}") from None
    return message


def _logs_query(request: Request) -> ListLogsRequest:
    query, path = request.query_params, request.path_params
    size = query.get("pageSize", "0")
    if not size.isdecimal():
        raise invalid("page_size", f"pageSize must be a whole number, not '{size}'")
    return ListLogsRequest(
        parent=f"{path['kind']}/{path['parent']}",
        resource_names=query.getlist("resourceNames"),
        page_size=int(size),
        page_token=query.get("pageToken", ""),
    )
