"""One request and its whole answer, within a deadline and a size, from one origin."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from cockpit.sources.errors import InvalidError, RedirectedError, TooSlowError
from cockpit.sources.web.address import Address
from cockpit.sources.web.reading import read_body
from cockpit.sources.web.trouble import is_lost, source_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from cockpit.sources.secrets import Secret

AGENT = "cockpit/"
"""What the user agent of every request begins with; the version follows."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEPS_METHOD = frozenset({307, 308})
_HOPS = 3


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. `secrets` are headers that only go where nobody reads along; `seconds` bounds the whole
    exchange, `most` the unpacked body in bytes."""

    url: str
    seconds: float
    most: int
    headers: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    form: Mapping[str, str] | None = None

    @property
    def method(self) -> str:
        """GET, or POST where there is a form."""
        return "GET" if self.form is None else "POST"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, and how long it took in seconds. Names of headers are in lower case."""

    address: Address
    status: int
    headers: Mapping[str, str]
    content: bytes
    seconds: float


class WebClient:
    """Sends requests over connections that are kept open. Costs nothing until the first one.

    Redirects are followed within an origin only, so that no header ever reaches another.
    """

    def __init__(self, ca_file: str = "") -> None:
        self._ca_file = ca_file
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()

    async def send(self, request: Request) -> Reply:
        """Ask, whatever the answer's status. Raises a SourceError and nothing else."""
        address = Address.of(request.url)
        if request.secrets and not address.confidential:
            raise InvalidError(
                f"{address.place} is asked over plain http: nothing secret is sent there",
                f"use https, or leave out {', '.join(request.secrets)}",
            )
        client = await self._open()
        call = _Call(client, request, address)
        try:
            async with asyncio.timeout(request.seconds):
                return await call.run()
        except TimeoutError:
            raise call.too_slow() from None

    async def close(self) -> None:
        """Close every connection."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _open(self) -> httpx.AsyncClient:
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(_opened, self._ca_file)
            return self._client


def _opened(ca_file: str) -> httpx.AsyncClient:
    from cockpit.sources.web.opening import open_client

    return open_client(ca_file)


@dataclass(slots=True)
class _Call:
    """One exchange on its way, with what is known when it must be given up."""

    client: httpx.AsyncClient
    request: Request
    address: Address
    answered: bool = False
    _begun: float = field(default_factory=time.perf_counter)

    async def run(self) -> Reply:
        """Ask, and follow the way the answers point."""
        method = self.request.method
        for _ in range(_HOPS + 1):
            reply = await self._ask(method)
            if reply.status not in _REDIRECTS:
                return reply
            self.address = self._next(reply)
            method = method if reply.status in _KEEPS_METHOD else "GET"
        raise RedirectedError(
            f"{self.address.place} redirects more than {_HOPS} times", "check the path", host=self.address.host
        )

    def too_slow(self) -> TooSlowError:
        """The error for a deadline that has passed."""
        what = "no whole answer" if self.answered else "no answer"
        return TooSlowError(
            f"{what} from {self.address.place} within {self.request.seconds:g} s", "try again later"
        )

    async def _ask(self, method: str) -> Reply:
        import httpx

        try:
            try:
                return await self._exchange(method)
            except httpx.TransportError as error:
                if self.answered or not is_lost(error):
                    raise
                return await self._exchange(method)
        except httpx.InvalidURL as error:  # ours was fine: httpx reads where a redirect points, followed or not
            raise self._nowhere() from error
        except httpx.HTTPError as error:
            raise source_error(error, self.address.place, local=self.address.loopback) from error

    async def _exchange(self, method: str) -> Reply:
        headers = {**self.request.headers, **{name: kept.reveal() for name, kept in self.request.secrets.items()}}
        form = self.request.form if method == "POST" else None
        self.answered = False
        async with self.client.stream(method, self.address.url, headers=headers, data=form) as response:
            self.answered = True
            encoding = response.headers.get("content-encoding", "")
            # The body of a redirect is thrown away: it only keeps the connection usable.
            body = await read_body(response.aiter_raw(), encoding, self.request.most, self.address.place)
            seconds = time.perf_counter() - self._begun
            return Reply(self.address, response.status_code, dict(response.headers), body, seconds)

    def _next(self, reply: Reply) -> Address:
        """Where a redirect points, if that is the same origin."""
        target = self._target(reply.headers.get("location", ""))
        if not self.address.same_origin(target):
            where = target.place if target.place != self.address.place else f"{target.scheme}://{target.place}"
            raise RedirectedError(
                f"redirected to {where}, not followed",
                "give that address itself if it is what you mean; a login page wants a token instead",
                host=target.host,
            )
        return target

    def _target(self, location: str) -> Address:
        try:
            return Address.of(urljoin(self.address.url, location))
        except (ValueError, InvalidError) as error:
            raise self._nowhere() from error

    def _nowhere(self) -> RedirectedError:
        return RedirectedError(f"{self.address.place} redirects to what is no address", "check the path")
