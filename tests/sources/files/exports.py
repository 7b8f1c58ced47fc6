"""Logs as files hold them: small, and every entry to be told by its text."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BEGIN = datetime(2025, 10, 10, 2, 12, tzinfo=UTC)


def moment(number: int) -> datetime:
    """When entry `number` was written: three of a second."""
    return BEGIN + timedelta(seconds=number // 3)


def entry(number: int, **more: Any) -> dict[str, Any]:
    """A LogEntry in JSON, its text "entry NUMBER", maybe with text of several bytes a character."""
    return {
        "insertId": f"id-{number}",
        "timestamp": f"{moment(number):%Y-%m-%dT%H:%M:%S}.5Z",
        "severity": ("INFO", "ERROR")[number % 2],
        "logName": "projects/acme/logs/run.googleapis.com%2Fstderr",
        "resource": {"type": "cloud_run_revision", "labels": {"revision_name": f"api-0000{number % 3}-abc"}},
        "labels": {"instanceId": f"instance-{number % 5}"},
        "textPayload": f"entry {number}",
        **more,
    }


def entries(count: int) -> list[dict[str, Any]]:
    """The first entries, oldest first."""
    return [entry(number) for number in range(count)]


def json_lines(found: Iterable[dict[str, Any]]) -> bytes:
    """One object a line."""
    return b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in found)


def gcloud(found: Sequence[dict[str, Any]]) -> bytes:
    """An array as `gcloud logging read --format=json` prints it: indented, the newest first."""
    return json.dumps(list(reversed(found)), indent=2).encode() + b"\n"


def indented(found: Sequence[dict[str, Any]]) -> bytes:
    """An indented array, the oldest first."""
    return json.dumps(found, indent=4).encode()


def compact(found: Sequence[dict[str, Any]]) -> bytes:
    """An array on one line."""
    return json.dumps(found, separators=(",", ":")).encode()


def pretty(found: Iterable[dict[str, Any]]) -> bytes:
    """Objects over several lines, one after another, as `jq .` prints them."""
    return b"".join(json.dumps(each, indent=2).encode() + b"\n" for each in found)


def plain(found: Iterable[dict[str, Any]]) -> bytes:
    """Lines of text as Python's logging writes them."""
    lines = (
        f"{each['timestamp'][:19].replace('T', ' ')},500 {each['severity']} [acme] {each['textPayload']}\n"
        for each in found
    )
    return "".join(lines).encode()


FORMS = {
    "json lines": json_lines,
    "gcloud's array": gcloud,
    "indented array": indented,
    "compact array": compact,
    "pretty objects": pretty,
    "plain text": plain,
}


def numbers(texts: Iterable[str]) -> list[int]:
    """Which entries these are the texts of."""
    return [int(text.rpartition("entry ")[2]) for text in texts]
