"""How metrics are scraped, kept and read: the settings, as the live room wants them."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.metrics.rules.model import Group
    from cockpit.metrics.signals.signal import Signal
    from cockpit.sources.secrets import Headers

COURSE_WINDOW = 60


@dataclass(frozen=True, slots=True)
class ScrapeHabits:
    """How one URL is scraped: seconds, bytes, and scrapes at once (0: as many as there seem to be instances)."""

    wanted: bool = True
    paths: tuple[str, ...] = ("/metrics",)
    headers: Headers = ()
    interval: float = 5.0
    timeout: float = 4.0
    burst: int = 0
    most: int = 16 << 20


@dataclass(frozen=True, slots=True)
class MetricsHabits:
    """How all of it goes: `scrape` for every URL but the `by_tag` ones ("" is the service's own).

    `idle` seconds without use let a URL rest; `window` is the span of the signals and `interval` the time between
    two readings, in seconds. `signals` are shown before those that are found by themselves. `asked` are paths that
    the cockpit asks for other reasons: what only it uses must not look like traffic that goes well.
    """

    scrape: ScrapeHabits = field(default_factory=ScrapeHabits)
    by_tag: Mapping[str, ScrapeHabits] = field(default_factory=dict)
    interval: float = 5.0
    idle: float = 300.0
    window: int = 60
    retention_minutes: float = 60.0
    memory_mebibytes: int = 64
    signals: tuple[Signal, ...] = ()
    groups: tuple[Group, ...] = ()
    asked: frozenset[str] = frozenset()

    @property
    def course_window(self) -> int:
        """Seconds that courses look back over: few, so that a jump shows where it is, yet four scrapes long."""
        return min(self.window, max(COURSE_WINDOW, ceil(4 * self.interval)))

    @property
    def paths(self) -> frozenset[str]:
        """Every path that is scraped somewhere or asked by us otherwise: requests to them are our own."""
        scraped = (path for habits in (self.scrape, *self.by_tag.values()) for path in habits.paths)
        return self.asked.union(scraped)

    def of(self, tag: str) -> ScrapeHabits:
        """How the URL of one tag is scraped."""
        return self.by_tag.get(tag, self.scrape)
