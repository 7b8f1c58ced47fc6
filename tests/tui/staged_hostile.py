"""Metrics and an application that say what they like wherever they can: names, labels, help, alerts, trouble."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cockpit.live.snapshot import Problem
from cockpit.metrics.alerts import AlertState
from cockpit.metrics.engine import Answer, Line, ResultKind, Sample
from cockpit.metrics.exposed import Family, MetricKind
from cockpit.metrics.glance import SERIES_BY_NAME
from cockpit.metrics.labels import NAME
from tests.tui import staged
from tests.tui.staged_application import hostile_application
from tests.tui.staged_metrics import FIRING, NO_DATA
from tests.tui.staged_signals import PICTURE, canary_trouble

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.labels import Labels


def hostile(text: str) -> Snapshot:
    """The staged snapshot of hostile words, with metrics that say them, too."""
    trouble = canary_trouble("unreadable", text, text, age=40)
    readings = tuple(
        replace(each, signal=replace(each.signal, title=f"{each.signal.title} {text}"))
        for each in trouble.readings
    )
    silent = replace(readings[-1], estimates={}, courses={}, problem=text)
    alerts = (
        replace(FIRING, rule=f"Rule{text}", group=text, labels=((text, text),), annotations=(("summary", text),)),
        replace(NO_DATA, rule=text, problem=text),
        replace(NO_DATA, rule=f"Broken{text}", state=AlertState.BROKEN, problem=text, revision=text),
    )
    targets = tuple(replace(each, path=text, duplicates=3) for each in trouble.targets)
    metrics = replace(
        PICTURE,
        engine=text,
        targets=targets,
        readings=(*readings[:-1], silent),
        alerts=alerts,
        problem=Problem("unreachable", text, text),
    )
    return replace(staged.hostile(text), metrics=metrics, app=hostile_application(text))


class HostileEngine:
    """Has a metric whose name, help and labels are the text, and names it in every answer."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._labels: Labels = tuple(sorted({"revision": f"revision {text}", text: text, "other": text}.items()))

    async def families(self) -> Mapping[str, Family]:
        """Its metric, and one with a name as usual."""
        told = (
            Family(f"odd{self._text}", MetricKind.GAUGE, self._text, self._text),
            Family("plain", help=self._text),
        )
        return {family.name: family for family in told}

    async def series(self, metric: str) -> Sequence[Labels]:
        """One series."""
        return [((NAME, metric), *self._labels)]

    async def instant(self, expression: str, _at: int) -> Answer:
        """One sample, or one by the name of each metric."""
        if expression == SERIES_BY_NAME:
            names = (((NAME, name),) for name in await self.families())
            return Answer(ResultKind.VECTOR, tuple(Sample(labels, 1.0) for labels in names))
        return Answer(ResultKind.VECTOR, (Sample((*self._labels, ("place", "0")), 1.0),), notes=(self._text,))

    async def range(self, _expression: str, start: int, end: int, step: int) -> Answer:
        """Two lines."""
        times = np.arange(start, end + 1, step, dtype=np.int64)
        lines = tuple(
            Line((*self._labels, ("part", part)), times, times % 977 / 977) for part in (self._text, "b")
        )
        return Answer(ResultKind.MATRIX, lines=lines, notes=(self._text,))
