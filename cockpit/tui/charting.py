"""What the chart shows: one signal over time by revision, asked of the session's engine, with events."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cockpit.metrics.signals.signal import Kind
from cockpit.release.events import EventKind
from cockpit.release.state import short_name
from cockpit.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.engine import Engine
    from cockpit.metrics.signals.signal import Signal
    from cockpit.release.events import Event
    from cockpit.tui.charts.data import ChartData, ChartEvent
    from cockpit.tui.charts.view import Window

SPANS = (2 * 60.0, 5 * 60.0, 15 * 60.0)
"""Seconds in view unless the user looks elsewhere: a cockpit just begun shows no fifteen minutes of nothing."""

POINTS = 480
"""Steps asked for: two a column of a wide chart."""

CHARTED = frozenset(
    {
        EventKind.REVISION_CREATED,
        EventKind.REVISION_FAILED,
        EventKind.TRAFFIC_ASKED,
        EventKind.ALERT_FIRED,
        EventKind.NOTE,
    }
)
"""What a chart has lines for; the timeline has all."""

_UNITS = {Kind.RATIO: "ratio", Kind.RATE: "/s"}


async def chart_of(
    signal: Signal,
    snapshot: Snapshot,
    span: tuple[float, float],
    *,
    engine: Engine,
    slots: Mapping[str, int],
    happened: Sequence[Event] = (),
) -> ChartData:
    """The signal's course between two times (epoch seconds), with what happened.

    What the engine refuses, the chart says instead.
    """
    from cockpit.metrics.breakdown import REVISION
    from cockpit.metrics.engine import QueryError
    from cockpit.metrics.labels import value_of
    from cockpit.metrics.signals.queries import expression
    from cockpit.tui.charts.data import ChartData, series_of

    first, last, step = steps(span)
    # A window shorter than the step would pass over what lies between.
    window = max(snapshot.metrics.course_window if snapshot.metrics else 0, 2 * step // 1000)
    try:
        answer = await engine.range(expression(signal, window), first, last, step)
    except QueryError as error:
        return ChartData(title=signal.title, why=f"{error}; {error.mend}" if error.mend else str(error))
    lines = []
    for line in answer.lines:
        revision = value_of(line.labels, REVISION)
        slot = slots.get(revision)
        role = "muted" if slot is None else f"revision-{slot + 1}"
        name = short_name(revision, snapshot.ref.service) or "unknown revision"
        lines.append(series_of(line, name, role, step / 1000))
    return ChartData(
        tuple(lines),
        events(happened, snapshot.ref.service),
        _UNITS.get(signal.kind, signal.unit),
        signal.title,
        "" if lines else "no samples in this time",
    )


def steps(span: tuple[float, float]) -> tuple[int, int, int]:
    """What to ask for between two times (epoch seconds): the first and the last moment, and the step between two,
    all in milliseconds. Moments are multiples of the step, so that the next question meets the same ones."""
    start, end = span
    step = max(1000, round(1000 * (end - start) / POINTS))
    return round(1000 * start) // step * step, round(1000 * end) // step * step, step


def asked(now: float) -> Window:
    """The times until `now` (epoch seconds) that samples are asked for unless the user looks elsewhere."""
    from cockpit.tui.charts.view import Window

    return Window(now - SPANS[-1], now)


def in_view(data: ChartData, now: float) -> Window:
    """The times until `now` (epoch seconds) to look at: the shortest span that holds every sample."""
    from cockpit.tui.charts.view import Window

    oldest = min((float(each.times[0]) for each in data.series if len(each.times)), default=-math.inf)
    return Window(now - next((span for span in SPANS if now - oldest <= span), SPANS[-1]), now)


def events(happened: Sequence[Event], service: str) -> tuple[ChartEvent, ...]:
    """What a chart marks of all that happened, oldest first: what was done to the service, and what went wrong.

    The service's name is left out of its revisions'.
    """
    from cockpit.tui.charts.data import ChartEvent
    from cockpit.tui.views.timeline_marks import MARKS

    return tuple(
        ChartEvent(event.at, _label(event, service), MARKS[event.kind].role, event.kind)
        for event in happened
        if event.kind in CHARTED
    )


def _label(event: Event, service: str) -> str:
    """As short as it can be: what gained traffic, which revision, which alert, the note itself."""
    if event.kind is EventKind.TRAFFIC_ASKED:
        return clean(event.text.partition(": ")[2].partition(",")[0])
    return clean(event.text if event.kind is EventKind.NOTE else short_name(event.subject, service))
