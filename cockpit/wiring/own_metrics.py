"""What the cockpit counts about itself, as Prometheus metrics."""

from __future__ import annotations

from importlib.metadata import version
from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from cockpit.live.telemetry import BOUNDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prometheus_client.core import Metric

    from cockpit.live.budget import Budget
    from cockpit.live.telemetry import Durations, Telemetry
    from cockpit.metrics.store.store import Usage

LIMITS = (*map(str, BOUNDS), "+Inf")


class OwnMetrics(Collector):
    """Reads the counts of one cockpit whenever it is asked, from any thread."""

    def __init__(self, telemetry: Telemetry, budget: Budget) -> None:
        self._telemetry = telemetry
        self._budget = budget

    def collect(self) -> Iterator[Metric]:
        """Every metric as it stands now; those of the store once a session has one."""
        build = GaugeMetricFamily(
            "cockpit_build_info", "Always 1; the label says which cockpit.", labels=["version"]
        )
        build.add_metric([version("cockpit")], 1)
        yield build
        yield from self._scrapes()
        yield from self._queries()
        yield from self._calls()
        yield _histogram(
            "cockpit_event_loop_lag_seconds",
            "How much later than asked the event loop went on, looked at twice a second.",
            self._telemetry.lag,
        )
        if self._telemetry.usage is not None:
            yield from _store(self._telemetry.usage)

    def _scrapes(self) -> Iterator[Metric]:
        telemetry = self._telemetry
        yield _histogram(
            "cockpit_scrape_duration_seconds",
            "How long answered scrapes took, to the last byte.",
            telemetry.scrapes,
        )
        yield _counter("cockpit_scrape_samples", "Samples that scrapes brought.", telemetry.samples)
        yield _counters(
            "cockpit_scrape_failures",
            "Scrapes that failed or brought no metrics, by the reason.",
            "reason",
            telemetry.scrape_failures,
        )

    def _queries(self) -> Iterator[Metric]:
        durations = HistogramMetricFamily(
            "cockpit_query_duration_seconds", "How long PromQL took, queueing included.", labels=["type"]
        )
        for kind, spent in self._telemetry.queries.items():
            durations.add_metric([kind], _buckets(spent), spent.total)
        yield durations
        yield _counters(
            "cockpit_query_failures",
            "Queries without an answer, by the reason.",
            "reason",
            self._telemetry.query_failures,
        )

    def _calls(self) -> Iterator[Metric]:
        buckets = {"read": self._budget.reads, "write": self._budget.writes}
        calls = {quota: bucket.spent for quota, bucket in buckets.items()}
        throttled = {quota: bucket.throttlings for quota, bucket in buckets.items()}
        yield _counters("cockpit_api_calls", "Calls of the Cloud Run Admin API, by their quota.", "quota", calls)
        yield _counters("cockpit_api_throttled", "Calls of it that were answered: too much.", "quota", throttled)


def _store(usage: Usage) -> Iterator[Metric]:
    """What the store of the service at hand holds; its counters begin anew with every service."""
    for name, text, value in (
        ("bytes", "Memory that kept samples take.", usage.bytes),
        ("tracks", "Instances whose samples are kept.", usage.tracks),
        ("series", "Series that are kept.", usage.series),
        ("samples", "Samples that are kept.", usage.samples),
    ):
        yield GaugeMetricFamily(f"cockpit_store_{name}", text, value)
    for name, text, value in (
        ("dropped_samples", "Samples dropped before their time, for want of memory.", usage.crowded_out),
        ("refused_series", "Series that one instance had too many of.", usage.refused),
        ("late_scrapes", "Scrapes that were no newer than the last of their instance.", usage.late),
    ):
        yield _counter(f"cockpit_store_{name}", text, value)


def _histogram(name: str, text: str, durations: Durations) -> Metric:
    return HistogramMetricFamily(name, text, _buckets(durations), durations.total)


def _buckets(durations: Durations) -> list[tuple[str, float]]:
    return list(zip(LIMITS, accumulate(durations.counts), strict=True))


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(name, text, value)


def _counters(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = CounterMetricFamily(name, text, labels=[label])
    for key, value in dict(values).items():  # a copy in one step: the loop's thread may add a key meanwhile
        family.add_metric([key], value)
    return family
