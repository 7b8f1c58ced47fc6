"""One scrape: the body a metrics endpoint answers with, or the reason why there is none."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.sources.errors import (
    BrokenError,
    DeniedError,
    InvalidError,
    NotFoundError,
    SourceError,
    ThrottledError,
    UnauthenticatedError,
    UnreadableError,
)
from cockpit.sources.secrets import read_headers
from cockpit.sources.web.address import Address
from cockpit.sources.web.exchange import Request, WebClient
from cockpit.sources.web.trouble import retry_after
from cockpit.text import clean, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cockpit.sources.identity import Tokens
    from cockpit.sources.secrets import Headers, Secret
    from cockpit.sources.web.exchange import Reply

MEBIBYTE = 1 << 20

ACCEPT = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
    "application/openmetrics-text;version=0.0.1;q=0.5,"
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.1"
)
"""What Prometheus asks for, but for protobuf."""

_REFUSALS = frozenset({401, 403})
_MOST_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class ScrapeTarget:
    """What is scraped: `path` (with its query, if any) at the URL of a service or a tag.

    `timeout` in seconds bounds the whole scrape, `most` the unpacked body in bytes. `audience` is the untagged URL
    of a service that may ask for an ID token, "" where none is ever sent.
    """

    url: str
    path: str = "/metrics"
    headers: Headers = ()
    timeout: float = 10.0
    most: int = 16 * MEBIBYTE
    audience: str = ""

    @property
    def address(self) -> str:
        """The whole URL."""
        return f"{self.url.rstrip('/')}/{self.path.lstrip('/')}"


@dataclass(frozen=True, slots=True)
class Body:
    """What one scrape gave, unpacked: `seconds` until the last byte, which came `at` (epoch seconds)."""

    content: bytes
    content_type: str
    seconds: float
    at: float


class Scraper:
    """Scrapes targets over connections that are kept open. `wall` gives epoch seconds.

    A service is first asked without an ID token; one that refuses is asked with it from then on.
    """

    def __init__(
        self,
        tokens: Tokens | None = None,
        *,
        web: WebClient | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._tokens = tokens
        self._web = web or WebClient()
        self._wall = wall
        self._private: set[str] = set()

    async def scrape(self, target: ScrapeTarget) -> Body:
        """Scrape once. Raises a SourceError and nothing else."""
        reply = await self._answered(target)
        if reply.status != 200:
            raise self._refusal(reply, with_token=target.audience in self._private)
        return Body(reply.content, reply.headers.get("content-type", ""), reply.seconds, self._wall())

    async def burst(self, target: ScrapeTarget, times: int) -> list[Body | SourceError]:
        """Scrape `times` times at once, 8 at most, each over a connection of its own for as long as it lasts.

        A balancer may so answer each from another instance.
        """
        return list(await asyncio.gather(*(self._outcome(target) for _ in range(min(times, _MOST_AT_ONCE)))))

    async def close(self) -> None:
        """Close every connection."""
        await self._web.close()

    async def _outcome(self, target: ScrapeTarget) -> Body | SourceError:
        try:
            return await self.scrape(target)
        except SourceError as error:
            return error

    async def _answered(self, target: ScrapeTarget) -> Reply:
        tokens = self._tokens if target.audience and Address.of(target.url).confidential else None
        if tokens is None:
            return await self._ask(target)
        if target.audience not in self._private:
            reply = await self._ask(target)
            if reply.status not in _REFUSALS:
                return reply
        token = await self._token(target, tokens)
        reply = await self._ask(target, token)
        while reply.status == 401 and tokens.refused(target.audience, token):
            token = await self._token(target, tokens)
            reply = await self._ask(target, token)
        return reply

    async def _token(self, target: ScrapeTarget, tokens: Tokens) -> Secret:
        try:
            token = await tokens.token(target.audience)
        except UnauthenticatedError as error:
            self._private.discard(target.audience)
            raise UnauthenticatedError(f"not scraped: needs roles/run.invoker, and {error}", error.mend) from error
        self._private.add(target.audience)
        return token

    async def _ask(self, target: ScrapeTarget, token: Secret | None = None) -> Reply:
        headers = {"Accept": ACCEPT, "X-Prometheus-Scrape-Timeout-Seconds": f"{target.timeout:g}"}
        secrets = await asyncio.to_thread(read_headers, target.headers) if target.headers else {}
        given = {name.lower(): name for name in secrets}
        if "accept" in given:
            del headers["Accept"]
        if token is not None:
            secrets[_token_header(given)] = token.prefixed("Bearer ")
        request = Request(target.address, target.timeout, target.most, headers, secrets)
        return await self._web.send(request)

    def _refusal(self, reply: Reply, *, with_token: bool) -> SourceError:
        """What an answer other than 200 means."""
        place, status = reply.address.place, reply.status
        said = f"{place} answers {status}{_first_words(reply)}"
        wait = retry_after(reply.headers.get("retry-after", ""), self._wall())
        if status == 401:
            return UnauthenticatedError(said, _CREDENTIALS[with_token])
        if status == 403:
            permission = "run.routes.invoke" if with_token else ""
            return DeniedError(said, _PERMISSION[with_token], permission=permission)
        if status in (404, 410):
            return NotFoundError(f"nothing at {reply.address.url} ({status})", _PATH)
        if status == 429 or (status == 503 and wait is not None):
            return ThrottledError(said, "it is asked again later", retry_after=wait)
        if status >= 500:
            return BrokenError(said, "its logs tell more", status=status)
        if status >= 400:
            return InvalidError(said, "check the path and the headers of the scrape")
        return UnreadableError(f"{said}, not 200", "check the path")


_CREDENTIALS = {
    False: "give it the header it wants: [metrics.headers] in config.toml",
    True: "it does not take the ID token of this machine either: `gcloud auth login`, or give the header it wants",
}
_PERMISSION = {
    False: "give it the header it wants: [metrics.headers] in config.toml",
    True: "the account of this machine needs roles/run.invoker, or the application wants a header of its own",
}
_PATH = "check the path; a service with internal ingress, too, answers 404 to the outside"


def _token_header(given: Mapping[str, str]) -> str:
    """Where Cloud Run looks for the ID token: in a header of its own where the application's takes the usual one.

    https://cloud.google.com/run/docs/authenticating/service-to-service
    """
    return "X-Serverless-Authorization" if "authorization" in given else "Authorization"


def _first_words(reply: Reply) -> str:
    """The beginning of a refusal in plain text, as ": words"; a page for browsers says nothing here."""
    if not reply.headers.get("content-type", "").startswith("text/plain"):
        return ""
    words = " ".join(reply.content[:400].decode("utf-8", "replace").split())
    return f": {shorten(clean(words), 80)}" if words else ""
