"""Long-running operations: one for every write, open until the platform has reconciled it."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from google.longrunning.operations_pb2 import Operation

from cockpit.simulator.world.errors import NotFoundError
from cockpit.simulator.world.messages import ServicePb, copy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from google.protobuf.message import Message

KEPT = 2000


class Operations:
    """The operations of one location, oldest first; the oldest finished ones are dropped beyond `KEPT`."""

    def __init__(self, parent: str, random: Random) -> None:
        self._parent = parent
        self._random = random
        self._operations: dict[str, Operation] = {}
        self._done: dict[str, asyncio.Event] = {}

    def start(self, metadata: Message) -> Operation:
        """A new open operation, with the resource as it was written as its metadata."""
        name = f"{self._parent}/operations/{uuid.UUID(int=self._random.getrandbits(128), version=4)}"
        operation = Operation(name=name)
        operation.metadata.Pack(metadata)
        self._operations[name] = operation
        self._done[name] = asyncio.Event()
        self._forget()
        return copy(operation)

    def finish(self, name: str, result: ServicePb) -> None:
        """Close an operation with the resource it came to; nothing when the operation was deleted meanwhile."""
        if operation := self._operations.get(name):
            operation.metadata.Pack(result)
            operation.response.Pack(result)
            self._close(operation)

    def fail(self, name: str, code: int, message: str) -> None:
        """Close an operation with a `google.rpc.Code` and a message; nothing when it was deleted meanwhile."""
        if operation := self._operations.get(name):
            operation.error.code = code
            operation.error.message = message
            self._close(operation)

    def _close(self, operation: Operation) -> None:
        operation.done = True
        self._done[operation.name].set()

    def get(self, name: str) -> Operation:
        """One operation by full name. Raises NotFoundError."""
        try:
            return copy(self._operations[name])
        except KeyError:
            raise NotFoundError(name) from None

    def all(self) -> Sequence[Operation]:
        """Every operation, the newest first."""
        return list(reversed(self._operations.values()))

    async def wait(self, name: str, patience: float) -> Operation:
        """The operation once it is done, or as it stands after `patience` seconds. Raises NotFoundError."""
        self.get(name)
        try:
            async with asyncio.timeout(patience):
                await self._done[name].wait()
        except TimeoutError:
            return self.get(name)
        return self.get(name)

    def delete(self, name: str) -> None:
        """Forget an operation. Raises NotFoundError."""
        if self._operations.pop(name, None) is None:
            raise NotFoundError(name)
        self._done.pop(name).set()

    def _forget(self) -> None:
        surplus = len(self._operations) - KEPT
        if surplus > 0:
            finished = [name for name, operation in self._operations.items() if operation.done]
            for name in finished[:surplus]:
                self.delete(name)
