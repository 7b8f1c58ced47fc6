"""PromQL answered by another engine: Prometheus, Thanos, Mimir, VictoriaMetrics, Google's managed service."""

from __future__ import annotations

import asyncio
import copy
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode, urlsplit

from cockpit.metrics.catalogue import names_of_samples
from cockpit.metrics.engine import QueryError
from cockpit.metrics.labels import NAME, quoted
from cockpit.sources.errors import (
    DeniedError,
    InvalidError,
    SourceError,
    ThrottledError,
    TooLargeError,
    TooSlowError,
    UnauthenticatedError,
)
from cockpit.sources.prometheus.answers import (
    envelope_or_none,
    query_error,
    read_answer,
    read_families,
    read_label_sets,
    read_names,
)
from cockpit.sources.prometheus.google import HOST, GoogleAccess, check_url, reason_in
from cockpit.sources.prometheus.template import Template
from cockpit.sources.secrets import read_headers
from cockpit.sources.web.address import Address
from cockpit.sources.web.exchange import Request, WebClient

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cockpit.metrics.engine import Answer
    from cockpit.metrics.exposed import Family
    from cockpit.metrics.labels import Labels
    from cockpit.sources.prometheus.answers import Envelope
    from cockpit.sources.secrets import Headers
    from cockpit.sources.web.exchange import Reply

MEBIBYTE = 1 << 20
LOOKBACK = 300.0
"""Seconds back from now in which a series must have a sample to count as one of now."""
METADATA_SECONDS = 60.0
"""How long what an engine told of its metrics is believed."""
ANY = f'{{{NAME}=~".+"}}'
"""Every series there is."""

_ADDRESS = "check the address: it is what comes before /api/v1"
_ACCESS = "its token is a header: [metrics.remote.headers] in config.toml"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Remote:
    """How an engine is asked. `url` is what comes before `/api/v1`; `labels` says what it calls ours, by our name.

    `timeout` in seconds and `most` in bytes bound each answer. `google_project` is the project that pays where the
    credentials of this machine are to be shown, "" where they are not.
    """

    url: str
    headers: Headers = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    timeout: float = 10.0
    most: int = 64 * MEBIBYTE
    google_project: str = ""
    ca_file: str = ""


class RemoteEngine:
    """An `Engine` elsewhere. Expressions and answers are in our labels. `wall` gives epoch seconds.

    Raises InvalidError for an address that cannot be.
    """

    def __init__(
        self, remote: Remote, *, web: WebClient | None = None, wall: Callable[[], float] = time.time
    ) -> None:
        place, parts = Address.of(remote.url), urlsplit(remote.url)
        if parts.query or parts.fragment:
            raise InvalidError("the address of an engine ends with its path", _ADDRESS)
        check_url(place.host, parts.path)
        self._remote = remote
        self._managed = place.host == HOST
        self._template = Template(remote.labels)
        self._google = GoogleAccess(remote.google_project) if remote.google_project else None
        self._web = web or WebClient(remote.ca_file)
        self._wall = wall
        self._families: Mapping[str, Family] = {}
        self._families_until = 0.0

    def within(self, matchers: str) -> RemoteEngine:
        """This engine, over the same connections, for those series alone that some matchers match.

        They are written as in braces, in our labels: `service="emergence-app", tag!=""`.
        """
        other = copy.copy(self)
        other._template = replace(self._template, matchers=matchers)
        other._families, other._families_until = {}, 0.0
        return other

    async def instant(self, expression: str, at: int) -> Answer:
        """The value at one moment. Raises QueryError."""
        return await self._query("query", expression, time=_seconds(at))

    async def range(self, expression: str, start: int, end: int, step: int) -> Answer:
        """The values from `start` to `end`, both included, every `step`. Raises QueryError."""
        times = {"start": _seconds(start), "end": _seconds(end), "step": _seconds(step)}
        return await self._query("query_range", expression, **times)

    async def families(self) -> Mapping[str, Family]:
        """Every metric that has series; of an engine that has no metadata, the names. Raises QueryError.

        An engine tells of all its metrics at once, which may be many: it is asked again after a minute.
        """
        now = self._wall()
        if not self._families_until - METADATA_SECONDS <= now < self._families_until:
            self._families = await self._told()
            self._families_until = now + METADATA_SECONDS
        return self._families

    async def series(self, metric: str) -> tuple[Labels, ...]:
        """The label sets of one metric that had a sample in the last 5 minutes; of all where it is "".

        Raises QueryError.
        """
        if not metric and self._managed:
            raise QueryError("Google's managed service lists no series without a metric's name", "unsupported")
        form = self._now(f"{{{NAME}={quoted(metric)}}}" if metric else ANY)
        return await self._read("series", form, lambda envelope: read_label_sets(envelope, self._template))

    async def close(self) -> None:
        """Close every connection."""
        await self._web.close()

    async def _told(self) -> Mapping[str, Family]:
        """What is told of the metrics, of those alone that have series where there are matchers."""
        try:
            families = await self._read("metadata", {}, read_families, get=True)
        except QueryError as error:
            if error.kind not in ("unreachable", "evaluation"):
                raise
            families = {}
        if families and (not self._template.matchers or self._managed):
            return families
        form = self._now(ANY) if self._template.matchers and not self._managed else {}
        named = await self._read(f"label/{NAME}/values", form, read_names, get=True)
        return {name: each for name, each in families.items() if named.keys() & names_of_samples(each)} or named

    def _now(self, selector: str) -> dict[str, str]:
        """The parameters that ask for the series of a selector that have a sample of late."""
        now = self._wall()
        asked = self._template.asked(selector)
        return {"match[]": asked, "start": f"{now - LOOKBACK:.3f}", "end": f"{now:.3f}"}

    async def _query(self, path: str, expression: str, **times: str) -> Answer:
        asked = self._template.asked(expression)
        form = {"query": asked, "timeout": f"{round(self._remote.timeout * 1000)}ms", **times}
        try:
            return await self._read(path, form, lambda envelope: read_answer(envelope, self._template))
        except QueryError as error:
            if error.position is not None:
                error.position = self._template.place(expression, error.position)
            raise

    async def _read(
        self, path: str, form: Mapping[str, str], read: Callable[[Envelope], T], *, get: bool = False
    ) -> T:
        reply = await self._ask(f"{path}?{urlencode(form)}" if get and form else path, None if get else form)
        # In a thread: an answer may be large, and the first one loads numpy.
        return await asyncio.to_thread(_understood, reply, read, form.get("query", ""))

    async def _ask(self, path: str, form: Mapping[str, str] | None) -> Reply:
        remote = self._remote
        url = f"{remote.url.rstrip('/')}/api/v1/{path}"
        try:
            secrets = await asyncio.to_thread(read_headers, remote.headers) if remote.headers else {}
            if self._google is not None:
                secrets = {**await self._google.headers(), **secrets}
            headers = {"Accept": "application/json"}
            return await self._web.send(Request(url, remote.timeout, remote.most, headers, secrets, form))
        except SourceError as error:
            raise QueryError(str(error), _kind_of(error), error.mend) from error


