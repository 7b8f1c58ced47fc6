"""ID tokens: whose they are, how long they are kept, and when a scrape shows one."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth.credentials import AnonymousCredentials

from cockpit.sources import identity
from cockpit.sources.errors import DeniedError, SourceError, UnauthenticatedError
from cockpit.sources.identity import IdentityTokens, expiry_of
from cockpit.sources.scrape import Body, Scraper, ScrapeTarget
from cockpit.sources.secrets import HeaderValue
from tests.sources.hostile import Exchange, Hostile, hostile_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from google.auth.impersonated_credentials import IDTokenCredentials

PROJECT = "emergence-469005"
AUDIENCE = "https://emergence-app-abc123-ew.a.run.app"
NOW = 1_790_000_000.0


def unsigned(**claims: object) -> str:
    """A JSON web token that nobody signed."""
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    return ".".join((*encoded, "c2ln"))


class Office:
    """Gives tokens in order, `expires` seconds from the clock's now; counts, and refuses when it is closed."""

    def __init__(self, name: str, *, closed: bool = False) -> None:
        self.name = name
        self.closed = closed
        self.asked: list[str] = []
        self.now = NOW

    async def __call__(self, audience: str) -> str:
        self.asked.append(audience)
        await asyncio.sleep(0)
        if self.closed:
            raise UnauthenticatedError(f"{self.name} is closed")
        return unsigned(by=self.name, number=len(self.asked), exp=self.now + 3600)

    def clock(self) -> float:
        return self.now


async def test_a_token_is_kept_until_five_minutes_before_its_end() -> None:
    office = Office("a")
    tokens = IdentityTokens(PROJECT, ways=(office,), wall=office.clock)
    first = (await tokens.token(AUDIENCE)).reveal()
    office.now += 3299
    assert (await tokens.token(AUDIENCE)).reveal() == first
    office.now += 2
    assert (await tokens.token(AUDIENCE)).reveal() != first
    assert len(office.asked) == 2


async def test_a_burst_asks_once_and_every_audience_for_itself() -> None:
    office = Office("a")
    tokens = IdentityTokens(PROJECT, ways=(office,), wall=office.clock)
    await asyncio.gather(*(tokens.token(AUDIENCE) for _ in range(8)))
    await tokens.token("https://other.run.app")
    assert office.asked == [AUDIENCE, "https://other.run.app"]


async def test_the_ways_are_tried_in_order_and_failures_are_remembered_for_a_minute() -> None:
    first, second = Office("first", closed=True), Office("second", closed=True)
    tokens = IdentityTokens(PROJECT, ways=(first, second), wall=first.clock)
    for _ in range(3):
        with pytest.raises(UnauthenticatedError, match="no ID token") as caught:
            await tokens.token(AUDIENCE)
    assert "roles/run.invoker" in caught.value.mend
    assert (len(first.asked), len(second.asked)) == (1, 1)
    first.now += 61
    second.closed = False
    assert expiry_of((await tokens.token(AUDIENCE)).reveal()) > 0
    assert (len(first.asked), len(second.asked)) == (2, 2)


async def test_a_token_that_is_refused_makes_way_for_the_next() -> None:
    first, second = Office("first"), Office("second")
    tokens = IdentityTokens(PROJECT, ways=(first, second), wall=first.clock)
    one = await tokens.token(AUDIENCE)
    assert tokens.refused(AUDIENCE, one)
    other = await tokens.token(AUDIENCE)
    assert tokens.refused(AUDIENCE, one)  # again, by a scrape that was under way
    assert await tokens.token(AUDIENCE) is other
    assert (len(first.asked), len(second.asked)) == (1, 1)
    assert not tokens.refused(AUDIENCE, other)
    with pytest.raises(UnauthenticatedError):
        await tokens.token(AUDIENCE)


@pytest.mark.parametrize(
    "token", ["", "a", "a.b.c", "a.%%.c", "a.bm90IGpzb24.c", unsigned(), unsigned(exp="soon")]
)
def test_a_token_that_does_not_say_how_long_it_lasts(token: str) -> None:
    assert expiry_of(token) == 0.0


