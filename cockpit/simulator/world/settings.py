"""How the simulated project is called and how it behaves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

Etags = Literal["enforced", "ignored"]
Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Lag:
    """How long the platform takes, in seconds, as (shortest, longest); each delay is drawn from the seed."""

    traffic: tuple[float, float] = (1.0, 3.0)
    """From a settled revision to the split being in force."""
    revision: tuple[float, float] = (0.3, 1.0)
    """From the write to the launch of a new revision."""
    deletion: tuple[float, float] = (0.3, 1.0)

    @classmethod
    def none(cls) -> Lag:
        """No delay at all: only the launch takes time."""
        return cls((0.0, 0.0), (0.0, 0.0), (0.0, 0.0))


@dataclass(frozen=True, slots=True)
class Settings:
    """One simulated project and region. `port` is the one that service and tag URLs name.

    `clock` gives Unix seconds. `sleep` is what lags wait with, so that a test can hold or skip them.
    """

    project: str = "emergence-469005"
    region: str = "europe-west1"
    port: int = 8080
    etags: Etags = "enforced"
    lag: Lag = field(default_factory=Lag)
    seed: int = 0
    user: str = "sre@example.com"
    clock: Clock = time.time
    sleep: Sleep = asyncio.sleep
