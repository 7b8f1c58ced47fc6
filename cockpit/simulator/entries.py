"""Log entries as Cloud Run writes them for a container: its lines, the platform's, and the requests."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from google.protobuf import json_format

from cockpit.simulator.logs.messages import LogEntry

if TYPE_CHECKING:
    from google.cloud.run_v2.types import Revision

    from cockpit.simulator.seams import LogSink

Stream = Literal["stdout", "stderr"]

SEVERITIES = MappingProxyType(
    {
        "DEFAULT": 0,
        "DEBUG": 100,
        "INFO": 200,
        "NOTICE": 300,
        "WARNING": 400,
        "WARN": 400,
        "ERROR": 500,
        "CRITICAL": 600,
        "FATAL": 600,
        "ALERT": 700,
        "EMERGENCY": 800,
    }
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose entries they are; the names are short ones."""

    project: str
    location: str
    service: str
    revision: str

    @classmethod
    def of(cls, revision: Revision) -> Origin:
        """From the full name `projects/P/locations/L/services/S/revisions/R`."""
        _, project, _, location, _, service, _, name = revision.name.split("/")
        return cls(project, location, service, name)


@dataclass(frozen=True, slots=True)
class Served:
    """One request as the front saw it. `started` is Unix ns, `latency` seconds, sizes are bytes."""

    method: str
    url: str
    status: int
    request_size: int
    response_size: int
    started: int
    latency: float
    user_agent: str
    remote_ip: str
    trace: str
    span: str
    message: str = ""


class Emitter:
    """Writes the entries of one instance, or, without an instance id, of a revision that has none."""

    def __init__(self, sink: LogSink, origin: Origin, instance_id: str = "") -> None:
        self._sink = sink
        self._project = origin.project
        self._lines = {
            "stdout": _blank(origin, "stdout", instance_id),
            "stderr": _blank(origin, "stderr", instance_id),
        }
        self._platform = _blank(origin, "varlog%2Fsystem", instance_id)
        self._requests = _blank(origin, "requests", instance_id)

    def line(self, stream: Stream, line: bytes) -> None:
        """One line of the container: a JSON object becomes a structured entry, anything else text."""
        entry = _copy(self._lines[stream])
        if line.startswith(b"{") and not _structure(entry, line):
            entry = _copy(self._lines[stream])
        if not entry.HasField("json_payload"):
            entry.text_payload = line.decode(errors="replace")
        self._sink.write(entry)

    def platform(self, severity: str, message: str) -> None:
        """One line of the platform about the instance."""
        entry = _copy(self._platform)
        entry.severity = SEVERITIES[severity]
        entry.text_payload = message
        self._sink.write(entry)

    def request(self, served: Served) -> None:
        """One request that was answered, whoever answered it."""
        entry = _copy(self._requests)
        entry.timestamp.FromNanoseconds(served.started)
        entry.severity = SEVERITIES[_severity_of(served.status)]
        entry.trace = f"projects/{self._project}/traces/{served.trace}"
        entry.span_id, entry.trace_sampled = served.span, True
        if served.message:
            entry.text_payload = served.message
        http = entry.http_request
        http.request_method, http.request_url, http.status = served.method, served.url, served.status
        http.request_size, http.response_size = served.request_size, served.response_size
        http.user_agent, http.remote_ip, http.protocol = served.user_agent, served.remote_ip, "HTTP/1.1"
        http.latency.FromNanoseconds(round(served.latency * 1e9))
        self._sink.write(entry)


def _blank(origin: Origin, log: str, instance_id: str) -> Any:
    """The part that all entries of a log share."""
    labels = {
        "project_id": origin.project,
        "service_name": origin.service,
        "revision_name": origin.revision,
        "configuration_name": origin.service,
        "location": origin.location,
    }
    return LogEntry(
        log_name=f"projects/{origin.project}/logs/run.googleapis.com%2F{log}",
        resource={"type": "cloud_run_revision", "labels": labels},
        labels={"instanceId": instance_id} if instance_id else {},
    )


def _copy(blank: Any) -> Any:
    entry = LogEntry()
    entry.CopyFrom(blank)
    return entry


def _severity_of(status: int) -> str:
    if status >= 500:
        return "ERROR"
    return "WARNING" if status >= 400 else "INFO"


def _structure(entry: Any, line: bytes) -> bool:
    """Fill an entry from a JSON object, its special fields lifted; False, and half filled, when it is none.

    The special fields are those of https://cloud.google.com/run/docs/logging#special-fields.
    """
    try:
        payload = msgspec.json.decode(line, type=dict[str, Any])
        severity = SEVERITIES.get(str(payload.get("severity", "")).upper())
        if severity is not None:
            entry.severity = severity
            del payload["severity"]
        if payload.keys() & _LIFTED.keys():
            _lift(entry, payload)
        entry.json_payload.update(payload)
    except (ValueError, TypeError, OverflowError, RecursionError, json_format.ParseError):
        return False
    return True


def _lift(entry: Any, payload: dict[str, Any]) -> None:
    """Move special fields from the payload to the entry. Raises TypeError or ValueError for bad ones."""
    for key in payload.keys() & _LIFTED.keys():
        value = payload.pop(key)
        field = _LIFTED[key]
        if field == "timestamp":
            entry.timestamp.FromJsonString(value)
        elif field == "labels":
            entry.labels.update(value)
        elif field == "http_request":
            json_format.ParseDict(dict[str, Any](value), entry.http_request, ignore_unknown_fields=True)
        else:
            setattr(entry, field, value)


_LIFTED = MappingProxyType(
    {
        "time": "timestamp",
        "timestamp": "timestamp",
        "httpRequest": "http_request",
        "logging.googleapis.com/trace": "trace",
        "logging.googleapis.com/spanId": "span_id",
        "logging.googleapis.com/trace_sampled": "trace_sampled",
        "logging.googleapis.com/labels": "labels",
        "logging.googleapis.com/insertId": "insert_id",
    }
)
