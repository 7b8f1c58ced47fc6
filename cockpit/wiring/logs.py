"""Settings → the live log of a service. Imported in a thread, when a session starts: numpy comes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.logs.service import LiveLogs, LogMeans
from cockpit.live.metered import MeteredLogging
from cockpit.sources.tail import TailPace

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.config import Settings
    from cockpit.config.logs import LogsSettings
    from cockpit.live.budget import Budget
    from cockpit.live.clock import Clock
    from cockpit.live.commands import CommandLog
    from cockpit.live.logs.intake import Tap
    from cockpit.release.service import ServiceRef
    from cockpit.sources.tail import Logging

_FOR_EVER = 365 * 86_400.0


class Tailing:
    """What the logs of every session share."""

    def __init__(
        self, settings: Settings, logging: Logging, budget: Budget, clock: Clock, *, failed_after: float
    ) -> None:
        self._means = LogMeans(
            logging=MeteredLogging(logging, budget),
            urgent=MeteredLogging(logging, budget, urgent=True),
            settings=settings.logs,
            clock=clock,
            pace=pace_of(settings.logs),
            failed_after=failed_after,
        )

    def logs(
        self, ref: ServiceRef, changed: Callable[[], None], commands: CommandLog, tap: Tap | None = None
    ) -> LiveLogs:
        """The log of one service; nothing runs yet."""
        return LiveLogs(ref, self._means, changed, commands, tap)


def pace_of(settings: LogsSettings) -> TailPace:
    """How a log is followed: a loss of the stream is made up for however long it was."""
    wanted = settings.backfill_entries > 0
    return TailPace(
        start=settings.backfill_minutes * 60 if wanted else 0.0,
        start_most=max(1, settings.backfill_entries),
        recall=_FOR_EVER,
    )
