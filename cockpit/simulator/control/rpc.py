"""The control plane over gRPC."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import grpc
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from cockpit.simulator.control.methods import METHODS
from cockpit.simulator.world.errors import WorldError

if TYPE_CHECKING:
    from cockpit.simulator.control.gate import Gate, Method


def handlers(gate: Gate) -> list[grpc.GenericRpcHandler]:
    """One generic handler a gRPC service, Google's messages on the wire."""
    by_service: dict[str, dict[str, grpc.RpcMethodHandler]] = defaultdict(dict)
    for method in METHODS.values():
        by_service[method.service][method.name] = _handler(gate, method)
    return [grpc.method_handlers_generic_handler(service, table) for service, table in by_service.items()]


def _handler(gate: Gate, method: Method) -> grpc.RpcMethodHandler:
    async def answer(request: Any, context: grpc.aio.ServicerContext[Any, Any]) -> Any:
        try:
            return await gate.perform(method, request)
        except WorldError as error:
            return await context.abort_with_status(rpc_status.to_status(status(error)))

    return grpc.unary_unary_rpc_method_handler(
        answer,
        request_deserializer=method.request.FromString,
        response_serializer=method.response.SerializeToString,
    )


def status(error: WorldError) -> Status:
    """A refusal as `google.rpc.Status`, its details packed."""
    result = Status(code=error.code, message=error.message)
    for detail in error.details:
        result.details.add().Pack(detail)
    return result
