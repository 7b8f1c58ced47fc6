"""Memory analysis: a provider is asked about a text, and a bounded cache remembers the answers."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cockpit.simulator.app.metrics import AnalysisMetrics
    from cockpit.simulator.app.pace import Pace

log = logging.getLogger("backend.memory.analysis")

PROVIDERS = ("neo_analysis", "gemini_flash")
ERROR_TYPES = ("timeout", "rate_limit", "invalid_response")
CACHE_CAPACITY = 256
BASE_FAILURES = 0.004


class ProviderError(RuntimeError):
    """The provider did not answer usefully."""


class MemoryAnalysis:
    """Analyses texts. Safe for several threads; no lock is held while a provider works."""

    def __init__(self, metrics: AnalysisMetrics, pace: Pace) -> None:
        self._metrics = metrics
        self._pace = pace
        self._cache: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def analyze(self, text: str) -> dict[str, Any]:
        """Concepts of a text, from the cache or a provider. Raises ProviderError."""
        key = hashlib.sha256(text.encode()).hexdigest()
        known = self._remembered(key)
        if known is not None:
            self._metrics.cache_hits.inc()
            return {**known, "cached": True}
        self._metrics.cache_misses.inc()
        answer = self._ask(text)
        self._remember(key, answer)
        return {**answer, "cached": False}

    def _ask(self, text: str) -> dict[str, Any]:
        """One timed call of a provider."""
        provider = PROVIDERS[0] if self._pace.chance(0.8) else PROVIDERS[1]
        started = time.perf_counter()
        self._pace.work(median=0.25, spread=0.5)
        self._metrics.duration.labels(provider).observe(time.perf_counter() - started)
        if self._pace.fails(base=BASE_FAILURES):
            error_type = self._pace.choice(ERROR_TYPES)
            self._metrics.failure.labels(provider, error_type).inc()
            raise ProviderError(f"{provider} failed: provider {error_type.replace('_', ' ')}")
        self._metrics.success.labels(provider).inc()
        log.info("Analysis by %s done, %d characters", provider, len(text))
        return {"provider": provider, "concepts": sorted({word.lower() for word in text.split()})[:5]}

    def _remembered(self, key: str) -> dict[str, Any] | None:
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
            return self._cache.get(key)

    def _remember(self, key: str, answer: dict[str, Any]) -> None:
        with self._lock:
            self._cache[key] = answer
            if len(self._cache) > CACHE_CAPACITY:
                self._cache.popitem(last=False)
            self._metrics.cache_size.set(len(self._cache))
