"""Why the simulated log service refuses a call, free of any wire."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable

from google.rpc import code_pb2, error_details_pb2
from google.rpc.status_pb2 import Status

if TYPE_CHECKING:
    from google.protobuf.message import Message


@runtime_checkable
class Refusal(Protocol):
    """Any exception that knows its canonical code: the logs' own, and what a fault hook raises."""

    @property
    def code(self) -> int:
        """A `google.rpc.Code`."""

    @property
    def message(self) -> str:
        """For a person."""

    @property
    def details(self) -> Sequence[Message]:
        """Typed messages for the client."""


BeforeCall: TypeAlias = Callable[[str], Awaitable[None]]
"""Awaited with the method's name, as `ListLogEntries`, before every call; it may delay or raise a Refusal."""


class LoggingError(Exception):
    """A refused call: `code` is a `google.rpc.Code`, `details` are typed messages for the client."""

    def __init__(self, code: int, message: str, details: Sequence[Message] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = tuple(details)


def invalid(field: str, message: str) -> LoggingError:
    """INVALID_ARGUMENT, naming the request field."""
    violation = error_details_pb2.BadRequest.FieldViolation(field=field, description=message)
    details = [error_details_pb2.BadRequest(field_violations=[violation])]
    return LoggingError(code_pb2.INVALID_ARGUMENT, message, details)


def status_of(refusal: Refusal) -> Status:
    """The `google.rpc.Status` that both protocols carry."""
    status = Status(code=refusal.code, message=refusal.message)
    for detail in refusal.details:
        status.details.add().Pack(detail)
    return status


async def no_faults(_: str) -> None:
    """The hook of a service that works."""
