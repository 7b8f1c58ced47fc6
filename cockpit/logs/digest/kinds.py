"""What kind of error a text tells of: where it was raised, and its message with what differs masked."""

from __future__ import annotations

from typing import NamedTuple

from cockpit.logs.digest.masking import masked, message_of
from cockpit.logs.digest.tracebacks import raised
from cockpit.logs.entry import Flag

FOLLOWS_WITHIN = 100_000_000
"""Nanoseconds between a line and the traceback that was logged with it."""

Kind = tuple[str, str]
"""A frame in the service's own code, "" where nothing says, and a masked message."""


class Told(NamedTuple):
    """Whether it was told by a traceback, the kind, and the message as it was logged."""

    is_traceback: bool
    kind: Kind
    message: str


def told(text: str, flags: Flag) -> Told:
    """What a text tells of an error."""
    trace = raised(text) if Flag.TRACEBACK in flags or "\n" in text else None
    if trace is not None and trace.message:
        return Told(True, (trace.frame, masked(trace.message)), trace.message)
    message = message_of(text.lstrip().partition("\n")[0])
    return Told(trace is not None, ("", masked(message)), message)
