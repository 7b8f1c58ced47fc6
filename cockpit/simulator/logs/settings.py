"""How much the simulated log service keeps, and how awkward it is allowed to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

Clock: TypeAlias = Callable[[], float]
"""Unix seconds."""


@dataclass(frozen=True, slots=True)
class Quirks:
    """What makes the real service hard to follow. Everything is off by default and drawn from a seed when on.

    Times are seconds, shares lie between 0 and 1.
    """

    index_lag: tuple[float, float] = (0.0, 0.0)
    """(shortest, longest) from an entry's arrival to its first appearance in a list; tails see it at once."""
    late_share: float = 0.0
    """How many entries arrive late, in tails and lists alike, …"""
    late_by: float = 30.0
    """… by up to this."""
    reorder_share: float = 0.0
    """How many entries a tail gets in a later response than their neighbours, …"""
    reorder_by: float = 1.0
    """… by up to this."""
    empty_pages: float = 0.0
    """How many list pages come back empty with a token to go on."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """The service's bounds. The first two are the simulator's own: the oldest entries go first."""

    entries: int = 200_000
    stored_bytes: int = 64 * 2**20
    """Of serialised entries; each costs about 350 bytes more."""
    scan: int = 50_000
    """Entries looked at for one list page; a search that found less by then answers with that and a token."""
    tail_sessions: int = 10
    """At a time, for one project."""
    tail_seconds: float = 3600.0
    """After which a tail ends with OUT_OF_RANGE."""
    tail_entries_per_minute: int = 0
    """Above which a tail suppresses entries with RATE_LIMIT; 0 is no limit (the service has 60,000)."""
    tail_buffer: int = 50_000
    """Entries kept for a tail whose client reads slowly; beyond, they are suppressed with NOT_CONSUMED."""
    tail_buffer_bytes: int = 32 * 2**20


@dataclass(frozen=True, slots=True)
class LogSettings:
    """Everything a LogStore can be told."""

    limits: Limits = field(default_factory=Limits)
    quirks: Quirks = field(default_factory=Quirks)
