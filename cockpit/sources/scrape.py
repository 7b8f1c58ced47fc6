"""One scrape: the body a metrics endpoint answers with, or the reason why there is none."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.sources.calling import MEBIBYTE, Call, Caller, Wording
from cockpit.sources.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.sources.identity import Tokens
    from cockpit.sources.secrets import Headers
    from cockpit.sources.web.exchange import WebClient

ACCEPT = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
    "application/openmetrics-text;version=0.0.1;q=0.5,"
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
    "text/plain;version=0.0.4;q=0.3,*/*;q=0.1"
)
"""What Prometheus asks for, but for protobuf."""

_WORDING = Wording("scraped", "[metrics.headers]")
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
    def call(self) -> Call:
        """What is asked."""
        plain = {"Accept": ACCEPT, "X-Prometheus-Scrape-Timeout-Seconds": f"{self.timeout:g}"}
        return Call(self.url, self.path, self.headers, self.timeout, self.most, self.audience, plain)


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
        self._caller = Caller(_WORDING, tokens, web=web)
        self._wall = wall

    async def scrape(self, target: ScrapeTarget) -> Body:
        """Scrape once. Raises a SourceError and nothing else."""
        call = target.call
        reply = await self._caller.ask(call)
        if reply.status != 200:
            raise self._caller.refusal(call, reply, self._wall())
        return Body(reply.content, reply.headers.get("content-type", ""), reply.seconds, self._wall())

    async def burst(self, target: ScrapeTarget, times: int) -> list[Body | SourceError]:
        """Scrape `times` times at once, 8 at most, each over a connection of its own for as long as it lasts.

        A balancer may so answer each from another instance.
        """
        return list(await asyncio.gather(*(self._outcome(target) for _ in range(min(times, _MOST_AT_ONCE)))))

    async def close(self) -> None:
        """Close every connection."""
        await self._caller.close()

    async def _outcome(self, target: ScrapeTarget) -> Body | SourceError:
        try:
            return await self.scrape(target)
        except SourceError as error:
            return error
