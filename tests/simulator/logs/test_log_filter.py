"""The query language by example: one request entry, one JSON entry, and what the service would refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cockpit.simulator.logs.filters import FilterError, compile_filter
from cockpit.simulator.logs.messages import LogEntry

WHEN = 1_789_997_600_250_000_000  # 2026-09-21T13:33:20.25Z, in nanoseconds


@pytest.fixture
def request_entry(entry: Callable[..., Any]) -> Any:
    made = entry("", log="requests", at=WHEN, severity=400, insert_id="abc-1", trace="projects/p/traces/t1")
    made.http_request.status = 503
    made.http_request.request_method = "GET"
    made.http_request.request_url = "https://x.run.app/api/health?full=1"
    made.http_request.latency.FromMilliseconds(1500)
    made.http_request.response_size = 2**40 + 1
    made.labels["run.googleapis.com/a.b"] = "dotted"
    return made


@pytest.fixture
def json_entry() -> Any:
    made = LogEntry(log_name="projects/p/logs/app", severity=500)
    made.json_payload.update(
        {
            "message": "neo_analysis failed: provider timeout",
            "count": 3,
            "ratio": 0.15,
            "ok": False,
            "gone": None,
            "user": {"name": "Ada", "ip": "10.1.2.3"},
            "tags": ["red", "Green"],
            "steps": [{"name": "fetch", "ms": 12}, {"name": "rank", "ms": 40}],
            "odd key": "x",
        }
    )
    return made


@pytest.mark.parametrize(
    "source",
    [
        "",
        "  -- only a remark",
        "severity>=WARNING",
        "severity=warning",
        "severity<ERROR",
        "severity>=400",
        "severity!=DEFAULT",
        'resource.type="cloud_run_revision"',
        "resource.type=cloud_run_revision",
        'resource.labels.service_name="EMERGENCE-app"',
        'resource.labels.revision_name=("x" OR "emergence-app-00275-2jb")',
        'resource.labels.revision_name:("00275" AND "2jb")',
        'resource.labels.revision_name!=("x" OR "y")',
        'labels."run.googleapis.com/a.b"="dotted"',
        "labels.instanceId:*",
        "-labels.nothing:*",
        'logName="projects/emergence-469005/logs/run.googleapis.com%2Frequests"',
        "log_name:requests",
        'log_id("run.googleapis.com/requests")',
        "httpRequest.status=503",
        "httpRequest.status>=500 httpRequest.status<600",
        "http_request.requestMethod=get",
        "httpRequest.latency>1.2s",
        'httpRequest.latency<="1500ms"',
        "httpRequest.responseSize=1099511627777",
        'httpRequest.requestUrl=~"/api/(health|metrics)"',
        'httpRequest.requestUrl!~"^http://"',
        "httpRequest:*",
        'httpRequest:"api/health"',
        'timestamp>="2026-09-21T13:33:20.25Z"',
        'timestamp<="2026-09-21T15:33:20.250+02:00"',
        'timestamp>="2026-09-21T13:33:20.25+0000"',
        'timestamp<="2026-09-21T15:33:20.250000+0200"',
        'timestamp>"2026-09-21"',
        'timestamp>"2026-09-21T13:33:20"',
        'timestamp<"2026-09-21T13:33:20.250000001Z"',
        "insertId=abc-1",
        'trace="projects/p/traces/t1"',
        "trace=projects/p/traces/t1",
        '"API/HEALTH"',
        "emergence-app GET",
        '"2026-09-21T13:33"',
        'SEARCH("health api")',
        'SEARCH(httpRequest.requestUrl, "`api/health`")',
        "sample(insertId, 1)",
        "httpRequest.cacheHit=false",
        'textPayload=""',
        'textPayload!="x"',
        "-textPayload:*",
        "severity=ERROR OR severity=WARNING AND httpRequest.status=503",
        "NOT severity=ERROR AND NOT httpRequest.status=200",
        "NOT NOT severity=WARNING",
        '-"absent" -(absent OR missing)',
        "severity=WARNING\n-- a remark AND severity=ERROR\nhttpRequest.status=503",
    ],
)
def test_passes(source: str, request_entry: Any) -> None:
    assert compile_filter(source).matches(request_entry)


@pytest.mark.parametrize(
    "source",
    [
        "severity>WARNING",
        'resource.labels.revision_name=("x" OR "y")',
        'resource.labels.revision_name:("00275" AND "nope")',
        'resource.labels.nothing!="x"',
        'resource.labels.nothing=""',
        "labels.nothing:*",
        "NOT labels.instanceId:*",
        'httpRequest.requestUrl=~"/API/"',
        "httpRequest.latency>2s",
        'timestamp>"2026-09-21T13:33:20.25Z"',
        'timestamp>"2026-09-21T13:33:21"',
        'timestamp>"2026-09-22"',
        'jsonPayload.message!="x"',
        "jsonPayload.message:*",
        'jsonPayload.message=""',
        "and",
        "(severity=ERROR OR severity=WARNING) AND httpRequest.status=200",
        "severity=ERROR OR severity=WARNING AND httpRequest.status=200",
        'SEARCH("heal")',
        'SEARCH("`health api`")',
        "sample(insertId, 0)",
        'log_id("requests")',
        '-"GET"',
    ],
)
def test_does_not_pass(source: str, request_entry: Any) -> None:
    assert not compile_filter(source).matches(request_entry)


@pytest.mark.parametrize(
    ("source", "passes"),
    [
        ('jsonPayload.message:"PROVIDER timeout"', True),
        ('jsonPayload.message="provider timeout"', False),
        ("jsonPayload.count=3", True),
        ('jsonPayload.count="3"', True),
        ("jsonPayload.count=three", False),
        ("jsonPayload.count!=three", False),
        ("jsonPayload.count>-5", True),
        ("jsonPayload.ratio<0.2", True),
        ("jsonPayload.ok=FALSE", True),
        ("jsonPayload.ok=true", False),
        ("jsonPayload.gone=NULL_VALUE", True),
        ("jsonPayload.gone:*", True),
        ("jsonPayload.count=NULL_VALUE", False),
        ("jsonPayload.user.name=ada", True),
        ("jsonPayload.User.name=ada", False),
        ("jsonPayload.user.age>3", False),
        ("NOT jsonPayload.user.age>3", True),
        ("jsonPayload.tags=green", True),
        ("jsonPayload.tags=blue", False),
        ("jsonPayload.steps.ms>30", True),
        ("jsonPayload.steps.ms>50", False),
        ('jsonPayload.steps.name=~"^fet"', True),
        ('jsonPayload."odd key"=x', True),
        ("jsonPayload:rank", True),
        ("jsonPayload:nothing", False),
        ('ip_in_net(jsonPayload.user.ip, "10.1.0.0/16")', True),
        ('ip_in_net(jsonPayload.user.ip, "10.2.0.0/16")', False),
        ('ip_in_net(jsonPayload.user.name, "10.2.0.0/16")', False),
        ('SEARCH(jsonPayload, "timeout ada")', True),
        ("ADA", True),
        ("httpRequest:*", False),
        ("httpRequest.status<500", True),  # a typed field that was never set compares as its default
        ('protoPayload.methodName="x"', False),
        ("timestamp:*", False),
    ],
)
def test_json_payloads(source: str, passes: bool, json_entry: Any) -> None:
    assert compile_filter(source).matches(json_entry) is passes


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("severity>=", "syntax error at line 1, column 11, unexpected end of filter"),
        ("a AND OR b", "syntax error at line 1, column 7, token 'OR'"),
        ("a AND\n  )", "syntax error at line 2, column 3, token ')'"),
        ("(a", "syntax error at line 1, column 3, unexpected end of filter"),
        ("timestamp>=2026-01-01T00:00:00Z", "syntax error at line 1, column 25, token ':'"),
        ("severity = 'ERROR'", "syntax error at line 1, column 12, token '''"),
        ('"unterminated', "syntax error at line 1, column 1, token '\"'"),
        ("thud=1", "field not found: 'thud' at line 1, column 1"),
        ("severity=ERROR\nAND operation.thud=1", "field not found: 'thud' at line 2, column 5"),
        ("textPayload.thud=1", "field not found: 'textPayload.thud' at line 1, column 1"),
        ("timestamp.seconds>1", "field not found: 'timestamp.seconds' at line 1, column 1"),
        ("severity>=HUGE", "'HUGE' is not a severity"),
        ("httpRequest.status=bad", "'bad' is not a number at line 1, column 20"),
        ("httpRequest.cacheHit=maybe", "'maybe' is neither true nor false"),
        ("httpRequest.latency>long", "'long' is not a duration"),
        ('timestamp>"yesterday"', "'yesterday' is not an RFC 3339 time"),
        ('textPayload=~"("', "invalid regular expression '('"),
        ('httpRequest.status=~"5.."', "'=~' needs a text field"),
        ("httpRequest=x", "'=' needs a field with a single value"),
        ("nonsense(a)", "unknown function 'nonsense'"),
        ("log_id()", "log_id takes 1 arguments, not 0"),
        ('SEARCH("...")', "SEARCH needs a word"),
        ("SEARCH(severity, ERROR)", "SEARCH needs a text field"),
        ("sample(insertId, half)", "'half' is not a fraction"),
        ('ip_in_net(trace, "10.0.0.0/99")', "does not appear to be an IPv4 or IPv6 network"),
        ("(" * 100 + "a" + ")" * 100, "nested too deeply at line 1, column 61"),
        ("x" * 20_001, "Filter is too long: 20001 characters"),
    ],
)
def test_refuses_with_the_place(source: str, message: str) -> None:
    with pytest.raises(FilterError) as refused:
        compile_filter(source)
    assert message in str(refused.value)


def test_the_longest_filter_is_taken() -> None:
    assert compile_filter("x" * 20_000)


@pytest.mark.parametrize(
    ("source", "since", "until"),
    [
        ('timestamp>="2026-09-21T13:33:20Z" AND severity=ERROR', 1_789_997_600_000_000_000, 2**63 - 1),
        ('timestamp>="1970-01-01T00:00:05Z" timestamp<"1970-01-01T00:00:09Z"', 5 * 10**9, 9 * 10**9 + 1),
        ('timestamp>="1970-01-01T00:00:05Z" timestamp>"1970-01-01T00:00:03Z"', 5 * 10**9, 2**63 - 1),
        ('timestamp="1970-01-01T00:00:05Z"', 5 * 10**9, 5 * 10**9 + 1),
        ('timestamp>="1970-01-01T00:00:05Z" OR severity=ERROR', 0, 2**63 - 1),
        ('NOT timestamp>="1970-01-01T00:00:05Z"', 0, 2**63 - 1),
        ("timestamp:*", 0, 2**63 - 1),
    ],
)
def test_the_span_of_time_is_read_off(source: str, since: int, until: int) -> None:
    compiled = compile_filter(source)
    assert (compiled.since, compiled.until) == (since, until)
