"""Why the simulated control plane refuses a call, free of any wire: a canonical code, a message, typed details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.rpc import code_pb2, error_details_pb2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from google.protobuf.message import Message


class WorldError(Exception):
    """A refused call: `code` is a `google.rpc.Code`, `details` are `google.rpc` detail messages."""

    code: int = code_pb2.UNKNOWN

    def __init__(self, message: str, details: Sequence[Message] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)


class InvalidArgumentError(WorldError):
    """The request itself is wrong. `field` is the path of the offending field."""

    code = code_pb2.INVALID_ARGUMENT

    def __init__(self, field: str, description: str) -> None:
        violation = error_details_pb2.BadRequest.FieldViolation(field=field, description=description)
        super().__init__(f"{field}: {description}", [error_details_pb2.BadRequest(field_violations=[violation])])


class NotFoundError(WorldError):
    """No such service, revision or operation. `resource` is its full name."""

    code = code_pb2.NOT_FOUND

    def __init__(self, resource: str) -> None:
        super().__init__(f"Resource '{resource}' was not found")


class AlreadyExistsError(WorldError):
    """The name is taken."""

    code = code_pb2.ALREADY_EXISTS


class AbortedError(WorldError):
    """Somebody else wrote in between: the etag or resourceVersion is stale."""

    code = code_pb2.ABORTED


class FailedPreconditionError(WorldError):
    """The state of the resource forbids it, as deleting a serving revision."""

    code = code_pb2.FAILED_PRECONDITION


class PermissionDeniedError(WorldError):
    """The caller lacks a permission on a resource."""

    code = code_pb2.PERMISSION_DENIED

    def __init__(self, permission: str, resource: str) -> None:
        super().__init__(
            f"Permission '{permission}' denied on resource '{resource}' (or resource may not exist).",
            [
                error_details_pb2.ErrorInfo(
                    reason="IAM_PERMISSION_DENIED",
                    domain="run.googleapis.com",
                    metadata={"permission": permission, "resource": resource},
                )
            ],
        )


class ResourceExhaustedError(WorldError):
    """A quota is used up."""

    code = code_pb2.RESOURCE_EXHAUSTED


class UnavailableError(WorldError):
    """The service cannot answer now; the write, if it was one, was not applied."""

    code = code_pb2.UNAVAILABLE


class DeadlineExceededError(WorldError):
    """The answer never came; a write may have been applied."""

    code = code_pb2.DEADLINE_EXCEEDED
