"""Which signals are found in what real frameworks expose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.metrics.exposed import Family, MetricKind
from cockpit.metrics.labels import labels_of
from cockpit.metrics.signals.discover import asked_for, discover
from cockpit.metrics.signals.signal import Better, Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.signals.signal import Signal

COUNTER, GAUGE, HISTOGRAM = MetricKind.COUNTER, MetricKind.GAUGE, MetricKind.HISTOGRAM
PROCESS = {"process_cpu_seconds_total": COUNTER, "process_resident_memory_bytes": GAUGE}
EMERGENCE = {
    "memory_analysis_success_total": COUNTER,
    "memory_analysis_failure_total": COUNTER,
    "memory_analysis_cache_hits_total": COUNTER,
    "memory_analysis_cache_misses_total": COUNTER,
    "memory_analysis_cache_size": GAUGE,
    "memory_analysis_duration_seconds": HISTOGRAM,
    "concept_recall_detections_total": COUNTER,
    "concept_recall_interactions_total": COUNTER,
    "concept_recall_concepts_total": GAUGE,
    "concept_recall_similarity_score": HISTOGRAM,
    "concept_recall_detection_latency_seconds": HISTOGRAM,
    "concept_recall_vector_search_duration_seconds": HISTOGRAM,
    "python_gc_collections_total": COUNTER,
    **PROCESS,
}


def found(kinds: dict[str, MetricKind], paths: Collection[str] = (), **labels: str) -> dict[str, Signal]:
    """The signals by id, of families by kind, where what is asked for has these labels."""
    families = {name: Family(name, kind) for name, kind in kinds.items()}
    asked = asked_for(families)

    def series(metric: str) -> Collection[Labels]:
        assert metric in asked
        return [labels_of(labels), labels_of({**labels, "method": "GET"})]

    return {signal.id: signal for signal in discover(families, series, paths)}


def test_emergence_app_shows_what_its_operators_watch() -> None:
    signals = found(EMERGENCE)
    assert [signal.title for signal in signals.values()] == [
        "memory analysis",
        "errors",
        "P50",
        "P95",
        "P99",
        "cache hit",
        "dismissed",
        "P95 detection",
        "P95 vector search",
        "CPU cores",
        "memory",
    ]
    errors, hits = signals["errors"], signals["cache-hit"]
    assert errors.source == ("memory_analysis_failure_total",)
    assert errors.total == ("memory_analysis_success_total", "memory_analysis_failure_total")
    assert (errors.better, hits.better) == (Better.LOWER, Better.HIGHER)
    assert signals["p95"].source == ("memory_analysis_duration_seconds",)
    assert signals["dismissed"].total == ("concept_recall_interactions_total",)


@pytest.mark.parametrize(
    ("counter", "times", "labels", "events"),
    [
        ("http_requests_total", "http_request_duration_seconds", {"code": "200"}, 'code=~"5.."'),
        ("http_requests_total", "http_request_duration_highr_seconds", {"status": "2xx"}, 'status=~"5.."'),
        ("shop_http_requests_total", "shop_http_request_duration_seconds", {"code": "200"}, 'code=~"5.."'),
        ("starlette_requests_total", "starlette_request_duration_seconds", {"status_code": "404"}, "status_code="),
        ("flask_http_request_total", "flask_http_request_duration_seconds", {"status": "200"}, "status="),
        ("grpc_server_handled_total", "grpc_server_handling_seconds", {"grpc_code": "OK"}, "Internal"),
    ],
)
def test_the_usual_counters_and_histograms(counter: str, times: str, labels: dict[str, str], events: str) -> None:
    signals = found({counter: COUNTER, times: HISTOGRAM, **PROCESS}, **labels)
    assert list(signals) == ["requests", "errors", "p50", "p95", "p99", "cpu", "memory"]
    assert signals["requests"].source == (counter,)
    assert signals["errors"].source[0].startswith(f"{counter}{{")
    assert events in signals["errors"].source[0]
    assert signals["errors"].total == (counter,)
    assert signals["p99"].source == (times,)


@pytest.mark.parametrize(
    ("times", "label"),
    [
        ("http_server_requests_seconds", "status"),
        ("http_server_request_duration_seconds", "http_response_status_code"),
        ("http_request_duration_seconds", "code"),
    ],
)
def test_a_histogram_alone_counts_requests_too(times: str, label: str) -> None:
    signals = found({times: HISTOGRAM}, **{label: "503"})
    assert signals["requests"].source == (f"{times}_count",)
    assert signals["errors"].source == (f'{times}_count{{{label}=~"5.."}}',)
    assert list(signals)[2:] == ["p50", "p95", "p99"]


def test_our_own_scrapes_are_not_the_services_requests() -> None:
    kinds = {"http_requests_total": COUNTER, "http_request_duration_seconds": HISTOGRAM}
    signals = found(kinds, ("/metrics", "/api/metrics"), code="200", handler="/api/metrics")
    assert signals["requests"].source == ('http_requests_total{handler!="/api/metrics"}',)
    assert signals["errors"].source == ('http_requests_total{handler!="/api/metrics",code=~"5.."}',)
    assert signals["p95"].source == ('http_request_duration_seconds{handler!="/api/metrics"}',)
    assert found(kinds, ("/metrics",), code="200", handler="/api")["requests"].source == ("http_requests_total",)


def test_a_label_that_is_no_status_makes_no_errors() -> None:
    signals = found({"http_requests_total": COUNTER}, status="started")
    assert list(signals) == ["requests"]


def test_openmetrics_names_its_counters_without_their_ending() -> None:
    signals = found({"jobs_success": COUNTER, "jobs_failure": COUNTER, "jobs_duration_seconds": HISTOGRAM})
    assert list(signals) == ["jobs", "errors", "p50", "p95", "p99"]
    assert signals["errors"].total == ("jobs_success_total", "jobs_failure_total")


def test_errors_may_be_counted_beside_their_total() -> None:
    signals = found({"queue_requests_total": COUNTER, "queue_errors_total": COUNTER})
    assert signals["errors"].source == ("queue_errors_total",)
    assert signals["errors"].total == ("queue_requests_total",)


def test_several_caches_are_told_apart() -> None:
    kinds = {f"{cache}_{end}_total": COUNTER for cache in ("page", "user") for end in ("hits", "misses")}
    assert [signal.title for signal in found(kinds).values()] == ["page hit", "user hit"]


def test_of_a_fresh_service_the_process_is_what_is_left() -> None:
    signals = found({**PROCESS, "promhttp_metric_handler_requests_total": COUNTER, "go_goroutines": GAUGE})
    assert list(signals) == ["cpu", "memory"]
    assert signals["cpu"].kind is Kind.GAUGE
    assert found({}) == {}


def test_names_that_need_quotes_and_many_histograms_are_survived() -> None:
    kinds = {f"step_{number}_seconds": HISTOGRAM for number in range(40)}
    signals = found({"http.requests_total": COUNTER, "a\x1b[2J_success_total": COUNTER, **kinds})
    assert len(signals) == 4
