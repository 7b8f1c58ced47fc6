"""What really happened to requests: the share each revision answered over the last minute."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestSeen:
    """One line of the request log. `at` in epoch seconds, `latency` in seconds, tag "" for the service's URL."""

    at: float
    revision: str
    instance: str
    status: int
    latency: float
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Observed:
    """Requests of the last `window` seconds that came by the service's URL, counted by revision.

    Tagged requests are counted apart: they say nothing about the split. `instances` holds, by revision, how many
    distinct instances answered in the window.
    """

    window: float
    total: int
    by_revision: tuple[tuple[str, int], ...]
    tagged: tuple[tuple[str, int], ...] = ()
    instances: tuple[tuple[str, int], ...] = ()
    errors: tuple[tuple[str, int], ...] = ()
