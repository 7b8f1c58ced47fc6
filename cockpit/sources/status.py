"""What a failed call means: gRPC's statuses and Google's messages as the cockpit's errors, one line each."""

from __future__ import annotations

import asyncio
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cockpit.sources.auth import LOGIN, refused
from cockpit.sources.errors import (
    ConflictError,
    DeniedError,
    InvalidError,
    NotFoundError,
    OutcomeUnknownError,
    SourceError,
    ThrottledError,
    UnauthenticatedError,
    UnreachableError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cockpit.sources.target import Api, Target


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call in words: what it does ("read service s"), of which API, the permission it needs, its timeout in
    seconds, and whether it changes something."""

    doing: str
    target: Target
    api: Api
    needs: str = ""
    timeout: float | None = None
    writes: bool = False

    @property
    def place(self) -> str:
        """Where it goes."""
        return self.target.address(self.api)


@contextmanager
def translated(attempt: Attempt) -> Iterator[None]:
    """Raise what the block's calls raise as a SourceError. A cancelled task stays cancelled."""
    from google.api_core.exceptions import GoogleAPICallError, from_grpc_error, from_grpc_status
    from google.auth.exceptions import GoogleAuthError
    from grpc import RpcError
    from grpc.aio import BaseError

    try:
        yield
    except GoogleAPICallError as error:
        raise source_error(error, attempt) from error
    except RpcError as error:
        meant = from_grpc_error(error)  # type: ignore[no-untyped-call]
        raise source_error(meant, attempt) from error
    except ValueError as error:
        # grpcio-status will not read details that contradict the status; the status alone is good enough.
        refusal = error.__context__
        if not isinstance(refusal, RpcError):
            raise
        meant = from_grpc_status(refusal.code(), refusal.details())  # type: ignore[no-untyped-call]
        raise source_error(meant, attempt) from error
    except GoogleAuthError as error:
        raise UnauthenticatedError(refused(str(error)), LOGIN) from error
    except BaseError as error:
        raise _closed(attempt) from error
    except asyncio.CancelledError as error:
        # gRPC cancels the calls of a channel that is closed under them; nobody asked the task to stop.
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise _closed(attempt) from error


def source_error(error: Any, attempt: Attempt) -> SourceError:
    """The meaning of a `GoogleAPICallError`."""
    status = error.grpc_status_code.name if error.grpc_status_code else "UNKNOWN"
    message = one_line(error.message or "")
    if attempt.writes and not _is_known(status, message):
        return OutcomeUnknownError(
            f"could not {attempt.doing} for certain: {_no_answer(status, message, attempt)}",
            "read the service again before anything else: it may have been applied",
        )
    meaning = _failed if _dropped_here(message) else _MEANINGS.get(status, _failed)
    return meaning(error, message, attempt)


def one_line(text: str, limit: int = 400) -> str:
    """White space folded, and cut where nobody reads on."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


_REFUSALS = frozenset(
    {
        "INVALID_ARGUMENT",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "UNAUTHENTICATED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "RESOURCE_EXHAUSTED",
    }
)
_NO_TOKEN = "Getting metadata from plugin failed with error:"
_NEVER_SENT = ("failed to connect to all addresses", "DNS resolution failed", _NO_TOKEN)


def _is_known(status: str, message: str) -> bool:
    """Whether a failed write is sure not to have been applied: refused in so many words, or never sent."""
    if _dropped_here(message):
        return False
    return status in _REFUSALS or any(sign in message for sign in _NEVER_SENT)


def _dropped_here(message: str) -> bool:
    """Whether an answer came that gRPC found too large to take; its status is gRPC's own then."""
    return "Received message larger than max" in message or "metadata size exceeds" in message


# What the C core says of the network, and how people say it.
_NETWORK = (
    ("Connection refused", "connection refused"),
    ("Connection reset", "the connection was reset"),
    ("Socket closed", "the connection was closed"),
    ("GOAWAY", "the connection was closed"),
    ("DNS resolution failed", "its name cannot be resolved"),
    ("Network is unreachable", "the network is unreachable"),
    ("No route to host", "no route to it"),
    ("keepalive watchdog", "the connection went dead"),
    ("ping timeout", "the connection went dead"),
    ("timed out", "connecting took too long"),
    ("Timeout", "connecting took too long"),
    ("CERTIFICATE_VERIFY_FAILED", "its certificate is not trusted"),
)


def _no_answer(status: str, message: str, attempt: Attempt) -> str:
    if status == "DEADLINE_EXCEEDED":
        within = f" within {attempt.timeout:g} s" if attempt.timeout else " in time"
        return f"no answer from {attempt.place}{within}"
    for sign, words in _NETWORK:
        if sign in message:
            return f"no answer from {attempt.place}: {words}"
    return f"no answer from {attempt.place}: {message or status}"


def _closed(attempt: Attempt) -> SourceError:
    message = f"could not {attempt.doing}: the connection was closed here"
    return OutcomeUnknownError(message) if attempt.writes else UnreachableError(message)


def _unreachable(error: Any, message: str, attempt: Attempt) -> SourceError:
    status = error.grpc_status_code.name
    _, _, token_problem = message.partition(_NO_TOKEN)
    if token_problem and not _is_network(token_problem):
        return UnauthenticatedError(refused(token_problem), LOGIN)
    if not any(sign in message for sign in _NEVER_SENT):
        mend = "try again in a moment"
    elif attempt.target.local:
        mend = "start `cockpit simulate` there, or correct the endpoint"
    else:
        mend = "check the network, VPN and proxy"
    return UnreachableError(f"could not {attempt.doing}: {_no_answer(status, message, attempt)}", mend)


def _is_network(problem: str) -> bool:
    return any(sign in problem for sign in ("ConnectionPool", "Connection aborted", "timed out", "Max retries"))


def _unauthenticated(_error: Any, message: str, attempt: Attempt) -> SourceError:
    return UnauthenticatedError(f"could not {attempt.doing}: {message or 'not authenticated'}", LOGIN)


_PERMISSION = re.compile(r"\b(?:run|logging|iam|serviceusage)\.(?!googleapis\b)[A-Za-z]+\.[A-Za-z]+\b")


def _denied(error: Any, message: str, attempt: Attempt) -> SourceError:
    project, doing = attempt.target.project, attempt.doing
    details = dict(error.metadata or {})
    if error.reason == "SERVICE_DISABLED":
        service = details.get("service", f"{attempt.api.value}.googleapis.com")
        return DeniedError(
            f"could not {doing}: {service} is not enabled in {project}",
            f"run `gcloud services enable {service} --project {project}`",
        )
    if error.reason == "USER_PROJECT_DENIED":
        return DeniedError(
            f"could not {doing}: {message}",
            f"run `gcloud auth application-default set-quota-project {project}`",
            permission="serviceusage.services.use",
        )
    found = _PERMISSION.search(message)
    permission = details.get("permission") or (found[0] if found else "")
    wanted = permission or attempt.needs
    said = f"{permission} is denied" if permission else message or "not allowed"
    mend = f"ask for {wanted} on {project}, as in {_role(wanted)}" if wanted else ""
    return DeniedError(f"could not {doing}: {said}", mend, permission=permission)


def _role(permission: str) -> str:
    if permission == "run.services.update":
        return "roles/run.developer"
    return "roles/logging.viewer" if permission.startswith("logging.") else "roles/run.viewer"


_PATH = re.compile(r"'projects/[^']*/([^'/]+)'")


def _not_found(_error: Any, message: str, attempt: Attempt) -> SourceError:
    # A resource's whole path would push what matters off the screen's one line.
    said = _PATH.sub(r"'\1'", message)
    return NotFoundError(
        f"could not {attempt.doing}: {said or 'not found'}",
        "check project, region and name: `cockpit services` lists what is there",
    )


def _throttled(error: Any, message: str, attempt: Attempt) -> SourceError:
    return ThrottledError(
        f"could not {attempt.doing}: {message or 'a quota is used up'}",
        f"fewer reads, or a higher quota for {attempt.api.value}.googleapis.com in {attempt.target.project}",
        retry_after=_retry_after(error),
    )


def _retry_after(error: Any) -> float | None:
    for detail in error.details:
        delay = getattr(detail, "retry_delay", None)
        if delay is not None:
            return float(delay.seconds + delay.nanos / 1e9)
    return None


def _conflict(_error: Any, message: str, attempt: Attempt) -> SourceError:
    return ConflictError(
        f"could not {attempt.doing}: {message or 'somebody else wrote in between'}",
        "look at what stands now, and decide anew",
    )


_STALE = re.compile(r"etag|resource ?version|generation|concurren|modified|conflict", re.IGNORECASE)


def _precondition(error: Any, message: str, attempt: Attempt) -> SourceError:
    return (_conflict if _STALE.search(message) else _invalid)(error, message, attempt)


def _invalid(error: Any, message: str, attempt: Attempt) -> SourceError:
    violations = (
        f"{violation.field}: {violation.description}"
        for detail in error.details
        for violation in getattr(detail, "field_violations", ())
        if violation.description not in message
    )
    return InvalidError(one_line("; ".join((f"could not {attempt.doing}: {message or 'refused'}", *violations))))


def _unimplemented(_error: Any, message: str, attempt: Attempt) -> SourceError:
    return InvalidError(
        f"could not {attempt.doing}: {attempt.place} does not know this call ({message})",
        "check that the endpoint is a Cloud Run API",
    )


def _failed(error: Any, message: str, attempt: Attempt) -> SourceError:
    status = error.grpc_status_code.name if error.grpc_status_code else "UNKNOWN"
    return SourceError(f"could not {attempt.doing}: {attempt.place} failed: {message or status}")


_MEANINGS: dict[str, Callable[[Any, str, Attempt], SourceError]] = {
    "UNAVAILABLE": _unreachable,
    "DEADLINE_EXCEEDED": _unreachable,
    "CANCELLED": _unreachable,
    "UNAUTHENTICATED": _unauthenticated,
    "PERMISSION_DENIED": _denied,
    "NOT_FOUND": _not_found,
    "RESOURCE_EXHAUSTED": _throttled,
    "ABORTED": _conflict,
    "ALREADY_EXISTS": _conflict,
    "FAILED_PRECONDITION": _precondition,
    "INVALID_ARGUMENT": _invalid,
    "OUT_OF_RANGE": _invalid,
    "UNIMPLEMENTED": _unimplemented,
}
