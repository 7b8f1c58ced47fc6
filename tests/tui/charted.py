"""Series and charts for tests: an hour that ends at 13:00 UTC."""

from __future__ import annotations

import math
from datetime import UTC
from typing import TYPE_CHECKING

import numpy as np

from cockpit.release.events import EventKind
from cockpit.tui.charts.data import ChartData, ChartEvent, ChartSeries
from cockpit.tui.charts.picture import Paper, Picture, picture
from cockpit.tui.charts.plotter import Plotter
from cockpit.tui.charts.view import View, Window

if TYPE_CHECKING:
    from collections.abc import Sequence

START = 1_795_262_400.0
"""2026-11-21 12:00:00 UTC."""
HOUR = Window(START, START + 3600)
LIVE = View()


def series(
    values: Sequence[float],
    *,
    times: Sequence[float] = (),
    label: str = "00275-2jb",
    gap: float = math.inf,
    slot: int = 1,
) -> ChartSeries:
    """A series over the hour: `times` in seconds since its start, evenly spread if not given."""
    seconds = np.array(times, np.float64) if len(times) else np.linspace(0, 3600, len(values))
    return ChartSeries(label, f"revision-{slot}", START + seconds, np.array(values, np.float64), gap)


def event(minute: float, label: str, kind: EventKind = EventKind.TRAFFIC_ASKED) -> ChartEvent:
    """Something that happened so many minutes into the hour."""
    return ChartEvent(START + minute * 60, label, kind=kind)


def errors(count: int = 240) -> ChartData:
    """A canary that gets worse from the middle of the hour on, and a stable revision that does not."""
    share = np.linspace(0, 1, count)
    wave = np.sin(share * 60) * 0.004
    stable = 0.005 + wave
    canary = np.where(share < 0.5, np.nan, 0.02 + 0.13 * np.clip((share - 0.6) * 5, 0, 1) + wave)
    return ChartData(
        (series(list(stable)), series(list(canary), label="00279-kub", slot=2)),
        (
            event(29, "00279 deployed", EventKind.REVISION_CREATED),
            event(33, "10 %"),
            event(55, "ratio > 10 %", EventKind.ALERT_FIRED),
        ),
        "ratio",
        "errors by revision",
    )


def drawn(
    data: ChartData,
    view: View = LIVE,
    *,
    cells: int = 100,
    rows: int = 24,
    colours: bool = True,
    window: Window = HOUR,
    plotter: Plotter | None = None,
) -> Picture:
    """A chart as it would stand on the screen, in UTC."""
    return picture(data, view, window, Paper(cells, rows, colours, UTC), plotter or Plotter())


def text(made: Picture) -> str:
    """What it says, line by line."""
    return "\n".join(line.text for line in made.lines)
