"""How the application is asked: the settings, as the live room wants them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.live.app.judging import Expected
    from cockpit.sources.secrets import Headers
    from cockpit.sources.timelines.shape import Shape

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class CheckHabits:
    """One path that is probed, and what is expected there. `assumed`: nobody said that this service has it."""

    path: str
    expected: Expected
    headers: Headers = ()
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class ProbeHabits:
    """How URLs are probed, in seconds. `tags` are patterns of the tags whose URLs are; "" is the service's own."""

    checks: tuple[CheckHabits, ...] = ()
    tags: tuple[str, ...] = ("*",)
    interval: float = 15.0
    timeout: float = 5.0
    slow: float = 2.0
    window: float = 900.0

    def wants(self, tag: str) -> bool:
        """Whether the URL of a tag is probed."""
        return any(fnmatchcase(tag, pattern) for pattern in self.tags)


@dataclass(frozen=True, slots=True)
class ValueHabits:
    """What one number of a timeline's rows is called, its unit, and what sums several of them up."""

    title: str
    unit: str = ""
    total: Literal["sum", "mean", "last"] = "sum"


@dataclass(frozen=True, slots=True)
class TimelineHabits:
    """One timeline: where it is read, how its rows are written, and its periods by name, in seconds."""

    name: str
    title: str
    path: str
    shape: Shape
    values: tuple[ValueHabits, ...]
    periods: Mapping[str, float]
    bars: bool = True
    headers: Headers = ()

    @property
    def first(self) -> str:
        """The period that is read even while nobody looks."""
        return next(iter(self.periods))

    def path_of(self, period: str) -> str:
        """Where a period is read."""
        return self.path.replace("{period}", period)

    def longer(self, period: str) -> str:
        """The shortest period that holds this one and as much time before it; "" where there is none."""
        wanted = 2 * self.periods[period]
        long = [name for name, seconds in self.periods.items() if seconds >= wanted]
        return min(long, key=lambda name: self.periods[name], default="")


@dataclass(frozen=True, slots=True)
class AppHabits:
    """How all of it goes, in seconds and bytes. A URL that nobody has used for `idle` seconds is left alone."""

    probes: ProbeHabits = field(default_factory=ProbeHabits)
    timelines: tuple[TimelineHabits, ...] = ()
    interval: float = 300.0
    timeout: float = 10.0
    most: int = 4 * MEBIBYTE
    idle: float = 300.0
