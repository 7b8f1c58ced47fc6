"""The right side of a comparison, converted once to the kind of its field: what remains is a plain function.

Text compares without regard to case, except in regular expressions. A test is never asked about a missing field.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from typing import Any, TypeAlias

from google.logging.type.log_severity_pb2 import LogSeverity
from google.protobuf.timestamp_pb2 import Timestamp

from cockpit.simulator.logs.filters.fields import Kind

Test: TypeAlias = Callable[[Any], bool]


class LiteralError(ValueError):
    """The value cannot be compared with a field of that kind; the message says why."""


def comparison(kind: Kind, op: str, literal: str) -> Test:
    """A test of a field's value against a literal. Raises LiteralError."""
    if op in ("=~", "!~"):
        return _regex(kind, op, literal)
    if kind is Kind.TEXT:
        return _text(op, literal)
    if kind is Kind.JSON:
        return _json(op, literal)
    if kind is Kind.MESSAGE:
        if op != ":":
            raise LiteralError(f"'{op}' needs a field with a single value")
        return _text(op, literal)
    return _ordered(op, _PARSERS[kind](literal))


_ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    ":": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _ordered(op: str, bound: float) -> Test:
    holds = _ORDER[op]
    return lambda value: bool(holds(value, bound))


def _text(op: str, literal: str) -> Test:
    folded = literal.casefold()
    if op == ":":
        return lambda value: folded in value.casefold()
    holds = _ORDER[op]
    return lambda value: bool(holds(value.casefold(), folded))


def _regex(kind: Kind, op: str, literal: str) -> Test:
    if kind not in (Kind.TEXT, Kind.JSON, Kind.MESSAGE):
        raise LiteralError(f"'{op}' needs a text field")
    try:
        search = re.compile(literal).search
    except re.error as error:
        raise LiteralError(f"invalid regular expression '{literal}': {error}") from None
    wanted = op == "=~"
    return lambda value: isinstance(value, str) and (search(value) is not None) is wanted


def _json(op: str, literal: str) -> Test:
    """JSON values have their type at run time: the literal is read as each type it could be."""
    text, number, truth = _text(op, literal), _number_or_nan(literal), _BOOLEANS.get(literal.casefold())
    is_null = literal == "NULL_VALUE"
    holds = _ORDER[op]

    def test(value: Any) -> bool:
        if isinstance(value, str):
            return text(value)
        if value is None:
            return is_null and op in ("=", ":")
        if isinstance(value, bool):
            return truth is not None and bool(holds(value, truth))
        return not math.isnan(number) and bool(holds(value, number))

    return test


_BOOLEANS = {"true": True, "false": False}


def _number_or_nan(literal: str) -> float:
    try:
        return float(literal)
    except ValueError:
        return math.nan


def _number(literal: str) -> float:
    try:
        return int(literal)
    except ValueError:
        number = _number_or_nan(literal)
    if math.isnan(number):
        raise LiteralError(f"'{literal}' is not a number")
    return number


def _boolean(literal: str) -> bool:
    truth = _BOOLEANS.get(literal.casefold())
    if truth is None:
        raise LiteralError(f"'{literal}' is neither true nor false")
    return truth


def _severity(literal: str) -> int:
    known: dict[str, int] = dict(LogSeverity.items())
    name = literal.upper()
    if name in known:
        return known[name]
    if literal.isdecimal():
        return int(literal)
    raise LiteralError(f"'{literal}' is not a severity; use {', '.join(known)} or a number")


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_ZONED = re.compile(r"(?:Z|([+-]\d{2}):?(\d{2}))\Z")


def nanoseconds(literal: str) -> int:
    """Unix nanoseconds of an RFC 3339 time: a date is its midnight, no zone is UTC. Raises LiteralError."""
    text = literal.upper()
    if _DATE.match(text):
        text += "T00:00:00Z"
    elif (zone := _ZONED.search(text)) is None:
        text += "Z"
    elif zone[1]:
        # Python's own client writes +0000 where RFC 3339 has +00:00
        text = f"{text[: zone.start()]}{zone[1]}:{zone[2]}"
    parsed = Timestamp()
    try:
        parsed.FromJsonString(text)
    except ValueError:
        raise LiteralError(f"'{literal}' is not an RFC 3339 time such as 2026-01-31T12:00:00Z") from None
    return parsed.ToNanoseconds()


_DURATION = re.compile(r"(-?\d+(?:\.\d+)?)(h|ms|us|ns|m|s)?\Z")
_NANOSECONDS = {"h": 3_600_000_000_000, "m": 60_000_000_000, "s": 10**9, "ms": 10**6, "us": 1000, "ns": 1}


def _duration(literal: str) -> int:
    match = _DURATION.match(literal)
    if match is None:
        raise LiteralError(f"'{literal}' is not a duration such as 1.5s or 200ms")
    return round(float(match[1]) * _NANOSECONDS[match[2] or "s"])


_PARSERS: dict[Kind, Callable[[str], float]] = {
    Kind.NUMBER: _number,
    Kind.BOOLEAN: _boolean,
    Kind.SEVERITY: _severity,
    Kind.TIME: nanoseconds,
    Kind.DURATION: _duration,
}
