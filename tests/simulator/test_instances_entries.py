"""Lines and requests as log entries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cockpit.simulator.entries import Emitter, Origin, Served

ORIGIN = Origin("p1", "europe-west1", "shop", "shop-00001-abc")


class Sink:
    """Keeps what is written."""

    def __init__(self) -> None:
        self.entries: list[Any] = []

    def write(self, entry: Any) -> None:
        self.entries.append(entry)


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def emitter(sink: Sink) -> Emitter:
    return Emitter(sink, ORIGIN, "00ab")


def test_a_text_line_has_no_severity(emitter: Emitter, sink: Sink) -> None:
    emitter.line("stderr", b"2025-10-10 02:12:27,931 INFO [backend.x] ready")
    [entry] = sink.entries
    assert entry.text_payload == "2025-10-10 02:12:27,931 INFO [backend.x] ready"
    assert entry.severity == 0
    assert entry.log_name == "projects/p1/logs/run.googleapis.com%2Fstderr"
    assert dict(entry.labels) == {"instanceId": "00ab"}
    assert entry.resource.type == "cloud_run_revision"
    assert dict(entry.resource.labels) == {
        "project_id": "p1",
        "service_name": "shop",
        "revision_name": "shop-00001-abc",
        "configuration_name": "shop",
        "location": "europe-west1",
    }


def test_a_json_line_is_structured_and_its_special_fields_are_lifted(emitter: Emitter, sink: Sink) -> None:
    line = {
        "severity": "warning",
        "message": "slow",
        "seconds": 1.5,
        "time": "2025-10-10T02:12:27.931Z",
        "logging.googleapis.com/trace": "projects/p1/traces/t",
        "logging.googleapis.com/spanId": "7",
        "logging.googleapis.com/trace_sampled": True,
        "logging.googleapis.com/labels": {"team": "a"},
        "httpRequest": {"requestMethod": "GET", "status": 200},
    }
    emitter.line("stdout", json.dumps(line).encode())
    [entry] = sink.entries
    assert entry.severity == 400
    assert dict(entry.json_payload) == {"message": "slow", "seconds": 1.5}
    assert entry.timestamp.ToJsonString() == "2025-10-10T02:12:27.931Z"
    assert (entry.trace, entry.span_id, entry.trace_sampled) == ("projects/p1/traces/t", "7", True)
    assert dict(entry.labels) == {"instanceId": "00ab", "team": "a"}
    assert (entry.http_request.request_method, entry.http_request.status) == ("GET", 200)


@pytest.mark.parametrize(
    "line",
    [
        b'{"broken": ',
        b"[1, 2]",
        b'{"time": "yesterday", "message": "x"}',
        b'{"logging.googleapis.com/trace": 3}',
        b'{"httpRequest": "no object"}',
        b'{"number": 1' + b"0" * 400 + b"}",
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b"\xff\xfe not UTF-8",
    ],
)
def test_what_cannot_be_structured_stays_text(emitter: Emitter, sink: Sink, line: bytes) -> None:
    emitter.line("stdout", line)
    [entry] = sink.entries
    assert entry.text_payload == line.decode(errors="replace")
    assert (entry.severity, entry.trace, entry.HasField("timestamp")) == (0, "", False)
    assert not entry.HasField("http_request")
    assert dict(entry.labels) == {"instanceId": "00ab"}


def test_an_unknown_severity_stays_in_the_payload(emitter: Emitter, sink: Sink) -> None:
    emitter.line("stdout", b'{"severity": "loud", "message": "x"}')
    [entry] = sink.entries
    assert entry.severity == 0
    assert entry.json_payload["severity"] == "loud"


@pytest.mark.parametrize(("status", "severity"), [(204, 200), (302, 200), (404, 400), (429, 400), (503, 500)])
def test_a_request_carries_what_the_front_saw(emitter: Emitter, sink: Sink, status: int, severity: int) -> None:
    served = Served(
        method="POST",
        url="http://shop.localhost:1/api/chat?x=1",
        status=status,
        request_size=12,
        response_size=34,
        started=1_760_000_000_123_456_789,
        latency=0.25,
        user_agent="curl",
        remote_ip="203.0.113.9",
        trace="ab12",
        span="77",
        message="why" if status == 503 else "",
    )
    emitter.request(served)
    [entry] = sink.entries
    http = entry.http_request
    assert entry.severity == severity
    assert entry.log_name == "projects/p1/logs/run.googleapis.com%2Frequests"
    assert (http.request_method, http.request_url, http.status) == ("POST", served.url, status)
    assert (http.request_size, http.response_size, http.latency.ToNanoseconds()) == (12, 34, 250_000_000)
    assert (http.user_agent, http.remote_ip) == ("curl", "203.0.113.9")
    assert (entry.trace, entry.span_id, entry.trace_sampled) == ("projects/p1/traces/ab12", "77", True)
    assert entry.timestamp.ToNanoseconds() == served.started
    assert entry.text_payload == served.message


def test_the_platforms_lines_have_a_log_of_their_own(emitter: Emitter, sink: Sink) -> None:
    emitter.platform("WARNING", "Container called exit(1).")
    [entry] = sink.entries
    assert entry.log_name == "projects/p1/logs/run.googleapis.com%2Fvarlog%2Fsystem"
    assert (entry.severity, entry.text_payload) == (400, "Container called exit(1).")
