"""Concept recall: a chat message that touches a known concept brings it back to the user."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from cockpit.simulator.app.metrics import similarity_range, thread_count_range, user_hash

if TYPE_CHECKING:
    from cockpit.simulator.app.metrics import RecallMetrics
    from cockpit.simulator.app.pace import Pace

THRESHOLD = 0.75
CONCEPTS_PER_USER = 500
ACTIONS = ("viewed", "dismissed", "continued", "marked_wrong")


class ConceptRecall:
    """Finds recurring concepts in messages. Safe for several threads."""

    def __init__(self, metrics: RecallMetrics, pace: Pace) -> None:
        self._metrics = metrics
        self._pace = pace
        self._threads: dict[str, dict[str, set[str]]] = defaultdict(dict)
        self._lock = threading.Lock()

    def detect(self, user: str, thread: str, concept: str) -> dict[str, Any] | None:
        """Search for a concept; a hit above the threshold is an event, anything else None."""
        started = time.perf_counter()
        self._pace.work(median=0.012, spread=0.4)
        self._metrics.search.observe(time.perf_counter() - started)
        score = self._pace.uniform(0.55, 1.0)
        self._metrics.similarity.observe(score)
        seen_in = self._remember(user, thread, concept)
        self._metrics.latency.observe(time.perf_counter() - started)
        if score < THRESHOLD or seen_in == 0:
            return None
        label = user_hash(user)
        self._metrics.detections.labels(label, similarity_range(score)).inc()
        self._metrics.events.labels(label).inc()
        self._metrics.reuse.labels(label).inc()
        if seen_in > 1:
            self._metrics.cross_thread.labels(thread_count_range(seen_in)).inc()
        return {"concept": concept, "similarity": round(score, 3), "threads": seen_in}

    def interact(self, user: str, action: str) -> None:
        """Count what a user did with a recall. Raises ValueError for an unknown action."""
        if action not in ACTIONS:
            raise ValueError(f"action must be one of {', '.join(ACTIONS)}")
        label = user_hash(user)
        self._metrics.interactions.labels(label, action).inc()
        if action == "marked_wrong":
            self._metrics.false_positives.labels(label).inc()

    def _remember(self, user: str, thread: str, concept: str) -> int:
        """Note where a concept was met; how many threads knew it before."""
        started = time.perf_counter()
        with self._lock:
            concepts = self._threads[user]
            before = len(concepts.get(concept, ()))
            if concept in concepts or len(concepts) < CONCEPTS_PER_USER:
                concepts.setdefault(concept, set()).add(thread)
            known = len(concepts)
        self._metrics.concepts.labels(user_hash(user)).set(known)
        self._metrics.update.observe(time.perf_counter() - started)
        return before
