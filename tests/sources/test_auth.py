"""Credentials as they lie on a machine, and tokens from a token endpoint on this one."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from google.oauth2.credentials import Credentials

from cockpit.sources.auth import Account, account_of, find_credentials, machine_user
from cockpit.sources.connection import Connection
from cockpit.sources.errors import UnauthenticatedError, UnreachableError
from cockpit.sources.target import Api, Target

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PROJECT = "emergence-469005"
USER = {"type": "authorized_user", "client_id": "id", "client_secret": "hush", "refresh_token": "hush-hush"}


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without credentials, whose gcloud keeps its files in the path given."""
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_QUOTA_PROJECT", "GOOGLE_CLOUD_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("PATH", str(tmp_path))  # where no gcloud is found to ask for a project
    return tmp_path


def log_in(machine: Path, **fields: str) -> None:
    (machine / "application_default_credentials.json").write_text(json.dumps(USER | fields))


async def test_a_machine_without_credentials_says_how_to_get_some() -> None:
    with pytest.raises(UnauthenticatedError, match="no Google credentials on this machine") as caught:
        await find_credentials(PROJECT)
    assert "gcloud auth application-default login" in caught.value.mend


async def test_credentials_that_cannot_be_read_are_said_so(machine: Path) -> None:
    (machine / "application_default_credentials.json").write_text('{"type": "nonsense"}')
    with pytest.raises(UnauthenticatedError, match="cannot be used") as caught:
        await find_credentials(PROJECT)
    assert "\n" not in str(caught.value)


async def test_logging_in_mends_a_connection_that_failed(machine: Path) -> None:
    connection = Connection(Target(PROJECT, "europe-west1"))
    with pytest.raises(UnauthenticatedError):
        await connection.channel(Api.RUN)
    log_in(machine)
    assert await connection.channel(Api.RUN) is await connection.channel(Api.RUN)
    assert await connection.channel(Api.LOGGING) is not await connection.channel(Api.RUN)
    await connection.close()


async def test_a_users_calls_are_paid_by_the_project_unless_they_name_another(machine: Path) -> None:
    log_in(machine)
    assert (await find_credentials(PROJECT)).quota_project_id == PROJECT
    log_in(machine, quota_project_id="other")
    assert (await find_credentials(PROJECT)).quota_project_id == "other"


async def test_a_local_endpoint_needs_nobody() -> None:
    account = await Connection(Target(PROJECT, "europe-west1", "127.0.0.1:1")).account()
    assert account.kind.startswith("none")
    assert account.who == machine_user() != ""
    assert Account("user", "ana@example.com").who == "ana@example.com"


class TokenEndpoint:
    """Answers every request with `status` and `body`, as JSON."""

    def __init__(self) -> None:
        self.status = "200 OK"
        self.body: dict[str, str] = {}

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = json.dumps(self.body).encode()
        head = f"HTTP/1.1 {self.status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        writer.write(head.encode() + b"connection: close\r\n\r\n" + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@pytest.fixture
async def google() -> AsyncIterator[tuple[TokenEndpoint, Credentials]]:
    """A token endpoint, and a user's credentials that are refreshed there."""
    endpoint = TokenEndpoint()
    server = await asyncio.start_server(endpoint.answer, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/token"
    make: Any = Credentials
    yield endpoint, make(None, refresh_token="hush", token_uri=url, client_id="id", client_secret="hush")
    server.close()
    await server.wait_closed()


def unsigned_token(**claims: str) -> str:
    """A JSON web token that nobody signed."""
    parts = ({"alg": "none"}, claims)
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    return ".".join((*encoded, "c2ln"))


async def test_the_users_address_comes_with_the_token(google: tuple[TokenEndpoint, Credentials]) -> None:
    endpoint, credentials = google
    token = unsigned_token(email="ana@example.com")
    endpoint.body = {"access_token": "hush", "expires_in": "3600", "id_token": token}
    account = await account_of(credentials)
    assert account == Account("user", "ana@example.com")
    assert "hush" not in repr(account)


async def test_a_token_without_an_address_leaves_the_user_of_the_machine(
    google: tuple[TokenEndpoint, Credentials],
) -> None:
    endpoint, credentials = google
    endpoint.body = {"access_token": "hush", "expires_in": "3600"}
    account = await account_of(credentials)
    assert (account.email, account.who) == ("", machine_user())


async def test_credentials_google_takes_no_more(google: tuple[TokenEndpoint, Credentials]) -> None:
    endpoint, credentials = google
    endpoint.status, endpoint.body = "400 Bad Request", {"error": "invalid_grant", "error_description": "Expired."}
    with pytest.raises(UnauthenticatedError, match="invalid_grant: Expired") as caught:
        await account_of(credentials)
    assert "{" not in str(caught.value)
    assert "hush" not in str(caught.value)
    assert "login" in caught.value.mend


async def test_a_token_endpoint_out_of_reach_is_no_bad_login(unused_tcp_port: int) -> None:
    make: Any = Credentials
    url = f"http://127.0.0.1:{unused_tcp_port}/token"
    credentials = make(None, refresh_token="hush", token_uri=url, client_id="id", client_secret="hush")
    with pytest.raises(UnreachableError):
        await account_of(credentials)
