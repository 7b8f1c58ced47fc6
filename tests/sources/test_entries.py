"""Entries as they come over the network: the same records as their JSON gives, and all that they hold."""

from __future__ import annotations

import json
from math import isnan
from typing import Any

import pytest
from google.cloud.audit.audit_log_pb2 import AuditLog
from google.protobuf import json_format
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.entry import NO_TIME, Flag, Record, Severity
from cockpit.logs.moment import EARLIEST, LATEST
from cockpit.logs.structured import read
from cockpit.simulator.logs.messages import LogEntry
from cockpit.sources.entries import payload_of, record_of

AT = "2025-06-03T08:00:00.007827Z"
AT_NS = 1_748_937_600_007_827_000
WHOLE = {
    "insertId": "683ea0008d116ece1738f7d9",
    "labels": {"instanceId": "0069c7a988"},
    "receiveTimestamp": "2025-06-03T08:00:01Z",
    "resource": {"type": "cloud_run_revision", "labels": {"revision_name": "api-00041-kux"}},
    "timestamp": AT,
    "logName": "projects/acme/logs/run.googleapis.com%2Fstderr",
    "trace": "projects/acme/traces/5d9dc9f81818e811892f902bd23f0824",
}
HTTP = {
    "latency": "0.013328202s",
    "remoteIp": "75.101.12.249",
    "requestMethod": "GET",
    "requestUrl": "https://api-abc123-ew.a.run.app/api/v1/orders/611097?q=1",
    "status": 404,
    "userAgent": "curl/8.5.0",
}
KINDS: dict[str, dict[str, Any]] = {
    "text": {"textPayload": "hello", "severity": "NOTICE"},
    "text that tells its level": {"textPayload": "2025-10-10 02:12:27,931 ERROR [x] failed"},
    "colours": {"textPayload": "\x1b[32mINFO\x1b[0m: x\n"},
    "payload with a message": {"jsonPayload": {"message": "said", "n": 1}, "severity": "WARNING"},
    "payload that tells its level": {"jsonPayload": {"msg": "said", "level": "error"}},
    "payload with a stack": {"jsonPayload": {"message": "said", "stack": "E: x\n    at y"}, "severity": "ERROR"},
    "payload without a message": {"jsonPayload": {"a": [1, 2.5, None, {"b": True}]}, "severity": "INFO"},
    "request": {"httpRequest": HTTP, "severity": "WARNING"},
    "request that was turned away": {"httpRequest": HTTP, "textPayload": "no instance", "severity": "ERROR"},
    "no payload": {"severity": "INFO"},
}


def message(**fields: Any) -> Any:
    """A raw LogEntry of these fields in JSON."""
    return json_format.ParseDict(WHOLE | fields, LogEntry())


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_and_its_json_are_the_same_record(kind: str) -> None:
    found, same = record_of(message(**KINDS[kind])), read(json.dumps(WHOLE | KINDS[kind]).encode())
    if kind == "no payload":
        same = same._replace(text="")
    assert repr([*map(int, found[2:4]), *found[:2], *found[4:]]) == repr(
        [*map(int, same[2:4]), *same[:2], *same[4:]]
    )


def test_what_a_record_is_of() -> None:
    record = record_of(message(textPayload="hello"))
    assert (record.revision, record.instance, record.log) == ("api-00041-kux", "0069c7a988", "stderr")
    assert (record.time, record.trace) == (AT_NS, "5d9dc9f81818e811892f902bd23f0824")


def test_an_entry_that_holds_nothing_is_a_record() -> None:
    record = record_of(LogEntry())
    assert record[:9] == Record(NO_TIME, "")[:9]
    assert isnan(record.latency)


def test_without_a_time_that_of_arrival_counts() -> None:
    entry = message(textPayload="x")
    entry.ClearField("timestamp")
    assert record_of(entry).time == AT_NS - 7_827_000 + 10**9


@pytest.mark.parametrize(("seconds", "time"), [(-62_135_596_800, EARLIEST), (253_402_300_799, LATEST)])
def test_a_time_far_off_is_odd(seconds: int, time: int) -> None:
    entry = message(textPayload="x")
    entry.timestamp.seconds = seconds
    assert record_of(entry)[::3][:2] == (time, Flag.ODD)


