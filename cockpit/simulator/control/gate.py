"""The one way into the world: every call of every protocol passes the faults here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cockpit.simulator.faults import Call
from cockpit.simulator.world.errors import InvalidArgumentError, NotFoundError, PermissionDeniedError
from cockpit.simulator.world.names import ResourceName

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cockpit.simulator.faults import Faults
    from cockpit.simulator.world import World

NAME_FIELD = re.compile(r"{([a-z._]+)=")


@dataclass(frozen=True, slots=True)
class Method:
    """One RPC: its full name, its messages, its mapping to HTTP, the permission it takes, how it is answered.

    `http` is verb and path template as in `google.api.http`; the template's field holds the full name that the
    call concerns. `body` is the request field that an HTTP body fills, "*" for all of them. A method that `lists`
    finds nothing in another region, where others find no such resource.
    """

    service: str
    name: str
    request: Any
    response: Any
    http: str
    permission: str
    answer: Callable[[Gate, Any, ResourceName], Awaitable[Any]]
    body: str = ""
    lists: bool = False
    write: bool = False

    @property
    def name_field(self) -> str:
        """The path of the request field with the full name."""
        match = NAME_FIELD.search(self.http)
        assert match is not None
        return match[1]

    def resource(self, request: Any) -> str:
        """The full name a request concerns."""
        value = request
        for part in self.name_field.split("."):
            value = getattr(value, part)
        return str(value)


@dataclass(frozen=True, slots=True)
class Gate:
    """The world, and what may go wrong on the way to it."""

    world: World
    faults: Faults

    async def perform(self, method: Method, request: Any) -> Any:
        """Do one v2 call. Raises WorldError."""

        async def answer(name: ResourceName) -> Any:
            return await method.answer(self, request, name)

        return await self.guard(method, method.resource(request), answer)

    async def guard(self, method: Method, resource: str, answer: Callable[[ResourceName], Awaitable[Any]]) -> Any:
        """Let `answer` do a call on a full name, if nothing stands in its way. Raises WorldError."""
        name = ResourceName.parse(method.name_field, resource)
        place = self.world.place
        async with self.faults.around(Call(method.name, method.permission, resource, method.write)):
            if name.project != place.project:
                raise PermissionDeniedError(method.permission, resource)
            if name.region == place.region:
                return await answer(name)
            if not method.lists:
                raise NotFoundError(resource)
            if name.region == "-":
                raise InvalidArgumentError(method.name_field, "the location must be a region, not '-'")
            return method.response()
