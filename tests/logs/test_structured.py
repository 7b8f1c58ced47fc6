"""Cloud Logging's entries in JSON, as gcloud, the console and JSON lines have them."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from math import isnan
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.logs import lenient
from cockpit.logs.entry import NO_TIME, Flag, Record, Severity
from cockpit.logs.moment import EARLIEST, LATEST
from cockpit.logs.rowtext import MOST_TEXT
from cockpit.logs.structured import UnreadableError, read

AT = "2025-06-03T08:00:00.007827Z"
AT_NS = 1_748_937_600_007_827_000
INSTANCE = "0069c7a988"
HTTP = {
    "latency": "0.013328202s",
    "protocol": "HTTP/1.1",
    "remoteIp": "75.101.12.249",
    "requestMethod": "GET",
    "requestSize": "247",
    "requestUrl": "https://api-abc123-ew.a.run.app/api/v1/orders/611097?q=caf%C3%A9",
    "status": 200,
    "userAgent": "curl/8.5.0",
}


def entry(log: str = "stderr", **fields: Any) -> bytes:
    """One entry as Cloud Logging writes it; a field of None is left out."""
    whole = {
        "insertId": "683ea0008d116ece1738f7d9",
        "labels": {"instanceId": INSTANCE},
        "receiveTimestamp": "2025-06-03T08:00:01Z",
        "resource": {"type": "cloud_run_revision", "labels": {"revision_name": "api-00041-kux"}},
        "timestamp": AT,
        "logName": f"projects/acme/logs/run.googleapis.com%2F{log}",
    } | fields
    return json.dumps({key: value for key, value in whole.items() if value is not None}).encode()


def test_a_text() -> None:
    trace = "projects/acme/traces/5d9dc9f81818e811892f902bd23f0824"
    assert (
        read(entry(textPayload="hello", severity="NOTICE", trace=trace))[:10]
        == Record(
            AT_NS,
            "hello",
            Severity.NOTICE,
            revision="api-00041-kux",
            instance=INSTANCE,
            log="stderr",
            trace="5d9dc9f81818e811892f902bd23f0824",
        )[:10]
    )


def test_a_request() -> None:
    record = read(entry("requests", httpRequest=HTTP, severity="INFO"))
    assert record.text == "/api/v1/orders/611097?q=caf%C3%A9 75.101.12.249"
    assert (record.status, record.method, record.latency) == (200, "GET", 0.013328202)
    assert (record.agent, record.log, record.severity) == ("curl/8.5.0", "requests", Severity.INFO)


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"requestUrl": "https://host"}, "/ 75.101.12.249"),
        ({"requestUrl": "/only/a path"}, "/only/a%20path 75.101.12.249"),
        ({"requestUrl": "http://h:80/x?next=https://other/y"}, "/x?next=https://other/y 75.101.12.249"),
        ({"requestUrl": None}, "- 75.101.12.249"),
        ({"remoteIp": None}, "/api/v1/orders/611097?q=caf%C3%A9"),
    ],
)
def test_the_text_of_a_request(changed: dict[str, Any], text: str) -> None:
    http = {key: value for key, value in (HTTP | changed).items() if value is not None}
    assert read(entry("requests", httpRequest=http)).text == text


def test_what_the_platform_says_of_a_request_stands_behind_it() -> None:
    said = "The request was aborted because there was no available instance."
    record = read(entry("requests", httpRequest=HTTP, severity="ERROR", textPayload=said))
    assert record.text == f"/api/v1/orders/611097?q=caf%C3%A9 75.101.12.249  {said}"


def test_a_level_is_read_from_a_text_without_one() -> None:
    record = read(entry(textPayload="2025-10-10 02:12:27,931 WARNING [backend.x] slow"))
    assert (record.severity, record.flags) == (Severity.WARNING, Flag.READ)
    assert read(entry(textPayload="hello", severity="DEFAULT"))[2:4] == (Severity.DEFAULT, 0)


def test_colours_are_dropped_and_all_else_stays() -> None:
    record = read(entry(textPayload="\x1b[32mINFO\x1b[0m:     \x1b[1mGET\x1b[0m \x1b]8;;x\x07\x1b[2J\n"))
    assert (record.text, record.severity) == ("INFO:     GET \x1b]8;;x\x07\x1b[2J", Severity.INFO)


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ({"message": "said", "user": "bob"}, "said"),
        ({"msg": "said"}, "said"),
        ({"text": "said"}, "said"),
        ({"log": "said"}, "said"),
        ({"user": "bob", "n": 1}, '{"user":"bob","n":1}'),
        ({"message": 12, "msg": "said"}, "said"),
        ({"message": {"deep": 1}}, '{"message":{"deep":1}}'),
        ({"message": "failed", "exc_info": "Traceback:\n  x"}, "failed\nTraceback:\n  x"),
        ({"msg": "failed", "err": {"stack": "E: x\n    at y"}}, "failed\nE: x\n    at y"),
        ({}, "{}"),
    ],
)
def test_the_text_of_a_payload(payload: dict[str, Any], text: str) -> None:
    record = read(entry("stdout", jsonPayload=payload, severity="INFO"))
    assert (record.text, record.severity, record.log) == (text, Severity.INFO, "stdout")


@pytest.mark.parametrize("level", ["warn", "WARNING", 40])
def test_a_level_is_read_from_a_payload(level: object) -> None:
    assert read(entry(jsonPayload={"message": "x", "level": level})).severity == Severity.WARNING


def test_an_audit_log() -> None:
    audit = {
        "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
        "methodName": "/Services.ReplaceService",
        "resourceName": "namespaces/acme/services/api",
        "status": {"code": 5, "message": "Revision was not ready"},
    }
    log = "projects/acme/logs/cloudaudit.googleapis.com%2Fsystem_event"
    record = read(entry(protoPayload=audit, severity="ERROR", logName=log))
    assert record.text == "/Services.ReplaceService namespaces/acme/services/api: Revision was not ready"
    assert record.log == "cloudaudit.googleapis.com/system_event"
    assert read(entry(protoPayload={"@type": "x/Other", "a": 1})).text == '{"@type":"x/Other","a":1}'


@pytest.mark.parametrize(
    ("stamp", "time", "flags"),
    [
        ("2025-06-03T08:00:00Z", AT_NS - 7_827_000, 0),
        ("2025-06-03T08:00:00.007827123Z", AT_NS + 123, 0),
        ("2025-06-03T08:00:00.0078271239Z", AT_NS + 123, 0),
        ("2025-06-03T10:00:00.007827+02:00", AT_NS, 0),
        ("2025-06-03T02:30:00.007827-05:30", AT_NS, 0),
        ("2025-06-03t08:00:00.007827z", AT_NS, 0),
        ("2025-06-02T23:59:60.5Z", 1_748_908_800_500_000_000, 0),
        ("0001-01-01T00:00:00Z", EARLIEST, Flag.ODD),
        ("9999-12-31T23:59:59.999999999Z", LATEST, Flag.ODD),
        ("yesterday", AT_NS - 7_827_000 + 10**9, Flag.ODD),
        ("2025-02-31T00:00:00Z", AT_NS - 7_827_000 + 10**9, Flag.ODD),
        ("", AT_NS - 7_827_000 + 10**9, Flag.ODD),
        (None, AT_NS - 7_827_000 + 10**9, 0),
    ],
)
def test_the_time(stamp: str | None, time: int, flags: int) -> None:
    assert read(entry(textPayload="x", timestamp=stamp))[::3][:2] == (time, flags)


def test_without_any_time_there_is_none() -> None:
    assert read(entry(textPayload="x", timestamp=None, receiveTimestamp=None)).time == NO_TIME


@pytest.mark.parametrize(
    ("given", "severity", "flags"),
    [
        ("error", Severity.ERROR, 0),
        ("WARN", Severity.WARNING, 0),
        (500, Severity.ERROR, 0),
        ("500", Severity.ERROR, 0),
        ("LOUD", Severity.DEFAULT, Flag.ODD),
        (7, Severity.DEFAULT, Flag.ODD),
        ([], Severity.DEFAULT, Flag.ODD),
        (0, Severity.DEFAULT, 0),
        (None, Severity.DEFAULT, 0),
    ],
)
def test_severities_as_others_write_them(given: object, severity: Severity, flags: int) -> None:
    assert read(entry(textPayload="x", severity=given))[2:4] == (severity, flags)


@pytest.mark.parametrize(
    ("changed", "status", "latency", "flags"),
    [
        ({"status": "503"}, 503, 0.013328202, 0),
        ({"status": "many"}, 0, 0.013328202, Flag.ODD),
        ({"status": 70_000}, 0, 0.013328202, Flag.ODD),
        ({"status": -1}, 0, 0.013328202, Flag.ODD),
        ({"latency": 0.25}, 200, 0.25, 0),
        ({"latency": "0.25"}, 200, 0.25, 0),
        ({"latency": {"seconds": 1, "nanos": 500_000_000}}, 200, 1.5, 0),
        ({"latency": "soon"}, 200, None, Flag.ODD),
        ({"latency": "-1s"}, 200, None, Flag.ODD),
        ({"latency": "1e300s"}, 200, None, Flag.ODD),
        ({"latency": None}, 200, None, 0),
    ],
)
def test_figures_of_a_request(changed: dict[str, object], status: int, latency: float | None, flags: int) -> None:
    record = read(entry("requests", httpRequest=HTTP | changed))
    assert (record.status, record.flags) == (status, flags)
    assert isnan(record.latency) if latency is None else record.latency == latency


def test_a_long_text_is_shortened() -> None:
    record = read(entry(textPayload="é" * MOST_TEXT))
    assert record.flags == Flag.SHORTENED
    assert record.text == "é" * (MOST_TEXT // 2)
    assert read(entry(textPayload="x" * MOST_TEXT))[1::2][:2] == ("x" * MOST_TEXT, 0)


def test_a_long_agent_is_cut() -> None:
    assert len(read(entry("requests", httpRequest=HTTP | {"userAgent": "x" * 10_000})).agent) == 256


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (entry(textPayload="a@b").replace(b"@", b"\xff"), "a\ufffdb"),
        (entry(textPayload="a@b").replace(b"@", b"\\ud800"), "a\ufffdb"),
        (entry(textPayload="a@b").replace(b"@", b"\x01"), "a\x01b"),
        (entry(jsonPayload={"message": "m", "n": "@"}).replace(b'"@"', b"NaN"), "m"),
        (b"\xef\xbb\xbf" + entry(textPayload="m"), "m"),
    ],
)
def test_what_is_not_quite_json_is_odd(raw: bytes, text: str) -> None:
    record = read(raw)
    assert (record.text, record.time, record.flags) == (text, AT_NS, Flag.ODD)


def test_of_a_key_that_comes_twice_the_last_counts() -> None:
    assert read(entry(textPayload="first")[:-1] + b', "textPayload": "last"}').text == "last"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "no JSON: expecting value (character 1)"),
        (b"hello", "no JSON: expecting value (character 1)"),
        (entry(textPayload="cut")[:-5], "no JSON: unterminated string starting at (character 336)"),
        (b"[1, 2]", "no JSON object, which an entry is"),
        (b"12", "no JSON object, which an entry is"),
        (b'{"a":' + b"9" * 5000 + b"x}", None),
        (b'{"jsonPayload":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, "nests too deeply to be read"),
        (b"[" * 100_000, "nests too deeply to be read"),
    ],
)
def test_what_is_no_entry(raw: bytes, why: str | None) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(raw)
    assert why is None or str(caught.value) == why
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("key", ["a", "log", "jsonPayload", "err", "httpRequest", "labels"])
def test_what_nests_just_too_deeply_is_no_entry_either(key: str) -> None:
    def outcome(depth: int) -> str:
        try:
            return type(read(b'{"%s":' % key.encode() * depth + b"1" + b"}" * depth)).__name__
        except UnreadableError as error:
            return str(error)

    limit = sys.getrecursionlimit()
    depths = (1, 2, *range(limit - 200, limit + 1), 200_000)
    assert {outcome(depth) for depth in depths} == {"Record", "nests too deeply to be read"}


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_an_entry_or_unreadable(raw: bytes) -> None:
    with suppress(UnreadableError):
        assert isinstance(read(raw), Record)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        (
            *("logName", "insertId", "textPayload", "jsonPayload", "resource", "labels", "timestamp"),
            *("receiveTimestamp", "severity", "trace", "level", "time", "message"),
        ),
        ANYTHING,
    )
    | {
        "httpRequest": st.fixed_dictionaries(
            {}, optional=dict.fromkeys(("status", "latency", "requestUrl", "remoteIp", "userAgent"), ANYTHING)
        ),
        "protoPayload": st.fixed_dictionaries({"methodName": st.text()}, optional={"status": ANYTHING}),
    },
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FIELDS)
def test_any_object_is_an_entry(fields: dict[str, Any]) -> None:
    record = read(json.dumps(fields).encode())
    assert record.time == NO_TIME or EARLIEST <= record.time <= LATEST
    assert 0 <= record.severity <= 8
    assert 0 <= record.status < 1000
    assert isnan(record.latency) or 0 <= record.latency <= 1e9


@pytest.mark.parametrize(
    "raw",
    [
        entry(textPayload="INFO: x"),
        entry(jsonPayload={"message": "x", "a": 1}, severity="ERROR"),
        entry("requests", httpRequest=HTTP, severity="WARNING", trace="projects/p/traces/ab12"),
    ],
)
def test_the_short_way_and_the_long_way_agree(raw: bytes) -> None:
    assert repr([*map(int, read(raw)[2:4]), *read(raw)[4:]]) == repr(
        [*map(int, lenient.read(raw)[2:4]), *lenient.read(raw)[4:]]
    )
    assert read(raw)[:2] == lenient.read(raw)[:2]
