"""How long work takes and how often it fails: the one place where chance enters the application."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Pace:
    """Seeded chance, shared by all threads of an instance.

    `latency` multiplies all work; `errors` is the share of the users' requests that fail, from 0 to 1.
    """

    def __init__(self, seed: str, *, latency: float = 1.0, errors: float = 0.0) -> None:
        self._rng = random.Random(seed)
        self._lock = threading.Lock()
        self._latency = latency
        self._errors = errors

    def work(self, median: float, spread: float) -> None:
        """Take a log-normal time around `median` seconds."""
        with self._lock:
            seconds = self._rng.lognormvariate(math.log(median), spread)
        time.sleep(seconds * self._latency)

    def chance(self, probability: float) -> bool:
        """True that often."""
        with self._lock:
            return self._rng.random() < probability

    def fails(self, base: float = 0.0) -> bool:
        """Whether this piece of a user's work fails, by the fault or a little by itself."""
        return self.chance(max(base, self._errors))

    def choice(self, options: Sequence[T]) -> T:
        """One of the options, each as likely."""
        with self._lock:
            return self._rng.choice(options)

    def uniform(self, low: float, high: float) -> float:
        """A number from low to high."""
        with self._lock:
            return self._rng.uniform(low, high)
