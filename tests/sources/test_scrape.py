"""Scrapes of a simulated service, and of a server that answers as a test wants it."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest

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
from cockpit.sources.scrape import Body, Scraper, ScrapeTarget
from cockpit.sources.secrets import HeaderValue
from tests.sources.hostile import Exchange, Hostile, hostile_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cockpit.simulator.run import Simulation

METRICS = b"# TYPE up gauge\nup 1\n"


@pytest.fixture
async def server() -> AsyncIterator[Hostile]:
    async with hostile_server() as running:
        running.always("/metrics", "200 OK", METRICS, "content-type: text/plain; version=0.0.4")
        yield running


@pytest.fixture
async def scraper() -> AsyncIterator[Scraper]:
    made = Scraper(wall=lambda: 1_790_000_000.0)
    yield made
    await made.close()


async def test_a_body_with_its_type_and_how_long_it_took(server: Hostile, scraper: Scraper) -> None:
    body = await scraper.scrape(ScrapeTarget(server.url))
    assert (body.content, body.content_type) == (METRICS, "text/plain; version=0.0.4")
    assert 0 < body.seconds < 5
    assert body.at == 1_790_000_000.0


async def test_what_is_asked(server: Hostile, scraper: Scraper) -> None:
    headers = (("X-User-Id", HeaderValue(value="ops")), ("X-Dev-Bypass", HeaderValue(value="1")))
    server.always("/api/metrics", "200 OK", METRICS)
    await scraper.scrape(ScrapeTarget(f"{server.url}/", "api/metrics?names=a", headers, timeout=4.0))
    [asked] = server.received
    assert (asked.method, asked.path) == ("GET", "/api/metrics?names=a")
    assert asked.headers["user-agent"].startswith("cockpit/")
    assert asked.headers["accept-encoding"] == "gzip"
    assert asked.headers["accept"].startswith("application/openmetrics-text;version=1.0.0")
    assert "text/plain;version=0.0.4" in asked.headers["accept"]
    assert asked.headers["x-prometheus-scrape-timeout-seconds"] == "4"
    assert (asked.headers["x-user-id"], asked.headers["x-dev-bypass"]) == ("ops", "1")


async def test_the_connection_is_kept_and_no_cookie_comes_back(server: Hostile, scraper: Scraper) -> None:
    server.always("/metrics", "200 OK", METRICS, "set-cookie: GAESA=abc; path=/", "set-cookie: other=1")
    for _ in range(3):
        await scraper.scrape(ScrapeTarget(server.url))
    assert len({asked.peer for asked in server.received}) == 1
    assert not any("cookie" in asked.headers for asked in server.received)


async def test_a_connection_that_was_closed_meanwhile_is_opened_again(server: Hostile, scraper: Scraper) -> None:
    @server.on("/metrics")
    async def once(exchange: Exchange) -> None:
        first = [asked.peer for asked in server.received].count(exchange.received.peer) == 1
        await (exchange.answer("200 OK", METRICS) if first else asyncio.sleep(0))
        if not first:
            exchange.writer.close()

    for _ in range(2):
        assert (await scraper.scrape(ScrapeTarget(server.url))).content == METRICS
    assert len(server.received) == 3


async def test_a_burst_comes_over_connections_of_its_own(server: Hostile, scraper: Scraper) -> None:
    together = asyncio.Barrier(4)

    @server.on("/metrics")
    async def all_at_once(exchange: Exchange) -> None:
        await together.wait()
        await exchange.answer("200 OK", METRICS)

    bodies = await scraper.burst(ScrapeTarget(server.url), 4)
    assert [body.content for body in bodies if isinstance(body, Body)] == [METRICS] * 4
    assert len({asked.peer for asked in server.received}) == 4


async def test_a_burst_is_bounded_and_keeps_its_failures(server: Hostile, scraper: Scraper) -> None:
    @server.on("/metrics")
    async def every_other(exchange: Exchange) -> None:
        await exchange.answer("200 OK" if len(server.received) % 2 else "500 Internal Server Error", METRICS)

    outcomes = await scraper.burst(ScrapeTarget(server.url), 50)
    assert len(outcomes) == len(server.received) == 8
    assert {type(outcome) for outcome in outcomes} == {Body, BrokenError}


async def test_gzip_in_one_member_or_several(server: Hostile, scraper: Scraper) -> None:
    for packed, whole in (
        (gzip.compress(METRICS), METRICS),
        (gzip.compress(METRICS) * 3, METRICS * 3),
        (b"", b""),
    ):
        server.always("/metrics", "200 OK", packed, "content-encoding: gzip")
        assert (await scraper.scrape(ScrapeTarget(server.url))).content == whole


STATUSES: list[tuple[str, tuple[str, ...], type[SourceError], str]] = [
    ("401 Unauthorized", (), UnauthenticatedError, "answers 401"),
    ("403 Forbidden", (), DeniedError, "answers 403"),
    ("404 Not Found", (), NotFoundError, "nothing at http"),
    ("400 Bad Request", (), InvalidError, "answers 400"),
    ("429 Too Many Requests", ("retry-after: 7",), ThrottledError, "answers 429"),
    ("500 Internal Server Error", (), BrokenError, "answers 500"),
    ("503 Service Unavailable", (), BrokenError, "answers 503"),
    ("503 Service Unavailable", ("retry-after: 7",), ThrottledError, "answers 503"),
    ("204 No Content", (), UnreadableError, "answers 204, not 200"),
    ("304 Not Modified", (), UnreadableError, "answers 304, not 200"),
]


@pytest.mark.parametrize("case", STATUSES, ids=lambda case: case[0])
async def test_every_status_has_a_name_and_a_mend(
    server: Hostile, scraper: Scraper, case: tuple[str, tuple[str, ...], type[SourceError], str]
) -> None:
    status, headers, kind, words = case
    server.always("/metrics", status, b"", *headers)
    with pytest.raises(kind, match=words) as caught:
        await scraper.scrape(ScrapeTarget(server.url))
    assert type(caught.value) is kind
    assert caught.value.mend
    assert "\n" not in f"{caught.value}{caught.value.mend}"


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("Mon, 21 Sep 2026 14:13:30 GMT", 10.0),
        ("Mon, 21 Sep 2020 14:13:30 GMT", 0.0),
        ("99999999999", 300.0),
        ("soon", None),
        ("", None),
    ],
)
async def test_how_long_it_asks_us_to_wait(
    server: Hostile, scraper: Scraper, asked: str, waits: float | None
) -> None:
    server.always("/metrics", "429 Too Many Requests", b"", f"retry-after: {asked}")
    with pytest.raises(ThrottledError) as caught:
        await scraper.scrape(ScrapeTarget(server.url))
    assert caught.value.retry_after == waits


async def test_a_refusal_in_plain_text_is_quoted_clean(server: Hostile, scraper: Scraper) -> None:
    server.always(
        "/metrics", "500 Oops", b"disk \x1b]0;evil\x07 full\nand more " + b"x" * 300, "content-type: text/plain"
    )
    with pytest.raises(BrokenError, match=r"answers 500: disk .* full and more x+…$") as caught:
        await scraper.scrape(ScrapeTarget(server.url))
    assert "\x1b" not in str(caught.value)
    server.always("/metrics", "500 Oops", b"<html>sorry</html>", "content-type: text/html")
    with pytest.raises(BrokenError, match=r"answers 500$"):
        await scraper.scrape(ScrapeTarget(server.url))


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("ftp://x", "is no address"),
        ("x.run.app", "is no address"),
        ("https://", "is no address"),
        ("https://ana:hush@x.run.app", "carries a user or password"),
        ("https://x.run.app:99999", "not an address"),
        ("https://[::1", "not an address"),
        ("https://x .run.app", "not an address"),
        ("https://x.run.app/\x00", "not an address"),
        ("https://x.run.app/" + "x" * 10_000, "not an address"),
    ],
)
async def test_an_address_that_cannot_be_asked(scraper: Scraper, url: str, wrong: str) -> None:
    with pytest.raises(InvalidError, match=wrong) as caught:
        await scraper.scrape(ScrapeTarget(url))
    assert "hush" not in str(caught.value)


async def test_no_header_leaves_this_machine_in_plain_text(scraper: Scraper) -> None:
    target = ScrapeTarget("http://metrics.example", headers=(("X-Token", HeaderValue(value="hush")),))
    with pytest.raises(InvalidError, match="plain http: nothing secret is sent there") as caught:
        await scraper.scrape(target)
    assert "X-Token" in caught.value.mend


async def test_a_header_that_cannot_be_read_is_named(server: Hostile, scraper: Scraper) -> None:
    target = ScrapeTarget(server.url, headers=(("X-Token", HeaderValue(env="NOT_SET_ANYWHERE")),))
    with pytest.raises(InvalidError, match="header X-Token: its variable NOT_SET_ANYWHERE is not set"):
        await scraper.scrape(target)
    assert not server.received


async def test_a_simulated_service_and_its_tag(simulation: Callable[..., Awaitable[Simulation]]) -> None:
    told = (await simulation("bad-canary")).announcement
    scraper = Scraper()
    service = await scraper.scrape(ScrapeTarget(told.url, "/api/metrics"))
    canary = await scraper.scrape(ScrapeTarget(told.tags["canary"], "/api/metrics"))
    assert service.content_type.startswith("application/openmetrics-text")
    assert b"process_start_time_seconds" in service.content
    assert canary.content.endswith(b"# EOF\n")
    with pytest.raises(NotFoundError):
        await scraper.scrape(ScrapeTarget(told.url, "/nowhere"))
    await scraper.close()
