"""What is told of endpoints: counts, shares, latencies, by revision, and what is folded."""

from __future__ import annotations

import numpy as np
import pytest

from cockpit.logs.digest import requests
from cockpit.logs.digest.result import of
from tests.logs.digested import CANARY, PAIR, STABLE, digest_of, error, request


def test_requests_of_one_endpoint_are_counted_by_how_they_were_answered() -> None:
    statuses = [200] * 5 + [204, 301, 404, 404, 500, 503, 0]
    [endpoint] = digest_of(request("/api/chat", status) for status in statuses).endpoints.listed
    assert (endpoint.method, endpoint.path) == ("GET", "/api/chat")
    assert endpoint.total.count == 12
    assert endpoint.total.classes == (1, 0, 6, 1, 2, 2)
    assert endpoint.total.share(5) == pytest.approx(2 / 12)
    assert endpoint.total.latency is None


def test_latencies_are_exact() -> None:
    seconds = np.random.default_rng(3).lognormal(-3, 1, 997)
    digest = digest_of(request(latency=float(each)) for each in seconds)
    [endpoint] = digest.endpoints.listed
    latency = endpoint.total.latency
    assert latency is not None
    wanted = (seconds.mean(), seconds.min(), *np.quantile(seconds, (0.5, 0.95, 0.99)), seconds.max())
    found = (latency.average, latency.minimum, latency.p50, latency.p95, latency.p99, latency.maximum)
    assert found == pytest.approx(wanted, rel=1e-6)
    assert latency.count == endpoint.total.count == 997
    assert digest.endpoints.total.latency == latency


def test_a_latency_that_nobody_told_is_left_out() -> None:
    [endpoint] = digest_of([request(latency=0.5), request()]).endpoints.listed
    assert endpoint.total.latency is not None
    assert (endpoint.total.count, endpoint.total.latency.count) == (2, 1)


def test_ids_are_folded_and_queries_dropped() -> None:
    paths = [f"/api/v1/users/{number}/profile?tab={number}" for number in range(1000, 1100)]
    [endpoint] = digest_of(request(path) for path in paths).endpoints.listed
    assert (endpoint.path, endpoint.total.count) == ("/api/v1/users/{id}/profile", 100)


def test_methods_are_told_apart_and_the_busiest_endpoint_stands_first() -> None:
    rows = [request("/a"), *[request("/b", method="POST")] * 3, *[request("/b")] * 2]
    listed = digest_of(rows).endpoints.listed
    assert [(each.method, each.path, each.total.count) for each in listed] == [
        ("POST", "/b", 3),
        ("GET", "/b", 2),
        ("GET", "/a", 1),
    ]


def test_each_endpoint_and_the_sum_are_told_by_revision() -> None:
    rows = [request("/a", latency=1.0)] * 4 + [request("/a", 500, latency=3.0, revision=CANARY)] * 2
    endpoints = digest_of([*rows, request("/b", revision=CANARY)]).endpoints
    canary = of(endpoints.listed[0].by_revision, CANARY)
    stable = of(endpoints.listed[0].by_revision, STABLE)
    assert canary is not None
    assert stable is not None
    assert canary.latency is not None
    assert (canary.count, canary.share(5), canary.latency.p50) == (2, 1.0, 3.0)
    assert (stable.count, stable.share(5)) == (4, 0.0)
    assert {name: each.count for name, each in endpoints.by_revision} == {STABLE: 4, CANARY: 3}
    assert of(endpoints.listed[1].by_revision, STABLE) is None


def test_paths_that_are_not_there_are_summed_up_in_one_line() -> None:
    rows = [request(path, 404) for path in ("/x", "/y", "/y")] + [request("/z", 405, method="POST")]
    endpoints = digest_of([*rows, request("/a"), request("/a", 404), request("/b", 403)]).endpoints
    assert [each.path for each in endpoints.listed] == ["/a", "/b"]
    assert (endpoints.absent.count, endpoints.absent_paths) == (4, 3)
    assert endpoints.total.count == 7


def test_endpoints_beyond_those_told_apart_are_summed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "MOST_ENDPOINTS", 3)
    words = ("alpha", "beta", "gamma", "delta", "epsilon", "delta")
    endpoints = digest_of(request(f"/{word}", latency=0.1) for word in words).endpoints
    assert {each.path for each in endpoints.listed} == {"/alpha", "/beta", "/gamma"}
    assert (endpoints.rest.count, endpoints.rest_paths) == (3, 2)
    assert endpoints.total.count == 6


def test_lines_of_the_service_are_no_requests() -> None:
    digest = digest_of([error("GET /api/chat failed")], compared=PAIR)
    assert digest.rows == 1
    assert digest.endpoints.total.count == 0
    assert digest.endpoints.listed == ()
