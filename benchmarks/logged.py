"""A service's log, of any length: requests, and what the application says, with the entries they came in."""

from __future__ import annotations

import random
from collections.abc import Iterator

from google.cloud.logging_v2.types import LogEntry

from cockpit.logs.entry import Record, Severity

BEGIN = 1_700_000_000_000_000_000
SECOND = 1_000_000_000

_AGENTS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5",
    "GoogleHC/1.0",
    "curl/8.5.0",
)
_ROUTES = ("memories", "threads", "concepts", "insights", "orders", "users")
_SAID = (
    "INFO [backend.recall] {0} concepts recalled for thread {1} in {2} ms",
    "INFO [backend.analysis] analysis {1} finished, cache hit, provider anthropic, {2} tokens",
    "WARNING [backend.analysis] provider slow: {2} ms for analysis {1}, attempt {0}",
    "ERROR [backend.analysis] analysis {1} failed after {0} attempts: provider timeout",
    "DEBUG [sqlalchemy.pool] connection {1} returned to the pool after {2} ms",
)


def entries(count: int, *, per_second: int = 1000) -> Iterator[tuple[Record, bytes]]:
    """Records, and the serialized entries they were read from: the same ones every time."""
    draw = random.Random(1)
    for number in range(count):
        record = (_request if draw.random() < 0.5 else _said)(draw, BEGIN + number * SECOND // per_second)
        yield record, _serialized(record, draw)


def _request(draw: random.Random, time: int) -> Record:
    status = draw.choices((200, 201, 304, 404, 500), (80, 6, 6, 6, 2))[0]
    path = f"/api/v1/{draw.choice(_ROUTES)}/{draw.randrange(10**6)}?page={draw.randrange(9)}"
    return _placed(draw, time, "requests")._replace(
        text=f"{path} {draw.randrange(1, 224)}.{draw.randrange(256)}.{draw.randrange(256)}.{draw.randrange(256)}",
        severity=Severity.ERROR if status >= 500 else Severity.INFO,
        trace=f"{draw.getrandbits(128):032x}",
        status=status,
        method=draw.choice(("GET", "GET", "GET", "POST")),
        latency=draw.lognormvariate(-4, 1),
        agent=draw.choice(_AGENTS),
    )


def _said(draw: random.Random, time: int) -> Record:
    line = draw.choice(_SAID).format(draw.randrange(9), f"{draw.getrandbits(40):010x}", draw.randrange(3000))
    text = f"2023-11-14 22:13:20,{draw.randrange(1000):03d} {line}"
    return _placed(draw, time, "stderr")._replace(text=text, severity=Severity[line.partition(" ")[0]])


def _placed(draw: random.Random, time: int, log: str) -> Record:
    return Record(
        time, "", log=log, revision=f"app-{draw.randrange(3):05d}-kub", instance=f"{draw.randrange(40):0128x}"
    )


def _serialized(record: Record, draw: random.Random) -> bytes:
    """The record as an entry of Cloud Logging, in protobuf."""
    entry = LogEntry.pb()()
    entry.log_name = f"projects/acme-prod/logs/run.googleapis.com%2F{record.log}"
    entry.insert_id = f"{draw.getrandbits(96):024x}"
    entry.timestamp.FromNanoseconds(record.time)
    entry.receive_timestamp.FromNanoseconds(record.time + draw.randrange(SECOND))
    entry.labels["instanceId"] = record.instance
    entry.resource.type = "cloud_run_revision"
    place = {"revision_name": record.revision, "service_name": "app", "location": "europe-west1"}
    entry.resource.labels.update(place | {"project_id": "acme-prod", "configuration_name": "app"})
    if record.method:
        entry.severity = int(record.severity)
        _asked(entry, record)
    else:
        entry.text_payload = record.text
    return bytes(entry.SerializeToString())


def _asked(entry: LogEntry, record: Record) -> None:
    path, _, origin = record.text.partition(" ")
    entry.trace = f"projects/acme-prod/traces/{record.trace}"
    entry.http_request.request_method = record.method
    entry.http_request.request_url = f"https://app-abc123-ew.a.run.app{path}"
    entry.http_request.status = record.status
    entry.http_request.latency.FromNanoseconds(int(record.latency * SECOND))
    entry.http_request.remote_ip = origin
    entry.http_request.user_agent = record.agent
