"""`google.logging.v2.LoggingServiceV2` as gRPC handlers for any grpc.aio server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
from grpc_status import rpc_status

from cockpit.simulator.logs.errors import BeforeCall, Refusal, invalid, no_faults, status_of
from cockpit.simulator.logs.listing import Page, list_entries
from cockpit.simulator.logs.messages import (
    DeleteLogRequest,
    ListLogEntriesRequest,
    ListLogEntriesResponse,
    ListLogsRequest,
    ListMonitoredResourceDescriptorsRequest,
    TailLogEntriesRequest,
    WriteLogEntriesRequest,
)
from cockpit.simulator.logs.parameters import filter_of, parents_of
from cockpit.simulator.logs.service import delete_log, list_logs, list_resource_descriptors
from cockpit.simulator.logs.store import LogStore
from cockpit.simulator.logs.tail import TailSession
from cockpit.simulator.logs.wire import entries_field
from cockpit.simulator.logs.writing import write_entries

if TYPE_CHECKING:
    from google.protobuf.message import Message

_SERVICE = "google.logging.v2.LoggingServiceV2"
_DEFAULT_WINDOW, _LONGEST_WINDOW = 2.0, 60.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class _Unary:
    call: Callable[[LogStore, Any], Awaitable[Any]]
    request: type[Message]
    serialize: Callable[[Any], bytes]


def _message_bytes(message: Message) -> bytes:
    return message.SerializeToString()


def _page_bytes(page: Page) -> bytes:
    rest = ListLogEntriesResponse(next_page_token=page.next_page_token)
    return entries_field(page.entries) + bytes(rest.SerializeToString())


_UNARY = {
    "ListLogEntries": _Unary(list_entries, ListLogEntriesRequest, _page_bytes),
    "WriteLogEntries": _Unary(write_entries, WriteLogEntriesRequest, _message_bytes),
    "ListLogs": _Unary(list_logs, ListLogsRequest, _message_bytes),
    "DeleteLog": _Unary(delete_log, DeleteLogRequest, _message_bytes),
    "ListMonitoredResourceDescriptors": _Unary(
        list_resource_descriptors, ListMonitoredResourceDescriptorsRequest, _message_bytes
    ),
}


def handlers(store: LogStore, before_call: BeforeCall = no_faults) -> list[grpc.GenericRpcHandler]:
    """The service on a store; `before_call` may delay or refuse any call by its method's name."""
    methods = {name: _unary_handler(store, name, unary, before_call) for name, unary in _UNARY.items()}
    methods["TailLogEntries"] = _tail_handler(store, before_call)
    return [grpc.method_handlers_generic_handler(_SERVICE, methods)]


def _unary_handler(store: LogStore, name: str, unary: _Unary, before_call: BeforeCall) -> grpc.RpcMethodHandler:
    async def handle(request: Message, context: grpc.aio.ServicerContext) -> Any:
        async with _refusals(context):
            await before_call(name)
            return await unary.call(store, request)

    return grpc.unary_unary_rpc_method_handler(
        handle, request_deserializer=unary.request.FromString, response_serializer=unary.serialize
    )


def _tail_handler(store: LogStore, before_call: BeforeCall) -> grpc.RpcMethodHandler:
    async def handle(
        requests: AsyncIterator[TailLogEntriesRequest], context: grpc.aio.ServicerContext
    ) -> AsyncIterator[bytes]:
        async with _refusals(context):
            await before_call("TailLogEntries")
            request = await anext(requests, TailLogEntriesRequest())
            window = _window(request)
            parents, matches = parents_of(request.resource_names), filter_of(request.filter).matches
            with store.tails.session(parents, matches, window) as session:
                async with _until_half_closed(requests, session):
                    async for response in session.responses():
                        yield response

    return grpc.stream_stream_rpc_method_handler(handle, request_deserializer=TailLogEntriesRequest.FromString)


def _window(request: TailLogEntriesRequest) -> float:
    """The buffer window in seconds. Raises INVALID_ARGUMENT."""
    if not request.HasField("buffer_window"):
        return _DEFAULT_WINDOW
    seconds = request.buffer_window.ToNanoseconds() / 1e9
    if not 0 <= seconds <= _LONGEST_WINDOW:
        raise invalid("buffer_window", f"buffer_window must lie between 0 and 60 s, not {seconds:g} s")
    return seconds


@contextlib.asynccontextmanager
async def _until_half_closed(
    requests: AsyncIterator[TailLogEntriesRequest], session: TailSession
) -> AsyncIterator[None]:
    """Close the session once the client ends its side. A request after the first changes nothing."""

    async def drain() -> None:
        async for _ in requests:
            continue
        session.close()

    draining = asyncio.create_task(drain())
    try:
        yield
    finally:
        draining.cancel()


@contextlib.asynccontextmanager
async def _refusals(context: grpc.aio.ServicerContext) -> AsyncIterator[None]:
    """Give a refusal to the client as a rich status."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, Refusal):
            raise
        await context.abort_with_status(rpc_status.to_status(status_of(error)))
