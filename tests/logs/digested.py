"""Digests of small, known logs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cockpit.logs.digest.digester import Digester
from cockpit.logs.digest.result import Digest, Pair
from cockpit.logs.entry import NO_LATENCY, Record, Severity
from tests.logs.logged import NOON, SECOND, store_of

STABLE, CANARY = "app-00275-2jb", "app-00279-kub"
PAIR = Pair(STABLE, CANARY)


def digest_of(records: Iterable[Record], **options: Any) -> Digest:
    """What some entries come to."""
    return Digester(store_of(list(records)), **options).run()


def request(
    path: str = "/",
    status: int = 200,
    *,
    method: str = "GET",
    latency: float = NO_LATENCY,
    revision: str = STABLE,
    origin: str = "198.51.100.7",
    at: float = 0,
    instance: str = "",
    said: str = "",
) -> Record:
    """An entry of the request log, so many seconds past noon."""
    severity = Severity.ERROR if status >= 500 else Severity.WARNING if status >= 400 else Severity.INFO
    return Record(
        NOON + round(at * SECOND),
        f"{path} {origin}{f'  {said}' if said else ''}",
        severity,
        revision=revision,
        instance=instance,
        log="requests",
        status=status,
        method=method,
        latency=latency,
    )


def line(
    text: str,
    severity: Severity = Severity.INFO,
    *,
    revision: str = STABLE,
    at: float = 0,
    instance: str = "i1",
    log: str = "stderr",
    flags: int = 0,
) -> Record:
    """A line of the service, so many seconds past noon."""
    return Record(NOON + round(at * SECOND), text, severity, flags, revision, instance, log)


def error(text: str, **rest: Any) -> Record:
    """A line that is an error."""
    return line(text, Severity.ERROR, **rest)


def platform(text: str, severity: Severity = Severity.INFO, **rest: Any) -> Record:
    """A line of the platform about an instance."""
    return line(text, severity, log="varlog/system", **rest)
