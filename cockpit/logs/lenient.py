"""Entries in JSON of any shape: what Cloud Logging does not write quite so, and an application's own lines."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import msgspec

from cockpit.logs.entry import NO_LATENCY, NO_TIME, Flag, Record, Severity
from cockpit.logs.fields import (
    compact,
    first_text,
    level_in,
    message_in,
    short_log,
    time_in,
    time_of,
    trace_in,
)
from cockpit.logs.moment import within
from cockpit.logs.names import MOST_NAME
from cockpit.logs.request import LONGEST_LATENCY, MOST_METHOD, MOST_STATUS, line
from cockpit.logs.severity import level_of
from cockpit.logs.texts import kept

if TYPE_CHECKING:
    from collections.abc import Mapping

    Fields = Mapping[str, object]

_ENTRY_FIELDS = frozenset(
    ("logName", "insertId", "textPayload", "jsonPayload", "protoPayload", "resource", "receiveTimestamp")
)

_ESCAPES = re.compile(r"(\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\[^u])|\\u[dD][89a-fA-F]\w\w")
"""Escapes in JSON: those that may stay, in a group, and halves of a surrogate pair, which are no character."""

_decode = msgspec.json.Decoder().decode


class UnreadableError(ValueError):
    """No entry: `str(error)` is one line that says why."""


def read(raw: bytes) -> Record:
    """The record of one JSON object. Raises UnreadableError for what is none, or nests too deeply."""
    try:
        return _record(*_object(raw))
    except RecursionError:
        raise UnreadableError("nests too deeply to be read") from None


def _record(fields: Fields, flags: int) -> Record:
    is_ours = bool(fields.keys() & _ENTRY_FIELDS)
    said = _text(fields) if is_ours else message_in(fields)
    inner = _object_at(fields, "jsonPayload") if is_ours else fields
    http = _object_at(fields, "httpRequest")
    is_request = any(http.get(key) for key in ("requestUrl", "requestMethod", "status"))
    origin = first_text(http, ("remoteIp",)) or ""
    if is_request:
        text = line(first_text(http, ("requestUrl",)) or "", origin[:MOST_NAME], said or "")
    else:
        text = said if said is not None else compact(inner or fields)
    text, shortened = kept(text)
    time, odd_time = _time(fields, inner)
    severity, read_or_odd = _severity(fields, inner, "" if is_request else text)
    status, latency, odd_http = _figures(http)
    labels = _object_at(_object_at(fields, "resource"), "labels")
    return Record(
        time,
        text,
        severity,
        flags | shortened | odd_time | read_or_odd | odd_http,
        (first_text(labels, ("revision_name",)) or "")[:MOST_NAME],
        (first_text(_object_at(fields, "labels"), ("instanceId",)) or "")[:MOST_NAME],
        short_log(first_text(fields, ("logName",)) or ""),
        trace_in(fields),
        status,
        (first_text(http, ("requestMethod",)) or "")[:MOST_METHOD],
        latency,
        (first_text(http, ("userAgent",)) or "")[:MOST_NAME],
    )


def _object(raw: bytes) -> tuple[Fields, int]:
    """The object, and Flag.ODD where it is none by the letter of JSON (bytes that are no UTF-8, NaN)."""
    flags = Flag.NONE
    try:
        value = _decode(raw)
    except ValueError:
        value, flags = _forgiving(raw), Flag.ODD
    if not isinstance(value, dict):
        raise UnreadableError("no JSON object, which an entry is")
    return value, int(flags)


def _forgiving(raw: bytes) -> object:
    text = bytes(raw).decode("utf-8-sig", errors="replace")
    try:
        return json.loads(_ESCAPES.sub(lambda escape: escape[1] or "\\ufffd", text), strict=False)
    except json.JSONDecodeError as error:
        why = error.msg[:1].lower() + error.msg[1:]
        raise UnreadableError(f"no JSON: {why} (character {error.pos + 1})") from None
    except ValueError as error:  # a number of thousands of digits
        raise UnreadableError(f"no JSON: {error}") from None


def _object_at(fields: Fields, key: str) -> Fields:
    value = fields.get(key)
    return value if isinstance(value, dict) else {}


def _text(fields: Fields) -> str | None:
    """What a LogEntry says, whichever payload it has; None where it has none."""
    text = fields.get("textPayload")
    if isinstance(text, str):
        return text
    if isinstance(audit := fields.get("protoPayload"), dict):
        return audited(audit)
    payload = fields.get("jsonPayload")
    if isinstance(payload, dict):
        return message_in(payload) or compact(payload)
    return None if payload is None else compact(payload)


def audited(payload: Fields) -> str:
    """What an audit log says: the method, on what, and the status where it is more than success."""
    method = first_text(payload, ("methodName",))
    if method is None:
        return compact(payload)
    status = _object_at(payload, "status")
    said = first_text(status, ("message",)) or (f"code {status['code']}" if status.get("code") else "")
    head = f"{method} {first_text(payload, ('resourceName',)) or ''}".rstrip()
    return f"{head}: {said}" if said else head


def _time(fields: Fields, inner: Fields) -> tuple[int, int]:
    """The moment: the entry's, that of its arrival, or what its payload says; with Flag.ODD for a strange one."""
    odd = Flag.NONE
    for key in ("timestamp", "receiveTimestamp"):
        if key in fields:
            try:
                time, out = within(time_of(fields[key]))
                return time, int(odd) | out
            except (ValueError, OverflowError):
                odd = Flag.ODD
    inside = time_in(inner)
    if inside is None:
        return NO_TIME, int(odd)
    time, out = within(inside)
    return time, int(odd) | out


def _severity(fields: Fields, inner: Fields, text: str) -> tuple[int, int]:
    """The severity, with Flag.READ where only the text tells it, and Flag.ODD for one that nobody knows."""
    given = level_in(fields)
    odd = Flag.NONE
    if given is None and fields.get("severity") not in (None, "", "DEFAULT", "SEVERITY_UNSPECIFIED", 0):
        odd = Flag.ODD
    level = given if given is not None else level_in(inner)
    if level is not None:
        return int(level), int(odd)
    level = level_of(text)
    return (int(Severity.DEFAULT), int(odd)) if level is None else (int(level), int(odd | Flag.READ))


def _figures(http: Fields) -> tuple[int, float, int]:
    """Status, latency in seconds, and Flag.ODD where one of them made no sense."""
    odd = Flag.NONE
    status, latency = 0, NO_LATENCY
    try:
        status = int(str(http.get("status") or 0)[:20])
        if not 0 <= status <= MOST_STATUS:
            status, odd = 0, Flag.ODD
    except ValueError:
        odd = Flag.ODD
    value = http.get("latency")
    try:
        if isinstance(value, dict):
            latency = int(value.get("seconds") or 0) + int(value.get("nanos") or 0) / 1e9
        elif value is not None:
            latency = float(str(value)[:40].removesuffix("s"))
        if latency < 0 or latency > LONGEST_LATENCY:
            latency, odd = NO_LATENCY, Flag.ODD
    except (ValueError, TypeError, OverflowError):
        odd = Flag.ODD
    return status, latency, int(odd)
