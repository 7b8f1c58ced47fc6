"""What the platform says of an instance's life, in the words of its lines in the log varlog/system."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

PLATFORM_LOG = "varlog/system"


class Stage(Enum):
    """A moment in an instance's life."""

    STARTED = "started"
    READY = "ready"
    FAILED = "failed"
    ENDED = "ended"


class Said(NamedTuple):
    """What a line says; `words` are the reason of a start, and how an end came."""

    stage: Stage
    words: str = ""


_LINES = (
    (Stage.STARTED, re.compile(r"Starting new instance\.(?: Reason: (?P<words>[\w-]+))?")),
    (Stage.READY, re.compile(r"\S.{0,200}? probe succeeded after \d+ attempts?\b")),
    (
        Stage.FAILED,
        re.compile(r"\S.{0,200}?(?P<words>probe failed) .{0,400}?The instance was not started", re.DOTALL),
    ),
    (Stage.FAILED, re.compile(r"The user-provided container (?P<words>failed to start)")),
    (Stage.ENDED, re.compile(r"Container called (?P<words>exit\(\d+\))")),
    (Stage.ENDED, re.compile(r"Container terminated on (?P<words>signal \d+)")),
    (Stage.ENDED, re.compile(r"Uncaught (?P<words>signal: \d+)")),
    (Stage.ENDED, re.compile(r".{0,100}?(?P<words>[Mm]emory limit of \S+ \S+ exceeded)")),
    (Stage.ENDED, re.compile(r"LIVENESS .{0,200}?(?P<words>probe failed)")),
)


def said(text: str) -> Said | None:
    """What a line of the platform says of its instance's life; None for lines about something else."""
    for stage, pattern in _LINES:
        found = pattern.match(text)
        if found:
            return Said(stage, _words(found))
    return None


def _words(found: re.Match[str]) -> str:
    words = found.groupdict().get("words") or ""
    return words.lower().replace("_", " ") if words.isupper() else words
