"""The request log of one service: which revision really answered what, as it happens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from cockpit.release.observed import RequestSeen
from cockpit.release.service import ServiceRef
from cockpit.sources.tail import EntryTail, TailPace
from cockpit.sources.web.exchange import AGENT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.sources.cloudlogging import LogEntry
    from cockpit.sources.tail import Logging, TailState

_TAG = re.compile(r"[a-z]+://([a-z0-9-]+?)---")
"""Tag URLs put the tag before the service's host: https://TAG---SERVICE-….run.app."""


class Requests(Protocol):
    """What the live room needs of the request log."""

    async def follow(
        self,
        ref: ServiceRef,
        seen: Callable[[Sequence[RequestSeen]], None],
        stands: Callable[[TailState], None],
    ) -> None:
        """Follow a service's requests until cancelled, beginning with those of the last minute.

        `seen` gets each request once, `stands` how the tail stands whenever that changes. Raises no SourceError.
        """


class RequestLog:
    """`Requests` from Cloud Logging. The other side filters: what else the service logs costs nothing here."""

    def __init__(self, logging: Logging, pace: TailPace | None = None) -> None:
        self._logging = logging
        self._pace = pace

    async def follow(
        self,
        ref: ServiceRef,
        seen: Callable[[Sequence[RequestSeen]], None],
        stands: Callable[[TailState], None],
    ) -> None:
        """Follow a service's requests until cancelled."""

        def take(entries: Sequence[LogEntry]) -> None:
            seen([request_of(entry) for entry in entries])

        await EntryTail(self._logging, requests_query(ref), take, stands, pace=self._pace).run()

    async def follow_all(
        self,
        project: str,
        regions: Sequence[str],
        seen: Callable[[Sequence[tuple[ServiceRef, RequestSeen]]], None],
        stands: Callable[[TailState], None],
    ) -> None:
        """Follow the requests of every service in some regions until cancelled."""

        def take(entries: Sequence[LogEntry]) -> None:
            seen([(_service_of(entry, project), request_of(entry)) for entry in entries])

        await EntryTail(self._logging, all_requests_query(project, regions), take, stands, pace=self._pace).run()


def requests_query(ref: ServiceRef) -> str:
    """The filter for a service's request log alone, in the Logging query language.

    Without the scrapes of cockpits, which say nothing of what users get.
    """
    return _query(
        ref.project,
        f'resource.labels.service_name="{ref.service}"',
        f'resource.labels.location="{ref.region}"',
    )


def all_requests_query(project: str, regions: Sequence[str]) -> str:
    """The same for every service in some regions of a project."""
    places = " OR ".join(f'"{region}"' for region in regions)
    return _query(project, f"resource.labels.location=({places})")


def _query(project: str, *which: str) -> str:
    return " AND ".join(
        (
            f'logName="projects/{project}/logs/run.googleapis.com%2Frequests"',
            'resource.type="cloud_run_revision"',
            *which,
            f'NOT httpRequest.userAgent=~"^{AGENT}"',
        )
    )


def _service_of(entry: LogEntry, project: str) -> ServiceRef:
    labels = entry.resource.labels
    return ServiceRef(project, labels.get("location", ""), labels.get("service_name", ""))


def request_of(entry: LogEntry) -> RequestSeen:
    """One entry of the request log, a raw `google.logging.v2.LogEntry`."""
    http, stamp = entry.http_request, entry.timestamp
    tag = _TAG.match(http.request_url)
    return RequestSeen(
        at=stamp.seconds + stamp.nanos / 1e9,
        revision=entry.resource.labels.get("revision_name", ""),
        instance=entry.labels.get("instanceId", ""),
        status=http.status,
        latency=http.latency.seconds + http.latency.nanos / 1e9,
        tag=tag[1] if tag else "",
    )
