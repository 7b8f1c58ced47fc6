"""ID tokens for services that not everyone may call, from whoever this machine can show itself to be."""

from __future__ import annotations

import asyncio
import base64
import functools
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import msgspec

from cockpit.sources.auth import find_credentials, refresh
from cockpit.sources.errors import SourceError, UnauthenticatedError, UnreachableError
from cockpit.sources.secrets import Secret

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

MEND = "log in with `gcloud auth login` as somebody with roles/run.invoker, or name a service account that has it"

_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
_EARLY = 300.0
"""Seconds before its expiry that a token is renewed."""
_FORGET_SECONDS = 60.0
"""How long a way that failed is not tried again: gcloud takes a second of CPU to say no."""
_GCLOUD_SECONDS = 20.0

Way = Callable[[str], Awaitable[str]]
"""Gives a token for an audience. Raises a SourceError where it cannot."""


class Tokens(Protocol):
    """What scraping needs to call services that not everyone may call."""

    async def token(self, audience: str) -> Secret:
        """An ID token for the service whose untagged URL is `audience`. Raises UnauthenticatedError."""
        ...

    def refused(self, audience: str, token: Secret) -> bool:
        """Take note that the service did not take this token; whether there is another one to try."""
        ...


@dataclass(slots=True)
class _Held:
    """What is known for one audience: its token and when it expires, and which ways did not work until when."""

    token: Secret | None = None
    expires: float = 0.0
    way: int = 0
    closed: dict[int, float] = field(default_factory=dict)
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class IdentityTokens:
    """Tokens by audience, renewed five minutes before they expire.

    The ways in their order: the service account that is to be impersonated, where one is named, and nothing else
    then; else the credentials of this machine (a service account, the metadata server, a user's own ID token);
    else what gcloud prints. `wall` gives epoch seconds.
    """

    def __init__(
        self,
        project: str,
        *,
        impersonate: str = "",
        ways: tuple[Way, ...] = (),
        wall: Callable[[], float] = time.time,
    ) -> None:
        machine: Way = functools.partial(_of_this_machine, project)
        acting: Way = functools.partial(_impersonated, project, impersonate)
        self._ways = ways or ((acting,) if impersonate else (machine, _of_gcloud))
        self._wall = wall
        self._held: dict[str, _Held] = {}

    async def token(self, audience: str) -> Secret:
        """An ID token for the service whose untagged URL is `audience`. Raises UnauthenticatedError."""
        held = self._held.setdefault(audience, _Held())
        async with held.asking:
            if held.token is None or self._wall() > held.expires - _EARLY:
                held.token = None
                await self._renew(audience, held)
            if held.token is None:
                raise UnauthenticatedError("this machine has no ID token that the service takes", MEND)
            return held.token

    def refused(self, audience: str, token: Secret) -> bool:
        """Take note that the service did not take this token; whether there is another one to try."""
        held = self._held.setdefault(audience, _Held())
        if held.token is token:  # and not one that another scrape of the same burst has got meanwhile
            held.token = None
            held.closed[held.way] = self._wall() + _FORGET_SECONDS
        return held.token is not None or len(held.closed) < len(self._ways)

    async def _renew(self, audience: str, held: _Held) -> None:
        now = self._wall()
        held.closed = {number: until for number, until in held.closed.items() if until > now}
        for number, way in enumerate(self._ways):
            if number in held.closed:
                continue
            try:
                text = await way(audience)
            except SourceError:
                held.closed[number] = now + _FORGET_SECONDS
                continue
            held.token, held.expires, held.way = Secret(text), expiry_of(text), number
            return


def expiry_of(token: str) -> float:
    """When a JSON web token expires, in epoch seconds; 0 where it does not say, so that it is used once."""
    _, _, rest = token.partition(".")
    payload = rest.partition(".")[0]
    try:
        # The service asks for proof of who gave it; here it only matters how long it is good for.
        return msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=_Claims).exp
    except (ValueError, msgspec.MsgspecError):
        return 0.0


class _Claims(msgspec.Struct):
    exp: float = 0.0


async def _of_this_machine(project: str, audience: str) -> str:
    credentials = await find_credentials(project)
    return await asyncio.to_thread(token_of, credentials, audience)


async def _impersonated(project: str, account: str, audience: str) -> str:
    source = await find_credentials(project)
    return await asyncio.to_thread(_token_as, account, source, audience)


def token_of(credentials: Credentials, audience: str) -> str:
    """An ID token of application default credentials; blocks. Raises a SourceError."""
    from google.auth import compute_engine, impersonated_credentials
    from google.oauth2 import service_account

    if isinstance(credentials, impersonated_credentials.Credentials):
        return _minted(_acting(credentials, audience))
    if isinstance(credentials, service_account.Credentials | compute_engine.Credentials):
        return _minted(_default(audience))
    refresh(credentials)
    token = getattr(credentials, "id_token", None)
    if not token:
        raise UnauthenticatedError("the credentials of this machine give no ID token", MEND)
    return str(token)


def _token_as(account: str, source: Credentials, audience: str) -> str:
    from google.auth import impersonated_credentials

    make = impersonated_credentials.Credentials
    acting = make(source_credentials=source, target_principal=account, target_scopes=list(_SCOPES))  # type: ignore[no-untyped-call]
    return _minted(_acting(acting, audience))


def _acting(credentials: Credentials, audience: str) -> Credentials:
    """Credentials whose token is an ID token of an impersonated service account."""
    from google.auth import impersonated_credentials

    make = impersonated_credentials.IDTokenCredentials
    acting: Credentials = make(credentials, target_audience=audience, include_email=True)  # type: ignore[no-untyped-call]
    return acting


def _default(audience: str) -> Credentials:
    """Credentials whose token is an ID token of this machine's service account."""
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2 import id_token

    try:
        found: Credentials = id_token.fetch_id_token_credentials(audience)  # type: ignore[no-untyped-call]
    except GoogleAuthError as error:
        raise UnauthenticatedError(f"no ID token: {' '.join(str(error).split())}", MEND) from error
    return found


def _minted(credentials: Credentials) -> str:
    refresh(credentials)
    return str(credentials.token)


async def _of_gcloud(audience: str) -> str:  # noqa: ARG001 (a user's token has gcloud's own audience, which Cloud Run takes)
    """What `gcloud auth print-identity-token` prints. Raises a SourceError."""
    environment = {**os.environ, "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"}
    try:
        process = await asyncio.create_subprocess_exec(
            *("gcloud", "auth", "print-identity-token"),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
        )
    except OSError as error:
        raise UnauthenticatedError("gcloud cannot be run", MEND) from error
    try:
        async with asyncio.timeout(_GCLOUD_SECONDS):
            printed, _ = await process.communicate()
    except TimeoutError:
        raise UnreachableError("gcloud gave no ID token in time", MEND) from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    token = printed.decode(errors="replace").strip()
    if process.returncode or not token:
        raise UnauthenticatedError("gcloud has no account that is logged in", MEND)
    return token
