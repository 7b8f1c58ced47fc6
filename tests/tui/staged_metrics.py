"""Alerts as they would stand, an engine that answers with canned series, and a snapshot with everything on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.alerts import Alert, AlertState
from cockpit.metrics.engine import Answer, Line, QueryError, ResultKind
from tests.tui.staged import CANARY, NOW, STABLE
from tests.tui.staged_signals import PICTURE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.exposed import Family
    from cockpit.metrics.labels import Labels

NOW_SECONDS = NOW.timestamp()

FIRING = Alert(
    "AnalysisFailureRatio",
    "emergence-app",
    AlertState.FIRING,
    labels=(("revision", CANARY), ("severity", "critical")),
    annotations=(("summary", "14.9% of the analyses of emergence-app-00279-kub fail"),),
    since=NOW_SECONDS - 330,
    value=0.149,
    comparison=">",
    threshold=0.1,
    revision=CANARY,
)
PENDING = Alert(
    "AnalysisSlow",
    "emergence-app",
    AlertState.PENDING,
    labels=(("revision", CANARY), ("severity", "warning")),
    annotations=(("summary", "P95 of an analysis of emergence-app-00279-kub is 12.4s"),),
    since=NOW_SECONDS - 45,
    fires_at=NOW_SECONDS + 255,
    value=12.4,
    comparison=">",
    threshold=10,
    revision=CANARY,
)
NO_DATA = Alert(
    "RecallsDismissed",
    "emergence-app",
    AlertState.NO_DATA,
    since=NOW_SECONDS - 600,
    comparison=">",
    threshold=0.5,
    problem="no series is named concept_recall_detections_total",
)
INACTIVE = Alert("AnalysisCacheCold", "emergence-app", AlertState.INACTIVE, comparison="<", threshold=0.2)
BROKEN_RULE = Alert("Typo", "by-hand", AlertState.BROKEN, problem="unknown function rat(); did you mean rate()?")
ALERTS = (INACTIVE, NO_DATA, PENDING, FIRING)


def measured(snapshot: Snapshot) -> Snapshot:
    """A snapshot with signals read and alerts in four states."""
    return replace(snapshot, metrics=replace(PICTURE, alerts=ALERTS))


def ahead(snapshot: Snapshot, seconds: float) -> Snapshot:
    """A measured snapshot since whose start the wall clock was put forward."""
    assert snapshot.metrics is not None
    started = snapshot.wall.timestamp() - snapshot.at - seconds
    return replace(snapshot, metrics=replace(snapshot.metrics, epoch=started))


class StagedEngine:
    """Answers every range with a calm stable revision and a canary that got worse six minutes ago.

    What it was asked is in `asked`: expression, start and end (epoch seconds). `refusal` is raised instead.
    """

    def __init__(self, refusal: QueryError | None = None) -> None:
        self.asked: list[tuple[str, float, float]] = []
        self.refusal = refusal

    async def range(self, expression: str, start: int, end: int, step: int) -> Answer:
        """Two lines that depend on time alone."""
        self.asked.append((expression, start / 1000, end / 1000))
        if self.refusal is not None:
            raise self.refusal
        times = np.arange(start, end + 1, step, dtype=np.int64)
        seconds = times / 1000 - NOW_SECONDS
        swing = 0.002 * np.sin(seconds / 20)
        lines = (
            Line((("revision", STABLE),), times, 0.004 + swing),
            Line((("revision", CANARY),), times, 0.01 + swing + 0.14 * np.clip((seconds + 360) / 60, 0, 1)),
        )
        return Answer(ResultKind.MATRIX, lines=lines)

    async def instant(self, expression: str, at: int) -> Answer:
        """No sample."""
        self.asked.append((expression, at / 1000, at / 1000))
        return Answer(ResultKind.VECTOR)

    async def families(self) -> Mapping[str, Family]:
        """No metric."""
        return {}

    async def series(self, metric: str) -> Sequence[Labels]:
        """One series a revision."""
        return [(("__name__", metric), ("revision", revision)) for revision in (STABLE, CANARY)]
