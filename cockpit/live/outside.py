"""What a live session is made of besides itself: its habits, and what it shares with others."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Protocol

from cockpit.live.clock import Clock
from cockpit.live.feeds import Pace
from cockpit.live.guard import Safety
from cockpit.live.walk import Patience

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from cockpit.live.app.watch import AppWatch
    from cockpit.live.budget import Budget
    from cockpit.live.commands import CommandLog
    from cockpit.live.journal import Journal
    from cockpit.live.logs.intake import Tap as LogTap
    from cockpit.live.logs.service import LiveLogs
    from cockpit.live.metrics.kept import Tap
    from cockpit.live.metrics.watch import MetricsWatch
    from cockpit.live.recording.keeping import Keeping
    from cockpit.live.snapshot import Problem
    from cockpit.release.service import ServiceRef
    from cockpit.sources.cloudrun import Releases
    from cockpit.sources.requestlog import Requests

SERVICE_PACE = Pace(5.0, cap=15.0, stale_after=15.0, failed_after=30.0)
REVISIONS_PACE = Pace(30.0, hurry=3.0, stale_after=90.0, failed_after=180.0)


@dataclass(frozen=True, slots=True)
class Habits:
    """How a session goes about its work: paces, safety, patience, the observed window in seconds, and time."""

    service: Pace = SERVICE_PACE
    revisions: Pace = REVISIONS_PACE
    safety: Safety = field(default_factory=Safety)
    patience: Patience = field(default_factory=Patience)
    window: float = 60.0
    clock: Clock = field(default_factory=Clock)
    random: Random = field(default_factory=Random)


class Tailing(Protocol):
    """What makes the log of a service."""

    def logs(
        self, ref: ServiceRef, changed: Callable[[], None], commands: CommandLog, tap: LogTap | None = None
    ) -> LiveLogs:
        """The log of one service, not yet running; `changed` is told when its feed stands otherwise, and `tap`
        of every entry."""
        ...


class Asking(Protocol):
    """What makes who asks an application about itself."""

    def watch(self, changed: Callable[[], None]) -> AppWatch:
        """Who asks one; it asks nothing yet. `changed` is told when its picture is another one."""
        ...


class Metering(Protocol):
    """What makes the metrics of a service."""

    def watch(self, ref: ServiceRef, changed: Callable[[], None], tap: Tap | None = None) -> MetricsWatch:
        """Metrics of one service, not yet running; `changed` is told when their picture is another one, and `tap`
        of every sample."""
        ...


@dataclass(frozen=True, slots=True)
class Outside:
    """What sessions share and do not own: whoever made these closes them after the last session has stopped.

    `metering` loads what metrics need, at the first use; None leaves them out. It raises ConfigError and
    InvalidError for settings that cannot be, as `asking` does for the application. `tailing` is for logs.
    `keeping` records a session. `notices` are shown by every session.
    """

    releases: Releases
    requests: Requests
    journal: Journal
    budget: Budget
    who: Callable[[], Awaitable[str]]
    metering: Callable[[], Awaitable[Metering]] | None = None
    asking: Callable[[], Awaitable[Asking]] | None = None
    tailing: Callable[[], Awaitable[Tailing]] | None = None
    keeping: Callable[[ServiceRef], Keeping] | None = None
    notices: tuple[Problem, ...] = ()
