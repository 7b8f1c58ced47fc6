"""The fields of the query language: what each compares, how its values are written, and what they come to."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from cockpit.logs.entry import Severity
from cockpit.logs.query.moments import LENGTHS, MOMENTS, moment_of, seconds_of
from cockpit.logs.query.nodes import Latency, Level, Moment, Name, Status, Trace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo

    from cockpit.logs.query.nodes import Leaf

ORDERING = (">=", "<=", ">", "<")
NAMING = (":", "=", "!=")
LEVELS = tuple(severity.name for severity in reversed(Severity))
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")

_SHORT_LEVELS = {
    "e": Severity.ERROR,
    "d": Severity.DEBUG,
    "none": Severity.DEFAULT,
    "trace": Severity.DEBUG,
    "fatal": Severity.CRITICAL,
    "panic": Severity.EMERGENCY,
}
_STATUS = re.compile(r"([1-9])([0-9]{2}|[0-9][xX]|[xX]{2})")
_ANY_STATUS = re.compile(r"[0-9]{1,3}")
_TRACE = re.compile(r"[0-9a-fA-F]{1,64}")


class MisreadError(ValueError):
    """A value that the field has no use for: one line why, and one line what to write."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Clock:
    """What moments are reckoned from: now, in Unix ns, and the zone of those that name none."""

    now: int
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Field:
    """A field: the operators it takes, the usual one first, what it is in a few words, and values for example."""

    name: str
    operators: tuple[str, ...]
    about: str
    examples: tuple[str, ...]
    read: Callable[[str, str, str, Clock], Leaf]

    @property
    def usage(self) -> str:
        """How it is written, for one who wrote it otherwise."""
        return f"write it like {self.name}{self.operators[0]}{self.examples[0]}"


def level_of(text: str) -> Severity:
    """A severity by its name, or by the beginning of it. Raises MisreadError."""
    wanted = text.lower()
    if wanted in _SHORT_LEVELS:
        return _SHORT_LEVELS[wanted]
    begun = [severity for severity in Severity if wanted and severity.name.lower().startswith(wanted)]
    if len(begun) == 1:
        return begun[0]
    if begun:
        raise MisreadError(f"{text!r} may be {' or '.join(each.name for each in begun)}", "write a letter more")
    close = difflib.get_close_matches(text.upper(), LEVELS, n=1)
    mend = f"did you mean {close[0]}?" if close else f"severities are {', '.join(LEVELS)}"
    raise MisreadError(f"there is no severity {text!r}", mend)


def _level(_: str, op: str, value: str, __: Clock) -> Level:
    return Level("=" if op == ":" else op, level_of(value))


def _status(_: str, op: str, value: str, __: Clock) -> Status:
    op = "=" if op == ":" else op
    if _ANY_STATUS.fullmatch(value) and (op in ORDERING or len(value) == 3):
        return Status(op, int(value), int(value))
    if not _STATUS.fullmatch(value):
        raise MisreadError(f"{value!r} is not an HTTP status", "write it like 404, or 4xx for all of them")
    if op in ORDERING:
        raise MisreadError(f"{op} wants one status, not all of {value}", f"write status:{value}, or status>=500")
    lower = value.lower()
    return Status(op, int(lower.replace("x", "0")), int(lower.replace("x", "9")))


def _latency(_: str, op: str, value: str, __: Clock) -> Latency:
    try:
        return Latency(op, seconds_of(value))
    except ValueError as error:
        raise MisreadError(str(error), LENGTHS) from None


def _trace(_: str, __: str, value: str, ___: Clock) -> Trace:
    digits = value.rpartition("/")[2]
    if not _TRACE.fullmatch(digits):
        raise MisreadError(f"{value!r} is not the beginning of a trace", "traces are hexadecimal: trace:5d9dc9f8")
    return Trace(digits.lower())


def _moment(side: str, _: str, value: str, clock: Clock) -> Moment:
    try:
        return Moment(side, moment_of(value, now=clock.now, zone=clock.zone))
    except ValueError as error:
        raise MisreadError(str(error), MOMENTS) from None


def _name(field: str, op: str, value: str, _: Clock) -> Name:
    return Name(field, op, value)


_FIELDS = (
    Field("severity", (*ORDERING[:1], "=", ":", "!=", *ORDERING[1:]), "how bad it is", ("ERROR",), _level),
    Field("revision", NAMING, "part of the revision's name", ("00279",), _name),
    Field("instance", NAMING, "part of the instance's id", ("0069c7",), _name),
    Field(
        "status",
        (*ORDERING[:1], ":", "=", "!=", *ORDERING[1:]),
        "a request's HTTP status",
        ("500", "5xx", "4xx", "404", "429", "503"),
        _status,
    ),
    Field("method", NAMING, "a request's method", METHODS, _name),
    Field("path", NAMING, "part of a request's path, or all of it with *", ("/api/*",), _name),
    Field("latency", (">", *ORDERING[:2], "<"), "how long a request took", ("1s", "500ms", "5s"), _latency),
    Field("trace", (":", "="), "the beginning of the trace's name", ("5d9dc9f8",), _trace),
    Field("log", NAMING, "part of the log's name", ("stderr", "stdout", "requests", "varlog/system"), _name),
    Field("agent", NAMING, "part of the user agent", ("curl",), _name),
    Field("after", (":",), "at a moment, or later", ("15m", "1h", "12:03", "2025-10-10T02:12:27Z"), _moment),
    Field("before", (":",), "earlier than a moment", ("15m", "1h", "12:03", "2025-10-10T02:12:27Z"), _moment),
)

FIELDS: Mapping[str, Field] = MappingProxyType({field.name: field for field in _FIELDS})

OTHERWISE: Mapping[str, str] = MappingProxyType(
    {
        "level": "severity",
        "sev": "severity",
        "rev": "revision",
        "revision_name": "revision",
        "resource.labels.revision_name": "revision",
        "instanceid": "instance",
        "labels.instanceid": "instance",
        "code": "status",
        "httprequest.status": "status",
        "verb": "method",
        "httprequest.requestmethod": "method",
        "url": "path",
        "httprequest.requesturl": "path",
        "duration": "latency",
        "httprequest.latency": "latency",
        "logname": "log",
        "log_name": "log",
        "useragent": "agent",
        "user_agent": "agent",
        "httprequest.useragent": "agent",
        "since": "after",
        "from": "after",
        "until": "before",
        "timestamp": "after",
        "time": "after",
    }
)
"""What the fields are called elsewhere, in lower case; in a query that is an error, which names the field."""


def meant_by(name: str) -> str:
    """The field that somebody may have meant, "" where there is none like it."""
    known = OTHERWISE.get(name.lower())
    return known or next(iter(difflib.get_close_matches(name.lower(), FIELDS, n=1)), "")