_ERROR_KINDS: dict[type[SourceError], str] = {
    TooSlowError: "timeout",
    TooLargeError: "limit",
    ThrottledError: "throttled",
    UnauthenticatedError: "denied",
    DeniedError: "denied",
    InvalidError: "denied",
}


def _kind_of(error: SourceError) -> str:
    return _ERROR_KINDS.get(type(error), "unreachable")


def _understood(reply: Reply, read: Callable[[Envelope], T], asked: str) -> T:
    """What a reply says. Raises QueryError."""
    envelope = envelope_or_none(reply.content)
    if envelope is None or envelope.status not in ("success", "error"):
        raise _no_answer(reply)
    if envelope.status == "error":
        raise _refused(reply, envelope, asked)
    try:
        return read(envelope)
    except (ValueError, RecursionError) as error:  # msgspec's errors are among the first
        message = f"{reply.address.place} answers what no Prometheus does: {error}"
        raise QueryError(message, "unreachable", _ADDRESS) from error


def _refused(reply: Reply, envelope: Envelope, asked: str) -> QueryError:
    """An error in the API's own words, unless HTTP's status says more."""
    if reply.status in (401, 403, 429):
        return _by_status(reply, envelope.error)
    return query_error(envelope, asked)


def _no_answer(reply: Reply) -> QueryError:
    """An answer that is none of the API's."""
    kind = reply.headers.get("content-type", "")
    if reply.status < 400 and (kind.startswith("text/html") or reply.content[:64].lstrip().startswith(b"<")):
        return QueryError(
            f"{reply.address.place} answers with a web page, not as Prometheus does", "denied", _ACCESS
        )
    return _by_status(reply, reason_in(reply.content))


def _by_status(reply: Reply, reason: str = "") -> QueryError:
    place, status = reply.address.place, reply.status
    said = f"{place} answers {status}" + (f": {' '.join(reason.split())[:200]}" if reason else "")
    if status in (401, 403):
        return QueryError(said, "denied", _ACCESS)
    if status == 429:
        return QueryError(said, "throttled", "ask less often, or for less")
    if status in (404, 405):
        url = reply.address.url.partition("?")[0]
        return QueryError(f"no Prometheus API at {url} ({status})", "unreachable", _ADDRESS)
    if status in (502, 503, 504):
        return QueryError(said, "unreachable", "it is asked again later")
    return QueryError(f"{said}, and not as Prometheus does", "unreachable", _ADDRESS)


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.3f}"
