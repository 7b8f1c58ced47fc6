"""One entry in JSON, whoever wrote it: Cloud Logging's LogEntry, or an application's own line.

The shape that Cloud Logging writes is decoded straight to a struct. What has another one, and what is not quite
JSON, takes the long way through a dictionary.
"""

from __future__ import annotations

from types import MappingProxyType

import msgspec

from cockpit.logs import lenient
from cockpit.logs.entry import NO_LATENCY, Flag, Record, Severity
from cockpit.logs.fields import short_log, trace_of
from cockpit.logs.lenient import UnreadableError
from cockpit.logs.moment import EARLIEST, LATEST, moment
from cockpit.logs.names import MOST_NAME
from cockpit.logs.request import LONGEST_LATENCY, MOST_METHOD, MOST_STATUS, line
from cockpit.logs.severity import level_of
from cockpit.logs.texts import as_is, kept

__all__ = ["UnreadableError", "read"]


class _Labels(msgspec.Struct, frozen=True, gc=False):
    instanceId: str = ""  # noqa: N815 - Cloud Logging's name


class _ResourceLabels(msgspec.Struct, frozen=True, gc=False):
    revision_name: str = ""


class _Resource(msgspec.Struct, frozen=True, gc=False):
    labels: _ResourceLabels = _ResourceLabels()


class _Http(msgspec.Struct, gc=False, rename="camel"):
    latency: str = ""
    remote_ip: str = ""
    request_method: str = ""
    request_url: str = ""
    status: int = 0
    user_agent: str = ""


class _Payload(msgspec.Struct, gc=False):
    message: str = ""
    exc_info: str = ""
    stack_trace: str = ""
    exception: str = ""
    stack: str = ""


class _Entry(msgspec.Struct, gc=False, rename="camel"):
    labels: _Labels = _Labels()
    receive_timestamp: str = ""
    resource: _Resource = _Resource()
    timestamp: str = ""
    http_request: _Http | None = None
    json_payload: _Payload | None = None
    text_payload: str = ""
    proto_payload: msgspec.Raw | None = None
    log_name: str = ""
    severity: str = ""
    trace: str = ""


_decode = msgspec.json.Decoder(_Entry).decode
_READ = int(Flag.READ)
_SEVERITIES = MappingProxyType({"": 0} | {level.name: int(level) for level in Severity})


def read(raw: bytes) -> Record:
    """The record of one entry in JSON.

    Raises UnreadableError for what is no JSON object, and for one that nests too deeply.
    """
    try:
        entry = _decode(raw)
        record = _record(entry, moment(entry.timestamp), _SEVERITIES[entry.severity])
    except (ValueError, KeyError, RecursionError):  # msgspec's errors are ValueErrors
        record = None
    return lenient.read(raw) if record is None else record


def _record(entry: _Entry, time: int, severity: int) -> Record | None:
    """The record of an entry as Cloud Run's are; None where it takes a longer look.

    Raises ValueError for a latency that is none.
    """
    http = entry.http_request
    if http is None:
        text = _said(entry, severity)
    elif entry.json_payload is None and http.request_url and 0 <= http.status <= MOST_STATUS:
        text = line(http.request_url, http.remote_ip, entry.text_payload)
    else:
        return None
    if not (text and entry.log_name and EARLIEST <= time <= LATEST) or entry.proto_payload is not None:
        return None
    flags = 0
    if not as_is(text):
        text, flags = kept(text)
    if not severity and http is None and (level := level_of(text)) is not None:
        severity, flags = int(level), flags | _READ
    trace = entry.trace and trace_of(entry.trace)
    revision, instance = entry.resource.labels.revision_name[:MOST_NAME], entry.labels.instanceId[:MOST_NAME]
    if http is None:
        return Record(time, text, severity, flags, revision, instance, short_log(entry.log_name), trace)
    latency = float(http.latency.removesuffix("s")) if http.latency else NO_LATENCY
    if latency < 0 or latency > LONGEST_LATENCY:
        return None
    return Record(
        time,
        text,
        severity,
        flags,
        revision,
        instance,
        short_log(entry.log_name),
        trace,
        http.status,
        http.request_method[:MOST_METHOD],
        latency,
        http.user_agent[:MOST_NAME],
    )


def _said(entry: _Entry, severity: int) -> str:
    """What an entry says, where it stands at once; else ""."""
    payload = entry.json_payload
    if payload is None:
        return entry.text_payload
    if severity and not (payload.exc_info or payload.stack_trace or payload.exception or payload.stack):
        return payload.message
    return ""
