"""What went wrong outside, as views show it and scripts match it."""

from __future__ import annotations

from cockpit.live.snapshot import Problem
from cockpit.sources.errors import (
    BrokenError,
    ConflictError,
    DeniedError,
    InvalidError,
    NotFoundError,
    OutcomeUnknownError,
    RedirectedError,
    SourceError,
    SwitchedOffError,
    ThrottledError,
    TooLargeError,
    UnauthenticatedError,
    UnreachableError,
    UnreadableError,
)

KINDS: dict[type[SourceError], str] = {
    UnreachableError: "unreachable",
    UnauthenticatedError: "unauthenticated",
    DeniedError: "denied",
    NotFoundError: "not-found",
    ThrottledError: "throttled",
    ConflictError: "conflict",
    InvalidError: "invalid",
    OutcomeUnknownError: "outcome-unknown",
    BrokenError: "broken",
    RedirectedError: "redirected",
    SwitchedOffError: "switched-off",
    TooLargeError: "too-large",
    UnreadableError: "unreadable",
}

LASTING = (
    UnauthenticatedError,
    DeniedError,
    NotFoundError,
    InvalidError,
    RedirectedError,
    SwitchedOffError,
    TooLargeError,
)
"""Errors that trying again will not mend by itself."""


def problem_of(error: SourceError) -> Problem:
    """The error as a line to show; its kind is "failed" where it is none of the known ones."""
    kind = next((KINDS[known] for known in type(error).__mro__ if known in KINDS), "failed")
    return Problem(kind, str(error), error.mend)