def test_what_makes_no_sense_is_odd() -> None:
    entry = message(httpRequest=HTTP)
    entry.severity, entry.http_request.status = 123, 70_000
    entry.http_request.latency.seconds = -5
    record = record_of(entry)
    assert (record.severity, record.status, record.flags) == (Severity.DEFAULT, 0, Flag.ODD)
    assert isnan(record.latency)


def audited() -> Any:
    """An entry of the audit log."""
    audit = AuditLog(method_name="/Services.ReplaceService", resource_name="namespaces/acme/services/api")
    audit.status.code, audit.status.message = 5, "Revision was not ready"
    entry = message(severity="ERROR")
    entry.proto_payload.Pack(audit)
    return entry


def test_an_audit_log() -> None:
    entry = audited()
    assert record_of(entry).text == (
        "/Services.ReplaceService namespaces/acme/services/api: Revision was not ready"
    )
    payload = payload_of(entry.SerializeToString())
    assert payload["protoPayload"]["methodName"] == "/Services.ReplaceService"


def test_a_payload_of_a_type_that_nobody_knows() -> None:
    entry = message()
    entry.proto_payload.type_url, entry.proto_payload.value = "type.googleapis.com/acme.Own", b"\x00\x01"
    assert record_of(entry).text == "type.googleapis.com/acme.Own"
    payload = payload_of(entry.SerializeToString())
    assert payload["protoPayload"] == {"@type": "type.googleapis.com/acme.Own", "value": "AAE="}
    assert (payload["insertId"], payload["timestamp"]) == (WHOLE["insertId"], AT)


def test_an_audit_log_that_is_none() -> None:
    entry = audited()
    entry.proto_payload.value = b"\xff\xff"
    assert record_of(entry).text == "type.googleapis.com/google.cloud.audit.AuditLog"
    assert payload_of(entry.SerializeToString())["protoPayload"]["value"] == "//8="


@pytest.mark.parametrize("kind", KINDS)
def test_the_payload_is_what_was_logged(kind: str) -> None:
    assert payload_of(message(**KINDS[kind]).SerializeToString()) == WHOLE | KINDS[kind]


def test_what_json_has_no_form_for_is_said_otherwise() -> None:
    entry = message(jsonPayload={"message": "m", "whole": 3, "part": 0.5})
    entry.json_payload["odd"] = float("nan")
    entry.timestamp.seconds = 1 << 60
    payload = payload_of(entry.SerializeToString())
    assert payload["jsonPayload"] == {"message": "m", "whole": 3, "part": 0.5, "odd": "nan"}
    assert payload["insertId"] == WHOLE["insertId"]
    assert str(1 << 60) in payload["timestamp"]
    json.dumps(payload, allow_nan=False)
    assert record_of(entry).text == "m"


def test_bytes_that_are_no_entry() -> None:
    with pytest.raises(DecodeError):
        payload_of(b"\xff\xff")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60))
def test_whatever_is_an_entry_is_a_record(raw: bytes) -> None:
    try:
        entry = LogEntry.FromString(raw)
    except DecodeError:
        return
    assert isinstance(record_of(entry), Record)
    assert isinstance(payload_of(raw), dict)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(-(1 << 31), (1 << 31) - 1),
    st.integers(-(1 << 63), (1 << 63) - 1),
    st.integers(-(1 << 31), (1 << 31) - 1),
    st.text(),
)
def test_any_figures_are_a_record(small: int, large: int, nanos: int, text: str) -> None:
    entry = LogEntry(log_name=text, trace=text, insert_id=text)
    entry.severity = entry.http_request.status = small
    entry.timestamp.seconds = entry.http_request.latency.seconds = large
    entry.timestamp.nanos = entry.http_request.latency.nanos = nanos
    record = record_of(entry)
    assert EARLIEST <= record.time <= LATEST
    assert 0 <= record.status < 1000
    assert isnan(record.latency) or 0 <= record.latency <= 1e9
    assert payload_of(entry.SerializeToString())
