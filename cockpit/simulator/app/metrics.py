"""The Prometheus metrics of `emergence-app`: its names, labels and buckets."""

from __future__ import annotations

import hashlib

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

DISABLED = "# Metrics disabled. Set CONCEPT_RECALL_METRICS_ENABLED=true to enable.\n"

SIMILARITY_BUCKETS = (0.5, 0.75, 0.8, 0.9, 1.0)
ANALYSIS_BUCKETS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
DETECTION_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
SEARCH_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)
UPDATE_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5)


def user_hash(user: str) -> str:
    """The label that stands for a user: eight hex digits."""
    return hashlib.sha256(user.encode()).hexdigest()[:8]


def similarity_range(score: float) -> str:
    """The `similarity_range` label of a score from 0 to 1."""
    for low, high in ((0.9, 1.0), (0.8, 0.9), (0.75, 0.8), (0.5, 0.75)):
        if score >= low:
            return f"{low}-{high}"
    return "0.0-0.5"


def thread_count_range(threads: int) -> str:
    """The `thread_count_range` label of a number of threads."""
    if threads <= 1:
        return "1"
    return "2-4" if threads < 5 else "5+"


class AnalysisMetrics:
    """What memory analysis counts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.success = Counter(
            "memory_analysis_success", "Analyses that succeeded", ["provider"], registry=registry
        )
        self.failure = Counter(
            "memory_analysis_failure", "Analyses that failed", ["provider", "error_type"], registry=registry
        )
        self.cache_hits = Counter(
            "memory_analysis_cache_hits", "Analyses answered from the cache", registry=registry
        )
        self.cache_misses = Counter(
            "memory_analysis_cache_misses", "Analyses that were not in the cache", registry=registry
        )
        self.cache_size = Gauge("memory_analysis_cache_size", "Analyses in the cache now", registry=registry)
        self.duration = Histogram(
            "memory_analysis_duration_seconds",
            "Time an analysis took",
            ["provider"],
            buckets=ANALYSIS_BUCKETS,
            registry=registry,
        )


class RecallMetrics:
    """What concept recall counts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, text: str, labels: list[str]) -> Counter:
            return Counter(f"concept_recall_{name}", text, labels, registry=registry)

        def histogram(name: str, text: str, buckets: tuple[float, ...]) -> Histogram:
            return Histogram(f"concept_recall_{name}", text, buckets=buckets, registry=registry)

        by_user = ["user_id_hash"]
        self.detections = counter("detections", "Recurring concepts seen", [*by_user, "similarity_range"])
        self.events = counter("events_emitted", "Recall events sent to the user", by_user)
        self.false_positives = counter("false_positives", "Recalls the user called wrong", by_user)
        self.interactions = counter("interactions", "What users did with a recall", [*by_user, "action"])
        self.cross_thread = counter(
            "cross_thread_detections", "Concepts seen in several threads", ["thread_count_range"]
        )
        self.reuse = counter("concept_reuse", "Known concepts met again", by_user)
        self.concepts = Gauge("concept_recall_concepts_total", "Concepts known", by_user, registry=registry)
        self.similarity = histogram("similarity_score", "Similarity of detections", SIMILARITY_BUCKETS)
        self.latency = histogram("detection_latency_seconds", "Time of a detection", DETECTION_BUCKETS)
        self.search = histogram("vector_search_duration_seconds", "Time of a vector search", SEARCH_BUCKETS)
        self.update = histogram("metadata_update_duration_seconds", "Time of a metadata update", UPDATE_BUCKETS)
        self._describe(registry)

    @staticmethod
    def _describe(registry: CollectorRegistry) -> None:
        """Set the one-valued gauge that carries the configuration in its labels."""
        labels = {
            "collection_name": "emergence_concepts",
            "max_recalls_per_message": "3",
            "similarity_threshold": "0.75",
            "version": "1.0.0",
        }
        info = Gauge("concept_recall_system_info", "How recall is configured", list(labels), registry=registry)
        info.labels(**labels).set(1)