# Where tokens come from


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without credentials: the path given holds the files of its gcloud and all its programs."""
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_QUOTA_PROJECT", "GOOGLE_CLOUD_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


@pytest.fixture
async def google() -> AsyncIterator[Hostile]:
    """A token endpoint."""
    async with hostile_server() as running:
        yield running


def claims_of(token: str) -> dict[str, object]:
    payload = token.split(".")[1]
    claims: dict[str, object] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


async def test_a_service_account_asks_for_the_services_audience(machine: Path, google: Hostile) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    account = {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": "1",
        "private_key": key.decode(),
        "client_email": "cockpit@emergence-469005.iam.gserviceaccount.com",
        "token_uri": f"{google.url}/token",
    }
    file = machine / "account.json"
    file.write_text(json.dumps(account))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
        answer = json.dumps({"id_token": unsigned(exp=NOW + 3600, aud=AUDIENCE)}).encode()
        google.always("/token", "200 OK", answer, "content-type: application/json")
        token = await IdentityTokens(PROJECT, wall=lambda: NOW).token(AUDIENCE)
    assert claims_of(token.reveal())["aud"] == AUDIENCE
    assertion = parse_qs(google.received[0].body.decode())["assertion"][0]
    assert claims_of(assertion)["target_audience"] == AUDIENCE


async def test_a_users_own_id_token(machine: Path, google: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    user = {"type": "authorized_user", "client_id": "id", "client_secret": "hush", "refresh_token": "hush-hush"}
    (machine / "application_default_credentials.json").write_text(json.dumps(user))
    monkeypatch.setattr("google.oauth2.credentials._GOOGLE_OAUTH2_TOKEN_ENDPOINT", f"{google.url}/token")
    token = unsigned(exp=NOW + 3600, email="ana@example.com")
    answer = json.dumps({"access_token": "hush", "expires_in": 3600, "id_token": token}).encode()
    google.always("/token", "200 OK", answer, "content-type: application/json")
    assert (await IdentityTokens(PROJECT, wall=lambda: NOW).token(AUDIENCE)).reveal() == token


def gcloud(machine: Path, script: str) -> None:
    program = machine / "gcloud"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)


async def test_what_gcloud_prints_when_the_machine_has_no_credentials(machine: Path) -> None:
    token = unsigned(exp=NOW + 3600)
    gcloud(
        machine,
        f'[ "$*" = "auth print-identity-token" ] && [ "$CLOUDSDK_CORE_DISABLE_PROMPTS" = 1 ] && echo {token}',
    )
    assert (await IdentityTokens(PROJECT, wall=lambda: NOW).token(AUDIENCE)).reveal() == token


@pytest.mark.parametrize("script", ["exit 1", "echo; exit 0", "echo token; exit 1"])
async def test_a_gcloud_that_nobody_is_logged_in_to(machine: Path, script: str) -> None:
    gcloud(machine, script)
    with pytest.raises(UnauthenticatedError, match="no ID token") as caught:
        await IdentityTokens(PROJECT).token(AUDIENCE)
    assert "gcloud auth login" in caught.value.mend


async def test_no_gcloud_at_all(machine: Path) -> None:
    with pytest.raises(UnauthenticatedError):
        await IdentityTokens(PROJECT).token(AUDIENCE)


async def test_a_gcloud_that_hangs_is_ended(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "_GCLOUD_SECONDS", 0.2)
    gcloud(machine, "exec /bin/sleep 600")
    with pytest.raises(UnauthenticatedError):
        await IdentityTokens(PROJECT).token(AUDIENCE)


async def test_an_impersonated_account_is_the_only_way_when_it_is_named(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gcloud(machine, "echo token-of-somebody-else")
    seen: list[IDTokenCredentials] = []

    def refresh(credentials: IDTokenCredentials) -> None:
        seen.append(credentials)
        credentials.token = unsigned(exp=NOW + 3600)

    async def find(project: str) -> AnonymousCredentials:
        return AnonymousCredentials()  # type: ignore[no-untyped-call]

    monkeypatch.setattr(identity, "refresh", refresh)
    monkeypatch.setattr(identity, "find_credentials", find)
    account = "reader@emergence-469005.iam.gserviceaccount.com"
    tokens = IdentityTokens(PROJECT, impersonate=account, wall=lambda: NOW)
    token = await tokens.token(AUDIENCE)
    [made] = seen
    assert made._target_audience == AUDIENCE
    assert made._target_credentials.service_account_email == account
    assert not tokens.refused(AUDIENCE, token)


# When a scrape shows a token


@pytest.fixture
async def private() -> AsyncIterator[Hostile]:
    """A service that wants a token of the second office's, and says 403 without one."""
    async with hostile_server() as running:

        @running.on("/metrics")
        async def guarded(exchange: Exchange) -> None:
            shown = exchange.received.headers.get("authorization", "")
            if not shown:
                await exchange.answer("403 Forbidden")
            elif claims_of(shown).get("by") == "second":
                await exchange.answer("200 OK", b"up 1\n")
            else:
                await exchange.answer("401 Unauthorized")

        running.always("/open", "200 OK", b"up 1\n")
        running.always("/closed", "403 Forbidden")
        running.always("/own", "401 Unauthorized")
        yield running


