"""What the views see of the application: one immutable picture, a part of the snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cockpit.live.snapshot import Feed, Problem
    from cockpit.sources.timelines.shape import Finding, Row


class Health(Enum):
    """How one path of one URL is.

    DEGRADED: it answers, but slowly, or not what it should. UNKNOWN: nothing is known of it now, because nobody
    has looked, or may not look, or has not looked for long; that is never a pass.
    """

    OK = "ok"
    DEGRADED = "degraded"
    FAILING = "failing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ProbePicture:
    """One path that is probed at one URL: of the service itself (tag and revision ""), or of a tag.

    `why` says in one line what is wrong, `mend` what to do about it; both are text from outside. `status` is that
    of the last answer, 0 without one, and `seconds` how long it took. `p50` and `p95` (seconds) stand on the
    answers in the window, whose latencies `course` has, the oldest first: None is a probe without an answer.
    `probes` counts those in the window, and `bad` those that were not ok. `since` (epoch seconds) is when the
    health became what it is, and `before` what it was until then: None where it has been so since the cockpit
    looks. `resting` is whether the URL is left alone, as nobody uses it.
    """

    url: str
    tag: str
    revision: str
    path: str
    feed: Feed
    health: Health = Health.UNKNOWN
    why: str = ""
    mend: str = ""
    status: int = 0
    seconds: float | None = None
    p50: float | None = None
    p95: float | None = None
    course: tuple[float | None, ...] = ()
    probes: int = 0
    bad: int = 0
    since: float | None = None
    before: Health | None = None
    resting: bool = False


@dataclass(frozen=True, slots=True)
class ValuePicture:
    """One number of a timeline's rows: what it is called, its unit, and what the period comes to.

    `now` and `then` are what the last whole steps come to, and as many before them; either is None where that is
    not known. `change` is the difference as a part of `then`, None also where that was 0.
    """

    title: str
    unit: str
    total: float | None = None
    now: float | None = None
    then: float | None = None

    @property
    def change(self) -> float | None:
        """How much more there is now, as a part of what there was."""
        if self.now is None or not self.then:
            return None
        return (self.now - self.then) / abs(self.then)


@dataclass(frozen=True, slots=True)
class TimelinePicture:
    """One timeline over one of its `periods`.

    `feed` tells how fresh it is, and why it could not be read; `findings` what is odd about what was read at
    `read_at` (epoch seconds), which may be empty. `rows` are sorted by time and hold a value, or None, for each
    of `values`. A row is about `step` seconds; `slots` are the moments at which rows were expected. `compared`
    says in words what `values` compare, or why they cannot.
    """

    name: str
    title: str
    period: str
    periods: tuple[str, ...]
    bars: bool
    step: float
    path: str
    feed: Feed
    values: tuple[ValuePicture, ...] = ()
    rows: tuple[Row, ...] = ()
    slots: tuple[float, ...] = ()
    findings: tuple[Finding, ...] = ()
    compared: str = ""
    read_at: float | None = None


@dataclass(frozen=True, slots=True)
class AppPicture:
    """All that the application tells of itself. `problem` is why nobody asks it; `window` is that of probes, in
    seconds. Of each timeline there is its first period, and the one that somebody looks at."""

    probes: tuple[ProbePicture, ...] = ()
    timelines: tuple[TimelinePicture, ...] = ()
    window: float = 900.0
    problem: Problem | None = None

    def timeline(self, name: str, period: str) -> TimelinePicture | None:
        """One timeline over one period, None where it is not read."""
        return next((each for each in self.timelines if (each.name, each.period) == (name, period)), None)


class Application(Protocol):
    """Who asks the application."""

    def look(self, timeline: str, period: str) -> None:
        """Somebody looks at a timeline over this period; the one looked at before is read no more."""
        ...
