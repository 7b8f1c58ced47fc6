"""Lines of JSON that applications write themselves: time, level and message are found there as well."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from cockpit.logs.entry import NO_TIME, Flag, Severity
from cockpit.logs.structured import read

AT = int(datetime(2025, 10, 10, 2, 12, 27, tzinfo=UTC).timestamp()) * 10**9
PART = 931_000_000
ISO = "2025-10-10T02:12:27.931Z"
STACK = "Error: x\n    at f (/app/x.js:1:2)"

LINES: dict[str, tuple[dict[str, Any], int, Severity, str]] = {
    "slog": ({"time": ISO, "level": "WARN", "msg": "slow", "n": 1}, AT + PART, Severity.WARNING, "slow"),
    "slog between levels": ({"time": ISO, "level": "INFO+2", "msg": "x"}, AT + PART, Severity.INFO, "x"),
    "zap": ({"level": "error", "ts": 1760062347.931, "msg": "x"}, AT + PART, Severity.ERROR, "x"),
    "zap for production": ({"level": "dpanic", "ts": ISO, "msg": "x"}, AT + PART, Severity.CRITICAL, "x"),
    "zerolog": ({"level": "info", "time": 1760062347, "message": "x"}, AT, Severity.INFO, "x"),
    "logrus": ({"level": "warning", "time": "2025-10-10T02:12:27Z", "msg": "x"}, AT, Severity.WARNING, "x"),
    "bunyan": (
        {"name": "app", "level": 50, "time": ISO, "msg": "x", "err": {"message": "y", "stack": STACK}},
        AT + PART,
        Severity.ERROR,
        f"x\n{STACK}",
    ),
    "pino": ({"level": 30, "time": 1760062347931, "msg": "x"}, AT + PART, Severity.INFO, "x"),
    "winston": (
        {"level": "error", "message": "x", "stack": STACK, "timestamp": ISO},
        AT + PART,
        Severity.ERROR,
        f"x\n{STACK}",
    ),
    "a stack that begins with the message": (
        {"level": "error", "message": STACK, "stack": STACK},
        NO_TIME,
        Severity.ERROR,
        STACK,
    ),
    "python-json-logger": (
        {"asctime": "2025-10-10 02:12:27,931", "levelname": "ERROR", "message": "x"},
        AT + PART,
        Severity.ERROR,
        "x",
    ),
    "python by number": ({"created": 1760062347.931, "levelno": 20, "msg": "x"}, AT + PART, Severity.INFO, "x"),
    "structlog": ({"event": "x", "level": "debug", "timestamp": ISO}, AT + PART, Severity.DEBUG, "x"),
    "loguru's text": ({"text": "x", "record": {}}, NO_TIME, Severity.DEFAULT, "x"),
    "serilog": ({"@t": ISO, "@mt": "x {N}", "@l": "Fatal"}, AT + PART, Severity.CRITICAL, "x {N}"),
    "logstash": ({"@timestamp": ISO, "level": "TRACE", "message": "x"}, AT + PART, Severity.DEBUG, "x"),
    "ecs": ({"@timestamp": ISO, "log.level": "ERROR", "message": "x"}, AT + PART, Severity.ERROR, "x"),
    "ecs, nested": (
        {"@timestamp": ISO, "log": {"level": "error"}, "message": "x"},
        AT + PART,
        Severity.ERROR,
        "x",
    ),
    "gelf": ({"short_message": "x", "level": 3, "timestamp": 1760062347.931}, AT + PART, Severity.ERROR, "x"),
    "log4j": ({"timeMillis": 1760062347931, "level": "FATAL", "message": "x"}, AT + PART, Severity.CRITICAL, "x"),
    "google's own": (
        {"severity": "ALERT", "message": "x", "timestampSeconds": 1760062347, "timestampNanos": PART},
        AT + PART,
        Severity.ALERT,
        "x",
    ),
    "google's time in two parts": (
        {"severity": "INFO", "message": "x", "timestamp": {"seconds": 1760062347, "nanos": PART}},
        AT + PART,
        Severity.INFO,
        "x",
    ),
    "a level in the text": ({"log": "02:12:27 ERROR [x] y"}, NO_TIME, Severity.ERROR, "02:12:27 ERROR [x] y"),
    "nothing known": ({"a": 1, "b": [2]}, NO_TIME, Severity.DEFAULT, '{"a":1,"b":[2]}'),
    "a time that is none": ({"ts": "soon", "time": ISO, "msg": "x"}, AT + PART, Severity.DEFAULT, "x"),
    "a level that is none": ({"level": True, "severity": "loud", "msg": "x"}, NO_TIME, Severity.DEFAULT, "x"),
    "a player's level": ({"level": 3, "msg": "x"}, NO_TIME, Severity.DEFAULT, "x"),
    "an empty one": ({}, NO_TIME, Severity.DEFAULT, "{}"),
}


@pytest.mark.parametrize("logger", LINES)
def test_what_a_line_says(logger: str) -> None:
    fields, time, severity, text = LINES[logger]
    record = read(json.dumps(fields).encode())
    assert (record.time, record.severity, record.text) == (time, severity, text)


def test_a_level_that_the_text_alone_tells_was_read() -> None:
    assert read(b'{"msg": "ERROR: x"}').flags == Flag.READ
    assert read(b'{"msg": "ERROR: x", "level": "info"}')[2:4] == (Severity.INFO, 0)


@pytest.mark.parametrize("key", ["logging.googleapis.com/trace", "trace_id", "traceId", "trace.id"])
def test_the_trace_of_a_line(key: str) -> None:
    name = "projects/p/traces/5d9dc9f8" if "google" in key else "5d9dc9f8"
    assert read(json.dumps({"msg": "x", key: name}).encode()).trace == "5d9dc9f8"


def test_what_cannot_be_a_trace_is_none() -> None:
    assert read(b'{"msg": "x", "trace": "-1"}').trace == ""
    assert read(b'{"msg": "x", "trace": 12}').trace == ""
    assert read(json.dumps({"msg": "x", "trace": "a" * 1000}).encode()).trace == ""


def test_a_request_that_an_application_tells_of() -> None:
    http = {"requestMethod": "GET", "requestUrl": "/a", "status": 503, "latency": "1.5s", "remoteIp": "10.0.0.1"}
    record = read(json.dumps({"severity": "ERROR", "message": "failed", "httpRequest": http}).encode())
    assert record.text == "/a 10.0.0.1  failed"
    assert (record.method, record.status, record.latency) == ("GET", 503, 1.5)
