"""Asking a service of Cloud Run over HTTP: without an ID token first, and with one where it refuses."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
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
    from collections.abc import Mapping

    from cockpit.sources.identity import Tokens
    from cockpit.sources.secrets import Headers, Secret
    from cockpit.sources.web.exchange import Reply

MEBIBYTE = 1 << 20

REFUSALS = frozenset({401, 403})
"""Answers of a service that does not know who asks, or does not let them."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked: `path` (with its query, if any) at the URL of a service or a tag.

    `timeout` in seconds bounds the whole exchange, `most` the unpacked body in bytes. `headers` only go where
    nobody reads along; `plain` ones anywhere, but for those that `headers` have as well. `audience` is the
    untagged URL of a service that may ask for an ID token, "" where none is ever sent.
    """

    url: str
    path: str
    headers: Headers = ()
    timeout: float = 10.0
    most: int = 16 * MEBIBYTE
    audience: str = ""
    plain: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """The whole URL."""
        return f"{self.url.rstrip('/')}/{self.path.lstrip('/')}"


@dataclass(frozen=True, slots=True)
class Wording:
    """How errors name what is done, as in "not scraped", and the section of config.toml with its headers."""

    done: str
    section: str


class Caller:
    """Asks over connections that are kept open; a service that refuses is asked with an ID token from then on."""

    def __init__(self, wording: Wording, tokens: Tokens | None = None, *, web: WebClient | None = None) -> None:
        self._wording = wording
        self._tokens = tokens
        self._web = web or WebClient()
        self._private: set[str] = set()

    async def ask(self, call: Call) -> Reply:
        """Ask once, whatever the answer's status. Raises a SourceError and nothing else."""
        tokens = self._tokens if call.audience and Address.of(call.url).confidential else None
        if tokens is None:
            return await self._send(call)
        if call.audience not in self._private:
            reply = await self._send(call)
            if reply.status not in REFUSALS:
                return reply
        token = await self._token(call, tokens)
        reply = await self._send(call, token)
        while reply.status == 401 and tokens.refused(call.audience, token):
            token = await self._token(call, tokens)
            reply = await self._send(call, token)
        return reply

    def refusal(self, call: Call, reply: Reply, now: float) -> SourceError:
        """What an answer means that is not the one wanted; `now` in epoch seconds."""
        return _refusal(reply, self._wording.section, now, with_token=call.audience in self._private)

    async def close(self) -> None:
        """Close every connection."""
        await self._web.close()

    async def _token(self, call: Call, tokens: Tokens) -> Secret:
        try:
            token = await tokens.token(call.audience)
        except UnauthenticatedError as error:
            self._private.discard(call.audience)
            said = f"not {self._wording.done}: needs roles/run.invoker, and {error}"
            raise UnauthenticatedError(said, error.mend) from error
        self._private.add(call.audience)
        return token

    async def _send(self, call: Call, token: Secret | None = None) -> Reply:
        secrets = await asyncio.to_thread(read_headers, call.headers) if call.headers else {}
        given = {name.lower() for name in secrets}
        headers = {name: value for name, value in call.plain.items() if name.lower() not in given}
        if token is not None:
            # Cloud Run looks for the ID token in a header of its own where the application's takes the usual one:
            # https://cloud.google.com/run/docs/authenticating/service-to-service
            name = "X-Serverless-Authorization" if "authorization" in given else "Authorization"
            secrets[name] = token.prefixed("Bearer ")
        return await self._web.send(Request(call.address, call.timeout, call.most, headers, secrets))


def _refusal(reply: Reply, section: str, now: float, *, with_token: bool) -> SourceError:
    place, status = reply.address.place, reply.status
    said = f"{place} answers {status}{_first_words(reply)}"
    wait = retry_after(reply.headers.get("retry-after", ""), now)
    if status == 401:
        mend = _OTHER_CREDENTIALS if with_token else f"give it the header it wants: {section} in config.toml"
        return UnauthenticatedError(said, mend)
    if status == 403:
        permission = "run.routes.invoke" if with_token else ""
        mend = _PERMISSION if with_token else f"give it the header it wants: {section} in config.toml"
        return DeniedError(said, mend, permission=permission)
    if status in (404, 410):
        return NotFoundError(f"nothing at {reply.address.url} ({status})", _PATH)
    if status == 429 or (status == 503 and wait is not None):
        return ThrottledError(said, "it is asked again later", retry_after=wait)
    if status >= 500:
        return BrokenError(said, "its logs tell more", status=status)
    if status >= 400:
        return InvalidError(said, "check the path and the headers of the request")
    return UnreadableError(f"{said}, not 200", "check the path")


_OTHER_CREDENTIALS = (
    "it does not take the ID token of this machine either: `gcloud auth login`, or give the header it wants"
)
_PERMISSION = "the account of this machine needs roles/run.invoker, or the application wants a header of its own"
_PATH = "check the path; a service with internal ingress, too, answers 404 to the outside"


def _first_words(reply: Reply) -> str:
    """The beginning of a refusal in plain text, as ": words"; a page for browsers says nothing here."""
    if not reply.headers.get("content-type", "").startswith("text/plain"):
        return ""
    words = " ".join(reply.content[:400].decode("utf-8", "replace").split())
    return f": {shorten(clean(words), 80)}" if words else ""
