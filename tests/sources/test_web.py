"""The way to other hosts: names below localhost, TLS, proxies, and bodies that are unpacked in slices."""

from __future__ import annotations

import asyncio
import gzip
from typing import TYPE_CHECKING

import pytest

from cockpit.sources.errors import InvalidError, TooLargeError, UnreachableError
from cockpit.sources.web.address import Address
from cockpit.sources.web.exchange import Request, WebClient
from cockpit.sources.web.reading import read_body
from tests.sources.certificates import self_signed
from tests.sources.hostile import Hostile, hostile_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, *(name.lower() for name in PROXIES), "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def server() -> AsyncIterator[Hostile]:
    async with hostile_server() as running:
        running.always("/", "200 OK", b"up 1\n")
        yield running


async def body_of(url: str, ca_file: str = "") -> bytes:
    """What a client of its own gets."""
    web = WebClient(ca_file)
    try:
        return (await web.send(Request(url, seconds=10, most=1000))).content
    finally:
        await web.close()


@pytest.mark.parametrize("host", ["localhost", "canary---app.localhost", "127.0.0.1"])
async def test_loopback_is_reached_by_every_name_past_any_proxy(
    server: Hostile, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int, host: str
) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_tcp_port}")
    assert await body_of(f"http://{host}:{server.port}/") == b"up 1\n"
    assert server.received[0].headers["host"] == f"{host}:{server.port}"


async def test_a_name_that_answers_on_ipv6_alone() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nv6")
        writer.close()
        await writer.wait_closed()

    try:
        listening = await asyncio.start_server(answer, "::1", 0)
    except OSError:
        pytest.skip("no IPv6 on this machine")
    async with listening:
        assert await body_of(f"http://app.localhost:{listening.sockets[0].getsockname()[1]}/") == b"v6"


async def test_others_are_reached_through_the_proxy(server: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    server.always("http://metrics.example/", "200 OK", b"by proxy")
    assert await body_of("http://metrics.example/") == b"by proxy"


async def test_a_certificate_nobody_vouches_for(tmp_path: Path) -> None:
    bundle, context = self_signed(tmp_path, "app.localhost")
    async with hostile_server(context) as server:
        server.always("/", "200 OK", b"up 1\n")
        with pytest.raises(UnreachableError, match=r"certificate of .* is not trusted: self-signed") as caught:
            await body_of(f"{server.url}/")
        assert "SSL_CERT_FILE" in caught.value.mend
        assert await body_of(f"{server.url}/", str(bundle)) == b"up 1\n"
        assert await body_of(f"https://app.localhost:{server.port}/", str(bundle)) == b"up 1\n"
        with pytest.raises(UnreachableError, match=r"not trusted: Hostname mismatch"):
            await body_of(f"https://other.localhost:{server.port}/", str(bundle))


async def test_authorities_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle, context = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    async with hostile_server(context) as server:
        server.always("/", "200 OK", b"up 1\n")
        assert await body_of(f"{server.url}/") == b"up 1\n"


async def test_a_bundle_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match=r"nowhere\.pem is no bundle of certificate authorities"):
        await body_of("https://127.0.0.1/", "nowhere.pem")
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(InvalidError, match="is no bundle"):
        await body_of("https://127.0.0.1/", str(tmp_path / "empty.pem"))


async def test_plain_http_where_tls_is_asked() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        with pytest.raises(UnreachableError, match=f"no TLS with 127.0.0.1:{port}") as caught:
            await body_of(f"https://127.0.0.1:{port}/")
    assert "plain http" in caught.value.mend


@pytest.mark.parametrize(
    ("url", "place", "confidential"),
    [
        ("https://app.run.app/x", "app.run.app", True),
        ("https://app.run.app:8443/x", "app.run.app:8443", True),
        ("http://app.run.app/x", "app.run.app", False),
        ("http://localhost.evil.example/", "localhost.evil.example", False),
        ("http://evillocalhost/", "evillocalhost", False),
        ("http://app.localhost:8080/", "app.localhost:8080", True),
        ("http://[::1]:8080/", "[::1]:8080", True),
        ("http://127.0.0.1.evil.example/", "127.0.0.1.evil.example", False),
        ("http://0.0.0.0/", "0.0.0.0", False),
    ],
)
def test_where_a_secret_may_go(url: str, place: str, confidential: bool) -> None:
    address = Address.of(url)
    assert (address.place, address.confidential) == (place, confidential)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_the_loop_turns_while_a_body_is_unpacked() -> None:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    packed = gzip.compress(b"\x00" * (20 << 20))
    turning = asyncio.create_task(turn())
    body = await read_body(chunks(packed), "gzip", 1 << 30, "here")
    turning.cancel()
    assert len(body) == 20 << 20
    assert turns >= 20


async def test_the_limit_is_exact() -> None:
    assert await read_body(chunks(b"a" * 10, b"b" * 10), "", 20, "here") == b"a" * 10 + b"b" * 10
    with pytest.raises(TooLargeError, match=r"here answers with more than 0\.0186 KiB"):
        await read_body(chunks(b"a" * 10, b"b" * 10), "", 19, "here")
