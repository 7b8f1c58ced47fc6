"""The JSON of `cockpit app`, by the rules of `as_json`: keys are stable, what is not known is null."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.cli import as_json
from cockpit.sources.timelines.shape import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.cli.as_json import Json
    from cockpit.live.app.picture import AppPicture, ProbePicture, TimelinePicture, ValuePicture
    from cockpit.live.snapshot import Snapshot


def health(snapshot: Snapshot, app: AppPicture) -> Json:
    """`cockpit app health`: service, region, project, window_seconds, and probes (one for each path and URL)."""
    return {
        **as_json.ref(snapshot.ref),
        "window_seconds": app.window,
        "probes": [_probe(each) for each in app.probes],
    }


def timelines(snapshot: Snapshot, found: Sequence[TimelinePicture]) -> Json:
    """`cockpit app timelines`: service, region, project, and timelines."""
    return {**as_json.ref(snapshot.ref), "timelines": [_timeline(each) for each in found]}


def moment(at: float, step: float) -> str:
    """A moment (epoch seconds) of rows that are about `step` seconds: the day, or RFC 3339."""
    found = datetime.fromtimestamp(at, UTC)
    return f"{found:%Y-%m-%d}" if step >= DAY and at % DAY == 0 else f"{found:%Y-%m-%dT%H:%M:%SZ}"


def _probe(probe: ProbePicture) -> Json:
    """url, tag ("" for the service's own), revision, path, health (ok, degraded, failing, unknown), why, mend,
    status and seconds of the last answer, p50 and p95 (seconds), probes and bad (counts), since (RFC 3339)."""
    return {
        "url": probe.url,
        "tag": probe.tag,
        "revision": probe.revision or None,
        "path": probe.path,
        "health": probe.health.value,
        "why": probe.why,
        "mend": probe.mend,
        "status": probe.status or None,
        "seconds": probe.seconds,
        "p50": probe.p50,
        "p95": probe.p95,
        "probes": probe.probes,
        "bad": probe.bad,
        "since": None if probe.since is None else as_json.time(datetime.fromtimestamp(probe.since, UTC)),
    }


def _timeline(timeline: TimelinePicture) -> Json:
    """name, title, period, path, problem, findings (flaw, text, mend), compared (in words), values, and rows: each
    with time and values in the order of those."""
    problem = timeline.feed.problem
    return {
        "name": timeline.name,
        "title": timeline.title,
        "period": timeline.period,
        "path": timeline.path,
        "problem": as_json.problem(problem) if problem else None,
        "findings": [
            {"flaw": each.flaw.value, "text": each.text, "mend": each.mend} for each in timeline.findings
        ],
        "compared": timeline.compared,
        "values": [_value(each) for each in timeline.values],
        "rows": [{"time": moment(row.at, timeline.step), "values": list(row.values)} for row in timeline.rows],
    }


def _value(value: ValuePicture) -> Json:
    """title, unit, total of the period, now and then (what is compared), and change: a part of then."""
    return {
        "title": value.title,
        "unit": value.unit,
        "total": value.total,
        "now": value.now,
        "then": value.then,
        "change": value.change,
    }
