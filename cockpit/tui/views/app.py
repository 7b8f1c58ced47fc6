"""The App pane: the health of the application at every URL, and one of the timelines it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.text import clean
from cockpit.tui.lines import Line, crop, told
from cockpit.tui.views.app_health import failing, health_lines
from cockpit.tui.views.app_timeline import LEAST_ROWS, choices, has_bars, read_ago

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.geometry import Size

    from cockpit.live.app.picture import AppPicture, TimelinePicture
    from cockpit.live.snapshot import Snapshot

    Draw = Callable[[TimelinePicture, int, int], Sequence[Line]]
    """What draws a timeline in so many cells and rows: `app_timeline.timeline_lines`."""

NOT_ASKED = "the application is not asked yet"
NO_PROBES = "no health checks: [[app.health.checks]] in config.toml names paths"
NO_TIMELINES = "no timelines: [[app.timelines]] in config.toml describes them"
NOT_READ = "it has not been read over this period"
_WAITING = "waiting for the service's URLs"
_LEAST_CHART = 1 + LEAST_ROWS
"""Rows that a timeline gets even where the table above fills the pane."""


def app_lines(
    snapshot: Snapshot,
    chosen: tuple[str, str],
    slots: Mapping[str, int],
    size: Size,
    draw: Draw,
) -> list[Line]:
    """Everything at a size; `chosen` are the name of a timeline and a period of it, which `draw` draws."""
    lines = _lines(snapshot, chosen, slots, size, draw)
    return [line._replace(spans=crop(line.spans, size.width)) for line in lines]


def _lines(
    snapshot: Snapshot,
    chosen: tuple[str, str],
    slots: Mapping[str, int],
    size: Size,
    draw: Draw,
) -> list[Line]:
    """The same, some lines perhaps too long: what the outside names may be of any length."""
    app = snapshot.app
    if app is None:
        return told([NOT_ASKED], size.width)
    if app.problem is not None:
        return told([clean(app.problem.text), clean(app.problem.mend)], size.width, "warn")
    if snapshot.service is None or not snapshot.service.uri:
        return told([_WAITING], size.width)
    health = health_lines(app.probes, snapshot, slots, size.width) if app.probes else told([NO_PROBES], size.width)
    if not app.timelines:
        return [*health, *told([NO_TIMELINES], size.width)]
    rows = max(_LEAST_CHART, size.height - len(health) - 1)
    timeline = app.timeline(*chosen)
    head = choices(app, *chosen, size.width)
    if timeline is None:
        return [*health, head, *told([NOT_READ], size.width)]
    return [*health, head, *draw(timeline, size.width, rows)]


def needs_plotter(app: AppPicture | None, chosen: tuple[str, str]) -> bool:
    """Whether what is chosen is drawn as lines."""
    timeline = app.timeline(*chosen) if app else None
    return timeline is not None and bool(timeline.rows) and not has_bars(timeline)


def noted(snapshot: Snapshot, chosen: tuple[str, str]) -> str:
    """What the frame's lower edge says: how old the timeline is that is shown."""
    timeline = snapshot.app.timeline(*chosen) if snapshot.app else None
    return read_ago(timeline, snapshot.time) if timeline else ""


def heading(app: AppPicture | None) -> str:
    """What the frame says besides the pane's name: how much is failing."""
    count = failing(app.probes) if app else 0
    return f"{count} failing" if count else ""
