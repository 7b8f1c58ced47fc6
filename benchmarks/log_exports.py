"""Exports of a service's log, of any size and fast to make: as JSON lines, and as gcloud prints an array."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

BEGIN = datetime(2025, 6, 3, 8, tzinfo=UTC)
STEP_US = 20_000
"""Microseconds between two entries."""

_DISTINCT = 4096
_TIME, _ID = "@TIME@", "@ID@"
_AGENTS = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5",
    "GoogleHC/1.0",
)
_USERS = ("amélie", "zoë", "bob")
_SAID = (
    "commande n° {0} validée pour « {1} » en {2} ms",
    "cache miss key=user:{0}:profile, asking {1} again after {2} ms",
    "retrying upstream call attempt={2} for {1}, order {0}",
)
_FRAME = '  File "/app/src/{0}.py", line {1}, in handle\n    return await self.app(scope, receive, send)\n'


def write_lines(path: Path, count: int) -> None:
    """So many entries, an object a line, about 800 bytes each, the oldest first."""
    _write(path, count, (b"", b"\n", b"\n"), [json.dumps(each, separators=(",", ":")) for each in _templates()])


def write_array(path: Path, count: int) -> None:
    """The same in one array, indented by two blanks."""
    indented = (json.dumps(each, indent=2).replace("\n", "\n  ") for each in _templates())
    _write(path, count, (b"[\n  ", b",\n  ", b"\n]\n"), list(indented))


def lines(count: int) -> Iterator[bytes]:
    """The lines that `write_lines` writes."""
    cut = [_cut(json.dumps(each, separators=(",", ":"))) for each in _templates()]
    for number in range(count):
        yield _filled(cut[number % _DISTINCT], number) + b"\n"


def _write(path: Path, count: int, around: tuple[bytes, bytes, bytes], templates: list[str]) -> None:
    opening, between, closing = around
    cut = [_cut(each) for each in templates]
    with path.open("wb", buffering=1 << 20) as file:
        for number in range(count):
            file.write((between if number else opening) + _filled(cut[number % _DISTINCT], number))
        file.write(closing)


def _cut(template: str) -> list[bytes]:
    """The bytes around the three places where entries differ: the id, and twice the time."""
    return template.encode().replace(_ID.encode(), _TIME.encode()).split(_TIME.encode())


def _filled(parts: list[bytes], number: int) -> bytes:
    time = f"{BEGIN + timedelta(microseconds=number * STEP_US):%Y-%m-%dT%H:%M:%S.%fZ}".encode()
    return b"".join((parts[0], b"%024x" % number, parts[1], time, parts[2], time, parts[3]))


def _templates() -> list[dict[str, Any]]:
    draw = random.Random(7)
    return [_entry(draw) for _ in range(_DISTINCT)]


def _entry(draw: random.Random) -> dict[str, Any]:
    """Nearly half are requests, a third JSON, the rest text; one in a hundred is a traceback."""
    entry: dict[str, Any] = {
        "insertId": _ID,
        "labels": {"instanceId": f"0069c7a988{draw.randrange(40):054x}"},
        "receiveTimestamp": _TIME,
        "resource": {
            "type": "cloud_run_revision",
            "labels": {
                "configuration_name": "api",
                "location": "europe-west1",
                "project_id": "acme-prod-eu",
                "revision_name": f"api-{draw.randrange(41, 43):05d}-kux",
                "service_name": "api",
            },
        },
        "timestamp": _TIME,
    }
    kind = draw.random()
    if kind < 0.45:
        return entry | _request(draw)
    text = draw.choice(_SAID).format(
        draw.randrange(10**6), draw.choice(("amélie", "zoë", "bob")), draw.randrange(900)
    )
    if kind < 0.8:
        payload = {"message": text, "logger": "acme.orders", "order": {"id": draw.randrange(10**6), "lines": 3}}
        return (
            entry | _named("stdout", draw) | {"severity": draw.choice(("INFO", "WARNING")), "jsonPayload": payload}
        )
    if kind > 0.99:
        frames = "".join(_FRAME.format(name, draw.randrange(400)) for name in ("middleware", "routing", "orders"))
        text = f"Traceback (most recent call last):\n{frames}ValueError: {text}"
    return entry | _named("stderr", draw) | {"textPayload": text}


def _request(draw: random.Random) -> dict[str, Any]:
    status = draw.choices((200, 201, 304, 404, 500), (80, 6, 6, 6, 2))[0]
    return _named("requests", draw) | {
        "httpRequest": {
            "latency": f"{draw.lognormvariate(-4, 1):.9f}s",
            "protocol": "HTTP/1.1",
            "remoteIp": f"{draw.randrange(1, 224)}.12.{draw.randrange(256)}.7",
            "requestMethod": draw.choice(("GET", "GET", "POST")),
            "requestSize": str(draw.randrange(2000)),
            "requestUrl": f"https://api-abc123-ew.a.run.app/api/v1/orders/{draw.randrange(10**6)}",
            "responseSize": str(draw.randrange(20_000)),
            "serverIp": "216.239.36.53",
            "status": status,
            "userAgent": draw.choice(_AGENTS),
        },
        "severity": "ERROR" if status >= 500 else "INFO",
        "traceSampled": False,
    }


def _named(log: str, draw: random.Random) -> dict[str, Any]:
    return {
        "logName": f"projects/acme-prod-eu/logs/run.googleapis.com%2F{log}",
        "spanId": f"{draw.getrandbits(64):016x}",
        "trace": f"projects/acme-prod-eu/traces/{draw.getrandbits(128):032x}",
    }
