"""The control plane on the wire: one world behind gRPC, REST v2 and Knative v1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.simulator.control import knative, rest, rpc
from cockpit.simulator.control.gate import Gate

if TYPE_CHECKING:
    import grpc
    from starlette.routing import Route

    from cockpit.simulator.faults import Faults
    from cockpit.simulator.world import World


def handlers(world: World, faults: Faults) -> list[grpc.GenericRpcHandler]:
    """What a gRPC server needs to speak for the world."""
    return rpc.handlers(Gate(world, faults))


def routes(world: World, faults: Faults) -> list[Route]:
    """What an HTTP server needs to speak for the world."""
    gate = Gate(world, faults)
    return [*rest.routes(gate), *knative.routes(gate)]
