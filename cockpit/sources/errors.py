"""What can go wrong outside, by kinds. Every error says what happened and how to mend it."""

from __future__ import annotations


class SourceError(Exception):
    """Something outside failed. `str(error)` is one line of what happened; `mend` one line of what to do."""

    def __init__(self, message: str, mend: str = "") -> None:
        super().__init__(message)
        self.mend = mend


class UnreachableError(SourceError):
    """No answer from the other side: refused, reset, timed out, UNAVAILABLE."""


class TooSlowError(UnreachableError):
    """No whole answer within the time that was given for it."""


class UnauthenticatedError(SourceError):
    """No credentials, or credentials the other side does not take."""


class DeniedError(SourceError):
    """Known, but not allowed; `permission` names the missing one where the other side says."""

    def __init__(self, message: str, mend: str = "", *, permission: str = "") -> None:
        super().__init__(message, mend)
        self.permission = permission


class NotFoundError(SourceError):
    """The service, revision or operation does not exist (any more)."""


class ThrottledError(SourceError):
    """A quota is used up; `retry_after` in seconds where the other side says, else None."""

    def __init__(self, message: str, mend: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message, mend)
        self.retry_after = retry_after


class ConflictError(SourceError):
    """Somebody else wrote in between: the etag or resource version is stale."""


class InvalidError(SourceError):
    """The other side refuses the request as it stands."""


class BrokenError(SourceError):
    """The other side answers that it failed itself; `status` is HTTP's, 500 and above."""

    def __init__(self, message: str, mend: str = "", *, status: int = 500) -> None:
        super().__init__(message, mend)
        self.status = status


class RedirectedError(SourceError):
    """The answer points somewhere else, to `host`, where nothing of ours is sent."""

    def __init__(self, message: str, mend: str = "", *, host: str = "") -> None:
        super().__init__(message, mend)
        self.host = host


class TooLargeError(SourceError):
    """The answer is larger than `limit` bytes; what came of it is thrown away."""

    def __init__(self, message: str, mend: str = "", *, limit: int = 0) -> None:
        super().__init__(message, mend)
        self.limit = limit


class UnreadableError(SourceError):
    """The answer is not what was asked for: broken off, badly packed, no HTTP, another kind of document."""


class OutcomeUnknownError(SourceError):
    """A write was sent and no answer came: it may or may not have been applied. Re-read; never resend."""


class SwitchedOffError(SourceError):
    """The endpoint is there and says itself that it gives nothing, as metrics that are disabled do."""