async def scraped(scraper: Scraper, server: Hostile, path: str = "/metrics", **rest: object) -> list[str]:
    """Scrape; what was shown each time the server was asked, by whom."""
    before = len(server.received)
    target = ScrapeTarget(server.url, path, audience=AUDIENCE, **rest)  # type: ignore[arg-type]
    try:
        await scraper.scrape(target)
    finally:
        shown = [asked.headers.get("authorization", "") for asked in server.received[before:]]
    return [str(claims_of(each)["by"]) if each else "" for each in shown]


async def test_a_public_service_never_sees_a_token(private: Hostile) -> None:
    office = Office("first")
    scraper = Scraper(IdentityTokens(PROJECT, ways=(office,), wall=office.clock))
    assert await scraped(scraper, private, "/open") == [""]
    assert not office.asked
    await scraper.close()


async def test_a_private_service_is_asked_with_a_token_from_then_on(private: Hostile) -> None:
    first, second = Office("first"), Office("second")
    scraper = Scraper(IdentityTokens(PROJECT, ways=(first, second), wall=first.clock))
    assert await scraped(scraper, private) == ["", "first", "second"]
    assert await scraped(scraper, private) == ["second"]
    await scraper.close()


async def test_a_burst_finds_the_right_token_together(private: Hostile) -> None:
    first, second = Office("first"), Office("second")
    scraper = Scraper(IdentityTokens(PROJECT, ways=(first, second), wall=first.clock))
    outcomes = await scraper.burst(ScrapeTarget(private.url, audience=AUDIENCE), 8)
    assert [type(each) for each in outcomes] == [Body] * 8
    assert (len(first.asked), len(second.asked)) == (1, 1)
    await scraper.close()


async def test_a_token_that_does_not_help_is_said_so(private: Hostile) -> None:
    office = Office("first")
    scraper = Scraper(IdentityTokens(PROJECT, ways=(office,), wall=office.clock))
    with pytest.raises(DeniedError, match="answers 403") as caught:
        await scraped(scraper, private, "/closed")
    assert caught.value.permission == "run.routes.invoke"
    assert "roles/run.invoker" in caught.value.mend
    with pytest.raises(UnauthenticatedError):
        await scraped(scraper, private, "/own")
    await scraper.close()


async def test_a_machine_without_tokens_says_what_is_needed(private: Hostile) -> None:
    office = Office("first", closed=True)
    scraper = Scraper(IdentityTokens(PROJECT, ways=(office,), wall=office.clock))
    for _ in range(3):
        with pytest.raises(UnauthenticatedError, match=r"not scraped: needs roles/run.invoker"):
            await scraped(scraper, private)
    assert len(private.received) == 3
    assert len(office.asked) == 1
    await scraper.close()


async def test_a_header_of_the_applications_own_leaves_the_token_another(private: Hostile) -> None:
    office = Office("second")
    scraper = Scraper(IdentityTokens(PROJECT, ways=(office,), wall=office.clock))
    headers = (("Authorization", HeaderValue(value="Basic b3BzOm9wcw==")),)
    with pytest.raises(SourceError):
        await scraper.scrape(ScrapeTarget(private.url, "/closed", headers, audience=AUDIENCE))
    first, then = private.received
    assert "x-serverless-authorization" not in first.headers
    assert then.headers["authorization"] == "Basic b3BzOm9wcw=="
    assert then.headers["x-serverless-authorization"].startswith("Bearer ey")
    await scraper.close()


async def test_no_token_goes_over_plain_http_or_where_none_is_meant_to(
    private: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", private.url)
    private.always("http://app.example/metrics", "403 Forbidden")
    office = Office("second")
    scraper = Scraper(IdentityTokens(PROJECT, ways=(office,), wall=office.clock))
    with pytest.raises(DeniedError):
        await scraper.scrape(ScrapeTarget("http://app.example", audience=AUDIENCE))
    with pytest.raises(DeniedError):
        await scraper.scrape(ScrapeTarget(private.url))
    assert not office.asked
    assert not any("authorization" in asked.headers for asked in private.received)
    await scraper.close()
