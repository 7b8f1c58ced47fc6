"""Canned pictures of an application: its health at two URLs, and three timelines."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cockpit.live.app.habits import TimelineHabits, ValueHabits
from cockpit.live.app.picture import AppPicture, Health, ProbePicture, TimelinePicture
from cockpit.live.app.totals import compared
from cockpit.live.snapshot import Feed, FeedState, Problem
from cockpit.sources.timelines.reading import read_timeline
from cockpit.sources.timelines.shape import DAY, Finding, Flaw, Shape
from tests.tui.staged import AT, CANARY, NOW, healthy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.live.snapshot import Snapshot

PERIODS = {"7d": 7 * DAY, "30d": 30 * DAY, "90d": 90 * DAY, "1y": 365 * DAY}
URL = "https://emergence-app-hash-ew.a.run.app"
LIVE = Feed("health", FeedState.LIVE, AT)
TIME = NOW.timestamp()


def probe(tag: str = "", health: Health = Health.OK, **more: Any) -> ProbePicture:
    """A probe of `/api/health`, well unless told otherwise."""
    facts: dict[str, Any] = {
        "feed": LIVE,
        "status": 200,
        "seconds": 0.0031,
        "p50": 0.0028,
        "p95": 0.0093,
        "course": (0.003, 0.0027, 0.0093, 0.003, 0.0028, 0.0031),
        "probes": 60,
        "since": TIME - 754,
    }
    url = f"https://{tag}---emergence-app-hash-ew.a.run.app" if tag else URL
    revision = CANARY if tag else ""
    return ProbePicture(url, tag, revision, "/api/health", health=health, **(facts | more))


SICK = probe(
    "canary",
    Health.FAILING,
    status=503,
    why="it answers 503, not 200–299",
    mend="its logs tell more",
    before=Health.OK,
    bad=3,
    course=(0.004, 0.003, 0.012, None, None, 0.005),
)


def habits(name: str, *fields: str, bars: bool = True, unit: str = "") -> TimelineHabits:
    """How one of emergence-app's timelines is read."""
    values = tuple(ValueHabits(field, unit) for field in fields)
    path = f"/api/dashboard/timeline/{name}?period={{period}}"
    return TimelineHabits(name, name, path, Shape("date", fields), values, PERIODS, bars)


ACTIVITY = habits("activity", "messages", "threads")
COSTS = habits("costs", "cost", unit="$")
TOKENS = habits("tokens", "total", "input", "output", bars=False)


def days(count: int, *fields: str) -> list[dict[str, Any]]:
    """So many plausible days until NOW, weekends quieter."""
    found = []
    for back in range(count - 1, -1, -1):
        day = NOW.date() - timedelta(days=back)
        size = (60 if day.weekday() >= 5 else 200) + 37 * (day.toordinal() % 5)
        size = size // 2 if back == 0 else size
        found.append({"date": day.isoformat(), **{name: size / (1 + 8 * at) for at, name in enumerate(fields)}})
    return found


def timeline(
    wanted: TimelineHabits, period: str = "7d", rows: Sequence[Mapping[str, Any]] | None = None, **more: Any
) -> TimelinePicture:
    """A timeline as it is read from these rows, by default good ones."""
    shape, seconds = wanted.shape, PERIODS[period]
    fields = shape.values
    found = days(round(seconds / DAY) + 1, *fields) if rows is None else rows
    read = read_timeline(json.dumps(found).encode(), shape, seconds, TIME)
    longer = read_timeline(json.dumps(days(366, *fields)).encode(), shape, PERIODS["1y"], TIME)
    values, said = compared(wanted, period, read, longer)
    picture = TimelinePicture(
        name=wanted.name,
        title=wanted.title,
        period=period,
        periods=tuple(PERIODS),
        bars=wanted.bars,
        step=DAY,
        path=wanted.path_of(period),
        feed=LIVE,
        values=values,
        rows=read.rows,
        slots=read.slots,
        findings=read.findings,
        compared=said,
        read_at=TIME - 12,
    )
    return replace(picture, **more)


def unread(wanted: TimelineHabits, kind: str, text: str, mend: str = "") -> TimelinePicture:
    """A timeline that could not be read."""
    feed = Feed(f"{wanted.name} 7d", FeedState.FAILED, problem=Problem(kind, text, mend))
    return timeline(wanted, rows=[], feed=feed, findings=(), slots=(), values=(), compared="", read_at=None)


def application(*probes: ProbePicture, timelines: Sequence[TimelinePicture] | None = None) -> AppPicture:
    """All of it; the canary's health is bad unless other probes are given."""
    found = (timeline(ACTIVITY), timeline(COSTS), timeline(TOKENS)) if timelines is None else tuple(timelines)
    return AppPicture(probes or (probe(), SICK), found)


def hostile_application(text: str) -> AppPicture:
    """One that says this wherever it can."""
    bad = probe("canary", Health.FAILING, why=text, mend=text)
    odd = replace(bad, tag=text, path=f"/{text}", revision=text)
    told = (Finding(Flaw.EMPTY, text, text), Finding(Flaw.WRONG_TYPE, text, text))
    values = tuple(replace(value, title=text, unit=text) for value in timeline(ACTIVITY).values)
    trouble = Feed("activity 7d", FeedState.STALE, AT, Problem("broken", text, text))
    first = timeline(ACTIVITY, title=text, values=values, findings=told, compared=text, feed=trouble)
    return AppPicture((odd, bad), (first, timeline(TOKENS, values=(*values, values[0]))))


def with_app(app: AppPicture | None = None) -> Snapshot:
    """A snapshot of a canary under way, and of its application."""
    return replace(healthy(), app=app or application())
