"""What every view is a function of: one immutable picture of all that is known at one moment.

Moments are seconds of a clock that never goes back and runs on while the machine sleeps (`Session.now()`;
`Snapshot.at` is on the same one), so that ages survive a changed wall clock and a closed lid; what is shown to
people as a date is an aware datetime.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cockpit.live.app.picture import AppPicture
    from cockpit.live.metrics.picture import MetricsPicture
    from cockpit.release.observed import Observed
    from cockpit.release.plan import Intent
    from cockpit.release.service import Revision, Service, ServiceRef
    from cockpit.release.traffic import Split


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong, in one line, and the mend in another. `kind` is stable for scripts."""

    kind: str
    text: str
    mend: str = ""


class FeedState(Enum):
    """How a feed stands.

    STALE: the last read failed or is late, and the data shown are still young. FAILED: they are old, or there
    never were any, or trying again will not help by itself. Either keeps trying; the last data stay in view.
    """

    STARTING = "starting"
    LIVE = "live"
    STALE = "stale"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Feed:
    """One source's freshness. `fresh_at` is the moment of the last good answer, None before the first."""

    name: str
    state: FeedState = FeedState.STARTING
    fresh_at: float | None = None
    problem: Problem | None = None
    retry_at: float | None = None

    def age(self, at: float) -> float | None:
        """Seconds since the last good answer."""
        return None if self.fresh_at is None else max(0.0, at - self.fresh_at)


class Phase(Enum):
    """Where a change is on its way."""

    CHECKING = "checking"
    READING = "re-reading"
    WRITING = "writing"
    FOLLOWING = "following the operation"
    VERIFYING = "waiting until serving is what was asked"
    DONE = "done"


class Outcome(Enum):
    """How a change ended. UNKNOWN: it was sent and its fate could not be read; it is never called done."""

    APPLIED = "applied"
    REFUSED = "refused"
    FAILED = "failed"
    OVERTAKEN = "overtaken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sides:
    """Somebody else wrote in between: what we planned from, what we asked, and what now stands."""

    planned_from: Split
    asked: Split
    found: Split
    found_generation: int
    found_modifier: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One change under way or ended, as controls drives it and the journal keeps it.

    `started` is wall time; `began` and `ended` are monotonic moments (None when read back from the journal).
    `time_to_serving` counts seconds from the write to serving = asked. `id` is 0 for a change that never reached
    the journal: nothing of it was written. A `problem` beside APPLIED is a warning. `recovered`: it was under way
    when a cockpit ended, and a later one followed it to its end.
    """

    id: int
    ref: ServiceRef
    intent: Intent
    before: Split
    after: Split
    phase: Phase
    actor: str
    started: datetime
    began: float | None = None
    ended: float | None = None
    outcome: Outcome | None = None
    problem: Problem | None = None
    sides: Sides | None = None
    operation: str = ""
    etag: str = ""
    generation: int = 0
    generation_after: int = 0
    time_to_serving: float | None = None
    recovered: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One line of the command log: what ran, as gcloud, and how it ended ("" while it runs)."""

    at: datetime
    line: str
    result: str = ""


@dataclass(frozen=True, slots=True)
class Arming:
    """Whether changes are allowed. `until` is the moment arming ends by itself; None means read-only.

    `ended` says why the last arming ended where the user did not end it; `forbidden` why none can begin.
    """

    until: float | None = None
    production: bool = False
    ended: str = ""
    forbidden: str = ""

    def seconds_left(self, at: float) -> float:
        """Seconds until read-only again; 0 when read-only."""
        return 0.0 if self.until is None else max(0.0, self.until - at)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that is known about one service at the moment `at`.

    `rollback` is the split before the last change of what serves, by anyone; `undo` the change that undo would
    take back; both, and the history, are whole once `past_read`, which waits for the journal. `notices` are
    problems of the cockpit's own house: the journal, a recording. `metrics` is None until the first of its feeds
    has been set up, as is `app`. `last_words` are what failed revisions said last, by name, where their log was
    read. `epoch` is when the clock of moments stood at 0, in epoch seconds.
    """

    at: float
    ref: ServiceRef
    wall: datetime
    service: Service | None = None
    revisions: tuple[Revision, ...] = ()
    observed: Observed | None = None
    metrics: MetricsPicture | None = None
    app: AppPicture | None = None
    feeds: tuple[Feed, ...] = ()
    arming: Arming = Arming()
    change: Change | None = None
    history: tuple[Change, ...] = ()
    commands: tuple[Command, ...] = ()
    rollback: Split | None = None
    undo: Change | None = None
    past_read: bool = False
    notices: tuple[Problem, ...] = ()
    last_words: Mapping[str, str] = field(default_factory=dict, hash=False)
    epoch: float = 0.0

    @property
    def time(self) -> float:
        """Where the snapshot stands on the axis of all that is kept: epoch seconds that never go back."""
        return self.epoch + self.at

    def feed(self, name: str) -> Feed | None:
        """One feed by name: "service", "revisions", "requests", "logs"."""
        return next((feed for feed in self.feeds if feed.name == name), None)
