"""Dashboards for tests: written with what one is about, everything else left out."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from cockpit.metrics.dashboards.model import Dashboard, Kind, Panel, Target, TargetFormat
from cockpit.metrics.dashboards.questions import Question
from cockpit.metrics.dashboards.reading.dashboard import read_dashboard
from cockpit.metrics.engine import Answer, Line, ResultKind, Sample
from cockpit.metrics.labels import labels_of

AT = 1_760_000_000_000
"""A moment, in epoch milliseconds."""


def dashboard(*panels: Any, **more: Any) -> Dashboard:
    """Read a dashboard with these panels."""
    return read_dashboard(json.dumps({"title": "d", "schemaVersion": 39, "panels": list(panels), **more}).encode())


def one(kind: str = "timeseries", **more: Any) -> Panel:
    """The only panel of a dashboard; it asks for `up` unless it says something else."""
    [panel] = dashboard({"type": kind, "targets": [{"refId": "A", "expr": "up"}], **more}).panels
    return panel


def asked(
    expression: str = "up", *, ref: str = "A", legend: str = "", form: TargetFormat = TargetFormat.TIME_SERIES
) -> Question:
    """A question of a panel, at one moment."""
    target = Target(ref, expression, legend, format=form)
    return Question(target, expression, AT - 60_000, AT, 15_000, instant=False, legend=legend)


def vector(*samples: tuple[dict[str, str], float]) -> Answer:
    """What an instant query came to."""
    return Answer(ResultKind.VECTOR, tuple(Sample(labels_of(labels), value) for labels, value in samples))


def matrix(*lines: tuple[dict[str, str], list[float]]) -> Answer:
    """What a range query came to, a value every 15 seconds up to AT."""
    return Answer(
        ResultKind.MATRIX,
        lines=tuple(
            Line(labels_of(labels), np.arange(AT - 15_000 * (len(values) - 1), AT + 1, 15_000), np.array(values))
            for labels, values in lines
        ),
    )


def bare(kind: Kind = Kind.STAT, **more: Any) -> Panel:
    """A panel that was never written to a file."""
    return Panel(1, "p", kind, kind.value, **more)
