"""What a screen of metrics asks of the store: ten processes' tracks over an hour, and thirty expressions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.exposed import Exposed, SeriesTable
from cockpit.metrics.labels import Labels, labels_of
from cockpit.metrics.store import Store, Track

if TYPE_CHECKING:
    from numpy.typing import NDArray

TRACKS, POINTS, STEP = 10, 720, 5_000
"""Processes, scrapes of each, milliseconds between them: an hour."""

SPREAD = 37
"""Milliseconds by which the scrapes of two tracks are apart."""

PROVIDERS = ("gemini", "claude", "local")
ERRORS = ("timeout", "quota")
SECONDS = ("0.5", "1.0", "2.0", "5.0", "10.0", "20.0", "30.0", "+Inf")
SCORES = ("0.5", "0.75", "0.8", "0.9", "1.0", "+Inf")
GAUGES = (
    "memory_analysis_cache_size",
    "concept_recall_concepts_total",
    "process_virtual_memory_bytes",
    "process_resident_memory_bytes",
    "process_start_time_seconds",
    "process_open_fds",
    "process_max_fds",
    "python_info",
)

RATIO = "sum by (revision) (rate(memory_analysis_failure_total[5m]))"
EXPRESSIONS = (
    "sum by (revision) (rate(memory_analysis_success_total[1m]))",
    "sum by (revision, provider) (rate(memory_analysis_success_total[1m]))",
    f"{RATIO} / (sum by (revision) (rate(memory_analysis_success_total[5m])) + {RATIO})",
    "sum by (revision, error_type) (increase(memory_analysis_failure_total[5m]))",
    *(
        f"histogram_quantile({q}, sum by (revision, le) (rate(memory_analysis_duration_seconds_bucket[5m])))"
        for q in (0.5, 0.95, 0.99)
    ),
    "histogram_quantile(0.95, sum by (le) (rate(concept_recall_similarity_score_bucket[5m])))",
    "sum by (revision) (rate(memory_analysis_duration_seconds_sum[5m]))"
    " / sum by (revision) (rate(memory_analysis_duration_seconds_count[5m]))",
    "sum by (revision) (rate(memory_analysis_cache_hits_total[5m])) / (sum by (revision)"
    " (rate(memory_analysis_cache_hits_total[5m]) + rate(memory_analysis_cache_misses_total[5m])))",
    "sum by (revision) (memory_analysis_cache_size)",
    "max by (revision) (process_resident_memory_bytes) / 1e6",
    "avg by (revision) (process_open_fds / process_max_fds)",
    "sum by (revision) (rate(process_cpu_seconds_total[1m]))",
    "time() - max by (revision) (process_start_time_seconds)",
    "count by (revision) (process_start_time_seconds)",
    "sum by (revision) (resets(process_cpu_seconds_total[15m]))",
    "sum by (revision) (changes(process_start_time_seconds[15m]))",
    "topk(3, sum by (provider) (rate(memory_analysis_success_total[5m])))",
    "sum by (similarity_range) (rate(concept_recall_detections_total[5m]))",
    'sum(rate(concept_recall_interactions_total{action="dismissed"}[15m]))'
    " / sum(rate(concept_recall_detections_total[15m]))",
    "sum by (action) (increase(concept_recall_interactions_total[15m]))",
    "max_over_time(process_resident_memory_bytes[15m])",
    "avg_over_time(memory_analysis_cache_size[15m])",
    "deriv(process_resident_memory_bytes[15m]) > 0",
    f"{RATIO} > 0.1",
    "histogram_quantile(0.95, sum by (le) (rate(memory_analysis_duration_seconds_bucket[5m]))) > 10",
    "sum by (revision) (rate(memory_analysis_success_total[5m]))"
    " / (sum by (revision) (rate(memory_analysis_success_total[5m] offset 15m))) < 0.5",
    'absent(process_start_time_seconds{revision="canary"})',
    "sum(rate(python_gc_collections_total[5m]))",
)


def exposed_series() -> list[Labels]:
    """The 91 series of one process."""
    sets = [
        *({"__name__": "memory_analysis_success_total", "provider": each} for each in PROVIDERS),
        *(
            {"__name__": "memory_analysis_failure_total", "provider": each, "error_type": error}
            for each in PROVIDERS
            for error in ERRORS
        ),
        *({"__name__": f"memory_analysis_cache_{each}_total"} for each in ("hits", "misses")),
        {"__name__": "process_cpu_seconds_total"},
        *({"__name__": "concept_recall_detections_total", "similarity_range": each} for each in SCORES[:3]),
        *(
            {"__name__": "concept_recall_interactions_total", "action": each}
            for each in ("opened", "used", "kept", "dismissed")
        ),
        *(
            {"__name__": f"python_gc_{each}_total", "generation": generation}
            for each in ("objects_collected", "objects_uncollectable", "collections")
            for generation in "012"
        ),
        *(each for provider in PROVIDERS for each in _histogram("memory_analysis_duration_seconds", provider)),
        *({"__name__": "concept_recall_similarity_score_bucket", "le": bound} for bound in SCORES),
        *(
            {"__name__": f"concept_recall_{each}_seconds_bucket", "le": bound}
            for each in ("detection_latency", "metadata_update")
            for bound in SECONDS
        ),
        *({"__name__": f"concept_recall_{each}_total"} for each in ("events_emitted", "false_positives", "reuse")),
        *({"__name__": name} for name in GAUGES),
    ]
    return [labels_of(each) for each in sets]


def _histogram(name: str, provider: str) -> Iterator[dict[str, str]]:
    for bound in SECONDS:
        yield {"__name__": f"{name}_bucket", "provider": provider, "le": bound}
    for part in ("sum", "count"):
        yield {"__name__": f"{name}_{part}", "provider": provider}


class Screenful:
    """A store that tracks write to, one row after another, each a little later than the one before it."""

    def __init__(self, start: int) -> None:
        self.store = Store(retention_ms=2 * POINTS * STEP, max_bytes=256 << 20)
        self.series = exposed_series()
        self.now = start
        self._table = SeriesTable(self.series)
        self._ids = np.arange(len(self.series))
        self._draw = np.random.default_rng(1)
        self._gauges = np.array([dict(labels)["__name__"] in GAUGES for labels in self.series])
        self._tracks = [self._track(number) for number in range(TRACKS)]
        for _ in range(POINTS):
            self.scrape()

    def _track(self, number: int) -> tuple[Track, NDArray[np.float64]]:
        revision = "stable" if number < TRACKS - 3 else "canary"
        labels = {"service": "emergence-app", "revision": revision, "instance": f"{revision}-{number}"}
        return self.store.track(labels), self._draw.integers(1, 1000, len(self.series)).astype(np.float64)

    def scrape(self) -> None:
        """One more row for every track."""
        self.now += STEP
        for number, (track, values) in enumerate(self._tracks):
            draw, size = self._draw, values.size
            np.add(values, np.where(self._gauges, draw.normal(size=size), draw.poisson(3, size)), out=values)
            exposed = Exposed(self._table, self._ids, values.copy(), {})
            self.store.append(track, self.now - (TRACKS - number) * SPREAD, exposed)


def wide(end: int, series: int = 1_000) -> Store:
    """A store with that many series of one counter, `x`, of four revisions, scraped for an hour up to `end`."""
    store = Store(retention_ms=2 * POINTS * STEP, max_bytes=256 << 20)
    times = end - STEP * np.arange(POINTS - 1, -1, -1, dtype=np.int64)
    counts = np.cumsum(np.random.default_rng(1).poisson(3, (series, POINTS)), axis=1)
    names = (
        labels_of({"__name__": "x", "revision": f"r{number % 4}", "shard": str(number)})
        for number in range(series)
    )
    store.load((labels, times, each) for labels, each in zip(names, counts, strict=True))
    return store
