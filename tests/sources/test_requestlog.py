"""The request log as requests: whose they were, and which URL they came by."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest

from cockpit.release.observed import RequestSeen
from cockpit.release.service import ServiceRef
from cockpit.simulator.logs.messages import LogEntry
from cockpit.sources.cloudlogging import CloudLogging
from cockpit.sources.requestlog import RequestLog, request_of, requests_query
from cockpit.sources.scrape import Scraper, ScrapeTarget
from cockpit.sources.tail import TailMode, TailPace
from tests.simulated import visiting
from tests.sources.local import CANARY, PROJECT, REF, REGION, STABLE, until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cockpit.simulator.run import Simulation
    from cockpit.sources.tail import TailState
    from tests.sources.local import Cloud

URL = "https://emergence-app-abc123-ew.a.run.app/api/health"
TAGGED = "https://canary---emergence-app-abc123-ew.a.run.app/api/health"


def entry(url: str = URL, revision: str = STABLE, status: int = 200, **fields: Any) -> Any:
    """One entry of the request log, as Cloud Run writes it."""
    made = LogEntry(log_name=f"projects/{PROJECT}/logs/run.googleapis.com%2Frequests", **fields)
    made.resource.type = "cloud_run_revision"
    made.resource.labels.update(
        project_id=PROJECT, service_name=REF.service, revision_name=revision, location=REGION
    )
    made.labels["instanceId"] = "00a1b2"
    made.timestamp.FromNanoseconds(int(time.time() * 1e9))
    made.http_request.request_url, made.http_request.status = url, status
    made.http_request.latency.FromMilliseconds(208)
    return made


def test_an_entry_is_a_request() -> None:
    made = entry(status=503)
    made.timestamp.FromNanoseconds(1_790_000_000_250_000_000)
    assert request_of(made) == RequestSeen(1_790_000_000.25, STABLE, "00a1b2", 503, 0.208)


@pytest.mark.parametrize(
    ("url", "tag"),
    [
        (URL, ""),
        (TAGGED, "canary"),
        ("http://blue-green---emergence-app.localhost:8080/", "blue-green"),
        ("https://emergence.example.com/a---b", ""),
        ("https://emergence-app-abc.run.app/?next=https://canary---emergence-app.run.app", ""),
        ("not a url", ""),
        ("", ""),
    ],
)
def test_a_tag_is_told_by_the_host_alone(url: str, tag: str) -> None:
    assert request_of(entry(url)).tag == tag


def test_an_entry_that_says_little_is_read_nonetheless() -> None:
    assert request_of(LogEntry()) == RequestSeen(0.0, "", "", 0, 0.0)


async def test_only_this_services_requests_are_followed_and_no_scrapes(cloud: Cloud) -> None:
    other = entry(revision="other-00001-abc")
    other.resource.labels["service_name"] = "other"
    line = entry()
    line.log_name = f"projects/{PROJECT}/logs/run.googleapis.com%2Fstderr"
    scrape = entry()
    scrape.http_request.user_agent = "cockpit/0.1.0"
    imitator = entry(TAGGED, CANARY)
    imitator.http_request.user_agent = "Mozilla/5.0 (like cockpit/0.1.0)"
    elsewhere = entry()
    elsewhere.resource.labels["location"] = "us-east1"
    for made in (entry(), other, line, elsewhere, scrape):
        cloud.logs.write(made)

    requests: list[RequestSeen] = []
    states: list[TailState] = []
    log = RequestLog(CloudLogging(cloud.connect()), TailPace(window=0.05, grace=0.05))
    task = asyncio.create_task(log.follow(REF, requests.extend, states.append))
    await until(lambda: bool(states) and states[-1].mode is TailMode.STREAMING)
    assert [(seen.revision, seen.tag) for seen in requests] == [(STABLE, "")]
    for made in (other, line, elsewhere, scrape, imitator, entry(TAGGED, CANARY, 500)):
        made.insert_id = ""
        cloud.logs.write(made)
    await until(lambda: len(requests) > 2)
    assert [(seen.revision, seen.tag, seen.status) for seen in requests[1:]] == [
        (CANARY, "canary", 200),
        (CANARY, "canary", 500),
    ]
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()


async def test_the_scrapes_of_a_cockpit_are_in_the_log_but_not_followed(
    simulation: Callable[..., Awaitable[Simulation]],
) -> None:
    running = await simulation("healthy")
    told = running.announcement
    ref = ServiceRef(told.project, told.region, told.service)
    scraper = Scraper()
    await scraper.scrape(ScrapeTarget(told.url, "/api/metrics"))
    await scraper.close()
    async with visiting(running) as visitor:
        await visitor.request("/api/health")
        whole = await visitor.entries(requests_query(ref).replace("NOT httpRequest", "httpRequest"))
        followed = await visitor.entries(requests_query(ref))
    assert [each["httpRequest"]["requestUrl"].rpartition("/api/")[2] for each in whole] == ["metrics"]
    assert [each["httpRequest"]["requestUrl"].rpartition("/api/")[2] for each in followed] == ["health"]
