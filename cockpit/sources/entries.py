"""Cloud Logging's entries as they come over the network: what they are as records, and all that they hold."""

from __future__ import annotations

import base64
from functools import cache
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cockpit.logs.entry import NO_LATENCY, NO_TIME, Flag, Record, Severity
from cockpit.logs.fields import compact, level_in, message_in, short_log, trace_of
from cockpit.logs.lenient import audited
from cockpit.logs.moment import SECOND, within
from cockpit.logs.names import MOST_NAME
from cockpit.logs.request import LONGEST_LATENCY, MOST_METHOD, MOST_STATUS, line
from cockpit.logs.severity import level_of
from cockpit.logs.texts import as_is, kept

if TYPE_CHECKING:
    from cockpit.sources.cloudlogging import LogEntry

_SEVERITIES = MappingProxyType({100 * level: int(level) for level in Severity})
_AUDIT = "google.cloud.audit.AuditLog"
_READ, _ODD = int(Flag.READ), int(Flag.ODD)


def record_of(entry: LogEntry) -> Record:
    """The record of one raw `google.logging.v2.LogEntry`. Whatever it holds, it has one."""
    kind = entry.WhichOneof("payload")
    text = entry.text_payload if kind == "text_payload" else _said(entry, kind) if kind else ""
    time, flags = _time(entry)
    severity = _SEVERITIES.get(entry.severity)
    if severity is None:
        severity, flags = 0, flags | _ODD
    status, method, latency, agent = 0, "", NO_LATENCY, ""
    if entry.HasField("http_request"):
        http = entry.http_request
        status, method, agent = http.status, http.request_method[:MOST_METHOD], http.user_agent[:MOST_NAME]
        if not 0 <= status <= MOST_STATUS:
            status, flags = 0, flags | _ODD
        if http.HasField("latency"):
            taken = http.latency
            latency = taken.seconds + taken.nanos / 1e9
            if not 0 <= latency <= LONGEST_LATENCY:
                latency, flags = NO_LATENCY, flags | _ODD
        if method or status or http.request_url:
            text = line(http.request_url, http.remote_ip[:MOST_NAME], text)
    if not as_is(text):
        text, shortened = kept(text)
        flags |= shortened
    if not severity and not (method or status):
        level = level_in(_fields(entry.json_payload)) if kind == "json_payload" else level_of(text)
        if level is not None:
            severity, flags = int(level), flags | (_READ if kind != "json_payload" else 0)
    return Record(
        time,
        text,
        severity,
        flags,
        entry.resource.labels.get("revision_name", "")[:MOST_NAME],
        entry.labels.get("instanceId", "")[:MOST_NAME],
        short_log(entry.log_name),
        trace_of(entry.trace) if entry.trace else "",
        status,
        method,
        latency,
        agent,
    )


def entry_of(raw: bytes) -> LogEntry:
    """A serialized LogEntry read again. Raises google.protobuf.message.DecodeError for what is none."""
    return _message().FromString(raw)


def payload_of(raw: bytes) -> dict[str, Any]:
    """All that a serialized LogEntry holds, in Cloud Logging's JSON; what JSON has no form for, as text.

    Raises google.protobuf.message.DecodeError for what is no LogEntry.
    """
    from google.protobuf import json_format

    entry = entry_of(raw)
    try:
        whole: dict[str, Any] = json_format.MessageToDict(entry)
    except _unconvertible():
        return _piecewise(entry)
    return whole


@cache
def _message() -> Any:
    """The raw message's class, once the audit log's is known too, which a protoPayload may hold."""
    from google.cloud.audit import audit_log_pb2  # noqa: F401 - being imported registers it
    from google.cloud.logging_v2.types import LogEntry

    return LogEntry.pb()


@cache
def _unconvertible() -> tuple[type[Exception], ...]:
    from google.protobuf import json_format
    from google.protobuf.message import DecodeError

    return (TypeError, ValueError, OverflowError, RecursionError, json_format.SerializeToJsonError, DecodeError)


def _piecewise(entry: LogEntry) -> dict[str, Any]:
    """The JSON of every field that has one; in place of the others what they hold, as well as can be said."""
    from google.protobuf import json_format

    found: dict[str, Any] = {}
    for field, value in entry.ListFields():
        alone = type(entry)()
        alone.MergeFrom(entry)
        for other, _ in entry.ListFields():
            if other.name != field.name:
                alone.ClearField(other.name)
        try:
            found |= json_format.MessageToDict(alone)
        except _unconvertible():
            found[field.json_name] = _otherwise(field.name, value)
    return found


def _otherwise(name: str, value: Any) -> object:
    if name == "json_payload":
        return _fields(value)
    if name == "proto_payload":
        return {"@type": value.type_url, "value": base64.b64encode(value.value).decode()}
    return str(value)


def _said(entry: LogEntry, kind: str) -> str:
    """What a payload that is no plain text says."""
    if kind == "json_payload":
        fields = entry.json_payload.fields
        message = fields.get("message")
        if message is not None and message.string_value and not any(key in fields for key in _STACKS):
            return str(message.string_value)
        whole = _fields(entry.json_payload)
        return message_in(whole) or compact(whole)
    return _proto_said(entry.proto_payload)


_STACKS = ("exc_info", "stack_trace", "exception", "stack")


def _proto_said(payload: Any) -> str:
    if payload.type_url.endswith(f"/{_AUDIT}"):
        from google.cloud.audit.audit_log_pb2 import AuditLog
        from google.protobuf.message import DecodeError

        try:
            audit = AuditLog.FromString(payload.value)
        except DecodeError:
            return str(payload.type_url)
        status = {"code": audit.status.code, "message": audit.status.message}
        return audited({"methodName": audit.method_name, "resourceName": audit.resource_name, "status": status})
    return str(payload.type_url)


def _time(entry: LogEntry) -> tuple[int, int]:
    """The moment, that of arrival where it has none, and Flag.ODD for one far off."""
    for name in ("timestamp", "receive_timestamp"):
        if entry.HasField(name):
            stamp = getattr(entry, name)
            return within(stamp.seconds * SECOND + stamp.nanos)
    return NO_TIME, 0


def _fields(struct: Any) -> dict[str, object]:
    return {key: _plain(value) for key, value in struct.fields.items()}


def _plain(value: Any) -> object:
    """A protobuf Value as Python has it; whole numbers as such, and those that JSON has no form for as text."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _fields(value.struct_value)
    if kind == "list_value":
        return [_plain(each) for each in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        if not isfinite(number):
            return str(number)
        return int(number) if number.is_integer() else number
    return None if kind in {None, "null_value"} else getattr(value, kind)
