"""What the timeline costs: its lanes drawn anew at 200 columns, a look at a snapshot, and a look at the log."""

from __future__ import annotations

import statistics
import time
from datetime import UTC
from random import Random
from typing import TYPE_CHECKING

from benchmarks.figures import Figure
from cockpit.live.events.log import EventLog
from cockpit.live.timeline import Shares
from cockpit.release.events import Event, EventKind
from cockpit.tui.charts.view import Window
from cockpit.tui.views.timeline_lanes import lanes
from cockpit.tui.views.timeline_scene import Scene
from cockpit.tui.views.timeline_table import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DAY = 86_400.0
NOW = 1_795_262_400.0
CELLS, ROWS = 200, 24
DRAWN = 50
EVENTS, SPANS = 5_000, 3_000
SLOTS = {f"app-{number:05}": number % 8 for number in range(SPANS)}


def measure() -> list[Figure]:
    """CPU of drawing an hour and ninety days of a busy service, of what changes each second, and of keeping."""
    events, shares = _events(), _shares()
    return [
        Figure("timeline, an hour drawn", _drawn(events, shares, 3600.0), "ms", 5, "median, CPU, 200×24"),
        Figure("timeline, 90 days drawn", _drawn(events, shares, 90 * DAY), "ms", 20, "median, CPU, 200×24"),
        Figure("timeline, its list alone", _listed(events, shares), "ms", 1, "median, CPU"),
        Figure("timeline, an event kept", _kept(events), "µs", 20, "median, CPU, among 5,000"),
    ]


def _drawn(events: Sequence[Event], shares: Sequence[Shares], seconds: float) -> float:
    def draw(at: float) -> None:
        scene = _scene(events, shares, Window(at - seconds, at))
        _, left = lanes(scene, CELLS, ROWS)
        listed(scene, CELLS, left)

    return statistics.median(_cost(draw, NOW - seconds / 200 * step) for step in range(DRAWN))


def _listed(events: Sequence[Event], shares: Sequence[Shares]) -> float:
    scene = _scene(events, shares, Window(NOW - 3600, NOW))
    return statistics.median(_cost(lambda _: listed(scene, CELLS, 6), 0.0) for _ in range(DRAWN))


def _kept(events: Sequence[Event]) -> float:
    log = EventLog()
    log.recall(events)
    more = [Event(NOW - step, EventKind.NOTE, "note", "", f"more/{step}") for step in range(DRAWN)]
    kept = iter(more)
    return 1000 * statistics.median(_cost(lambda _: log.put(next(kept)), 0.0) for _ in more)


def _cost(do: Callable[[float], object], at: float) -> float:
    """Milliseconds of this process' CPU."""
    before = time.process_time()
    do(at)
    return (time.process_time() - before) * 1000


def _scene(events: Sequence[Event], shares: Sequence[Shares], window: Window) -> Scene:
    return Scene(events, shares, window, window.end, "app", SLOTS, errors=_Counts(), zone=UTC)


class _Counts:
    def along(self, start: float, end: float, parts: int) -> Sequence[int | None]:
        """Some in every part."""
        return [int(start + end + part) % 7 for part in range(parts)]


def _events() -> list[Event]:
    """Ninety days, more of them towards the end."""
    chance = Random(1)
    kinds = list(EventKind)
    times = sorted(NOW - 90 * DAY * chance.random() ** 3 for _ in range(EVENTS))
    return [
        Event(
            at,
            chance.choice(kinds),
            "rule",
            f"something happened to 00279-kub, number {number}",
            f"{number % 400}",
        )
        for number, at in enumerate(times)
    ]


def _shares() -> list[Shares]:
    """A canary every 43 minutes, and a gap behind every tenth."""
    step = 90 * DAY / SPANS
    spans = []
    for number in range(SPANS):
        since = NOW - (SPANS - number) * step
        until = since + step * (0.4 if number % 10 == 9 else 1.0)
        spans.append(Shares(since, until, ((f"app-{number:05}", 90), (f"app-{number + 1:05}", 10))))
    return spans
