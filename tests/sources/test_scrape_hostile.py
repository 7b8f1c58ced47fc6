"""Scrapes of servers that mean harm, or are broken: bounded, named, and nothing given away."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import pytest

from cockpit.sources.calling import MEBIBYTE
from cockpit.sources.errors import (
    RedirectedError,
    SourceError,
    TooLargeError,
    TooSlowError,
    UnreachableError,
    UnreadableError,
)
from cockpit.sources.scrape import Scraper, ScrapeTarget
from cockpit.sources.secrets import HeaderValue
from tests.sources.hostile import Exchange, Hostile, hostile_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n"
SECRET = (("X-Token", HeaderValue(value="hush")),)


@pytest.fixture
async def server() -> AsyncIterator[Hostile]:
    async with hostile_server() as running:
        yield running


@pytest.fixture
async def scraper() -> AsyncIterator[Scraper]:
    made = Scraper()
    yield made
    await made.close()


async def test_an_endless_body_is_cut_off(server: Hostile, scraper: Scraper) -> None:
    @server.on("/metrics")
    async def endless(exchange: Exchange) -> None:
        await exchange.send(HEAD + b"\r\n")
        while True:
            await exchange.send(b"up 1\n" * 10_000)

    with pytest.raises(TooLargeError, match="more than 1 MiB") as caught:
        await scraper.scrape(ScrapeTarget(server.url, most=MEBIBYTE, timeout=30))
    assert caught.value.limit == MEBIBYTE
    await asyncio.wait_for(server.ended.wait(), 10)


async def test_a_drip_ends_with_the_deadline(server: Hostile, scraper: Scraper) -> None:
    @server.on("/metrics")
    async def drip(exchange: Exchange) -> None:
        await exchange.send(HEAD + b"\r\n")
        while True:
            await exchange.send(b"u")
            await asyncio.sleep(0.02)

    with pytest.raises(TooSlowError, match=r"no whole answer from .* within 0.3 s"):
        await scraper.scrape(ScrapeTarget(server.url, timeout=0.3))
    await asyncio.wait_for(server.ended.wait(), 10)


async def test_a_head_that_drips_ends_with_the_deadline(server: Hostile, scraper: Scraper) -> None:
    @server.on("/metrics")
    async def drip(exchange: Exchange) -> None:
        await exchange.send(HEAD)
        while True:
            await exchange.send(b"x-a: b\r\n")
            await asyncio.sleep(0.02)

    with pytest.raises(TooSlowError, match=r"no answer from .* within 0.3 s"):
        await scraper.scrape(ScrapeTarget(server.url, timeout=0.3))


async def test_silence_ends_with_the_deadline(server: Hostile, scraper: Scraper) -> None:
    @server.on("/metrics")
    async def silent(exchange: Exchange) -> None:
        await asyncio.Event().wait()

    with pytest.raises(TooSlowError, match="no answer"):
        await scraper.scrape(ScrapeTarget(server.url, timeout=0.2))
    outcomes = await scraper.burst(ScrapeTarget(server.url, timeout=0.2), 8)
    assert {type(outcome) for outcome in outcomes} == {TooSlowError}


async def test_a_gzip_bomb_takes_no_more_than_the_limit(server: Hostile, scraper: Scraper) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join([*(packer.compress(b"\x00" * MEBIBYTE) for _ in range(256)), packer.flush()])
    server.always("/metrics", "200 OK", bomb, "content-encoding: gzip")
    target = ScrapeTarget(server.url, most=4 * MEBIBYTE, timeout=30)
    with pytest.raises(TooLargeError):
        await scraper.scrape(target)
    tracemalloc.start()
    with pytest.raises(TooLargeError):
        await scraper.scrape(target)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * MEBIBYTE


async def test_a_flood_of_headers_is_no_http(server: Hostile, scraper: Scraper) -> None:
    @server.on("/metrics")
    async def flood(exchange: Exchange) -> None:
        await exchange.send(HEAD)
        for number in range(100_000):
            await exchange.send(b"x-flood-%d: %s\r\n" % (number, b"x" * 1000))

    with pytest.raises(UnreadableError, match="not HTTP"):
        await scraper.scrape(ScrapeTarget(server.url, timeout=30))


BODIES: list[tuple[str, bytes, type[SourceError], str]] = [
    ("nothing at all", b"", UnreachableError, "closes the connection"),
    ("another protocol", b"SSH-2.0-OpenSSH_9.2\r\n\r\n", UnreadableError, "not HTTP"),
    ("less than announced", HEAD + b"content-length: 100\r\n\r\nup 1\n", UnreadableError, "broke off"),
    ("a chunk cut short", HEAD + b"transfer-encoding: chunked\r\n\r\n20\r\nup 1\n", UnreadableError, "broke off"),
    ("a chunk without a size", HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n", UnreadableError, "not HTTP"),
    ("a length below zero", HEAD + b"content-length: -5\r\n\r\n", UnreadableError, "not HTTP"),
    ("two lengths", HEAD + b"content-length: 1\r\ncontent-length: 2\r\n\r\nup", UnreadableError, "not HTTP"),
    ("gzip that is none", HEAD + b"content-encoding: gzip\r\n\r\nup 1\n", UnreadableError, "it is not"),
    (
        "gzip cut short",
        HEAD + b"content-encoding: gzip\r\n\r\n" + gzip.compress(b"up 1\n" * 99)[:-9],
        UnreadableError,
        "too early",
    ),
    ("a packing nobody asked for", HEAD + b"content-encoding: br\r\n\r\nup", UnreadableError, "'br'"),
]


@pytest.mark.parametrize(
    ("data", "kind", "words"), [case[1:] for case in BODIES], ids=[case[0] for case in BODIES]
)
async def test_a_broken_answer_has_a_name(
    server: Hostile, scraper: Scraper, data: bytes, kind: type[SourceError], words: str
) -> None:
    @server.on("/metrics")
    async def broken(exchange: Exchange) -> None:
        await exchange.send(data)
        exchange.writer.close()

    with pytest.raises(kind, match=words) as caught:
        await scraper.scrape(ScrapeTarget(server.url))
    assert type(caught.value) is kind


async def test_a_reset_in_the_middle_of_a_body(server: Hostile, scraper: Scraper) -> None:
    @server.on("/metrics")
    async def reset(exchange: Exchange) -> None:
        await exchange.send(HEAD + b"content-length: 100\r\n\r\nup 1\n")
        exchange.reset()

    with pytest.raises((UnreachableError, UnreadableError), match=r"reset|broke off"):
        await scraper.scrape(ScrapeTarget(server.url))


async def test_nobody_there(scraper: Scraper, unused_tcp_port: int) -> None:
    with pytest.raises(UnreachableError, match=f"127.0.0.1:{unused_tcp_port}: connection refused"):
        await scraper.scrape(ScrapeTarget(f"http://127.0.0.1:{unused_tcp_port}"))


async def test_redirects_within_an_origin_are_followed(server: Hostile, scraper: Scraper) -> None:
    server.always("/metrics", "301 Moved Permanently", b"see there", "location: /metrics/")
    server.always("/metrics/", "307 Temporary Redirect", b"", f"location: {server.url}/v2")
    server.always("/v2", "200 OK", b"up 1\n")
    body = await scraper.scrape(ScrapeTarget(server.url, headers=SECRET))
    assert body.content == b"up 1\n"
    assert [asked.headers.get("x-token") for asked in server.received] == ["hush"] * 3


async def test_a_circle_of_redirects_ends(server: Hostile, scraper: Scraper) -> None:
    server.always("/metrics", "302 Found", b"", "location: /metrics?again")
    with pytest.raises(RedirectedError, match="more than 3 times"):
        await scraper.scrape(ScrapeTarget(server.url))
    assert len(server.received) == 4


async def test_nothing_reaches_another_origin(server: Hostile, scraper: Scraper) -> None:
    async with hostile_server() as other:
        places = (
            f"{other.url}/steal",
            f"//127.0.0.1:{other.port}/steal",
            f"http://localhost:{server.port}/metrics",
            f"https://127.0.0.1:{server.port}/metrics",
        )
        for place in places:
            server.always("/metrics", "302 Found", b"", f"location: {place}")
            with pytest.raises(RedirectedError, match=r"redirected to .*, not followed") as caught:
                await scraper.scrape(ScrapeTarget(server.url, headers=SECRET))
            assert caught.value.host in ("127.0.0.1", "localhost")
            assert caught.value.mend
        assert not other.received
    assert len(server.received) == len(places)


@pytest.mark.parametrize(
    "place", ["javascript:alert(1)", "ftp://x/y", "http://[", "file:///etc/passwd", "http://a b/"]
)
async def test_a_redirect_to_no_address(server: Hostile, scraper: Scraper, place: str) -> None:
    server.always("/metrics", "302 Found", b"", f"location: {place}")
    with pytest.raises(SourceError, match=r"address|redirect"):
        await scraper.scrape(ScrapeTarget(server.url, headers=SECRET))
    assert len(server.received) == 1
