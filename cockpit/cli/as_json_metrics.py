"""The JSON of the commands on metrics, by the rules of `as_json`: keys are stable, what is not known is null.

Numbers that JSON does not have, NaN and the open end of an interval, are null; but the values of a query are text,
as in Prometheus' HTTP API.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cockpit.cli import as_json
from cockpit.cli.verdicts import difference, verdict
from cockpit.metrics.engine import ResultKind
from cockpit.metrics.rules.templates.numbers import written

if TYPE_CHECKING:
    from cockpit.cli.as_json import Json
    from cockpit.live.metrics.picture import InstancesPicture, MetricsPicture, TargetPicture
    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.alerts import Alert
    from cockpit.metrics.engine import Answer
    from cockpit.metrics.labels import Labels
    from cockpit.metrics.signals.reading import Difference, Estimate, Reading


def answer(found: Answer, at: int) -> Json:
    """`cockpit query`: the `data` of Prometheus' HTTP API. resultType (scalar, string, vector, matrix) and result:
    [seconds, "value"], or series with metric (labels) and value or values, pairs of the same kind."""
    moment = at / 1000
    if found.kind is ResultKind.STRING:
        result: object = [moment, found.text]
    elif found.kind is ResultKind.SCALAR:
        result = [moment, written(found.samples[0].value)]
    elif found.kind is ResultKind.VECTOR:
        result = [{"metric": dict(each.labels), "value": [moment, written(each.value)]} for each in found.samples]
    else:
        result = [
            {
                "metric": dict(line.labels),
                "values": [
                    [time / 1000, written(value)]
                    for time, value in zip(line.times.tolist(), line.values.tolist(), strict=True)
                ],
            }
            for line in found.lines
        ]
    return {"resultType": found.kind.value, "result": result}


def metrics(snapshot: Snapshot, picture: MetricsPicture, word: str) -> Json:
    """`cockpit metrics`: service, region, project, engine ("local" or a URL), window_seconds, stable and canary
    (revisions compared), verdict (worse, no data, likely worse, too few data, no worse), signals, instances (how
    much of each revision is seen), targets (the URLs scraped), and problem: why signals could not be read."""
    return {
        **as_json.ref(snapshot.ref),
        "engine": picture.engine,
        "window_seconds": picture.window,
        "stable": picture.stable or None,
        "canary": picture.canary or None,
        "verdict": word,
        "signals": [signal(each, picture) for each in picture.readings],
        "instances": [instances(each) for each in picture.instances],
        "targets": [target(each, snapshot.at) for each in picture.targets],
        "problem": as_json.problem(picture.problem) if picture.problem else None,
    }


def signal(found: Reading, picture: MetricsPicture) -> Json:
    """One signal: id, title, kind (rate, ratio, quantile, gauge), unit, better (lower, higher, neither), stable
    and canary (null without data), difference (canary less stable), verdict (better, same, worse, likely worse,
    too few data, no data, not judged), and problem: why its expression cannot be answered."""
    stable, canary = (found.estimates.get(name) for name in (picture.stable, picture.canary))
    differs = difference(found, picture)
    return {
        "id": found.signal.id,
        "title": found.signal.title,
        "kind": found.signal.kind.value,
        "unit": found.signal.unit,
        "better": found.signal.better.value,
        "stable": estimate(stable),
        "canary": estimate(canary),
        "difference": None if differs is None else interval(differs),
        "verdict": verdict(found, picture).value,
        "problem": found.problem or None,
    }


def estimate(found: Estimate | None) -> Json | None:
    """A value with its 95 percent interval: value, low, high, and n, the samples it stands on."""
    return None if found is None else {**interval(found), "n": number(found.n)}


def interval(found: Estimate | Difference) -> Json:
    """value, low, high."""
    return {"value": number(found.value), "low": number(found.low), "high": number(found.high)}


def instances(found: InstancesPicture) -> Json:
    """How much of a revision is seen: revision, tracked (instances), estimated (how many there are), coverage (0
    to 1), separable (false: nothing tells the instances apart, so the numbers may be nonsense)."""
    return {
        "revision": found.revision,
        "tracked": found.tracked,
        "estimated": number(found.estimated),
        "coverage": number(found.coverage),
        "separable": found.separable,
    }


def target(found: TargetPicture, at: float) -> Json:
    """One URL: url, tag and revision (null for the service's own), conduct (scraping, resting, off), state
    (starting, live, stale, failed), age (seconds since a good scrape), path, seconds, series, problem."""
    return {
        "url": found.url,
        "tag": found.tag or None,
        "revision": found.revision or None,
        "conduct": found.conduct.value,
        "state": found.feed.state.value,
        "age": found.feed.age(at),
        "path": found.path or None,
        "seconds": found.seconds,
        "series": found.series,
        "problem": as_json.problem(found.feed.problem) if found.feed.problem else None,
    }


def alerts(snapshot: Snapshot, picture: MetricsPicture) -> Json:
    """`cockpit alerts`: service, region, project, engine, alerts, and problem: why rules could not be read."""
    return {
        **as_json.ref(snapshot.ref),
        "engine": picture.engine,
        "alerts": [alert(each) for each in picture.alerts],
        "problem": as_json.problem(picture.problem) if picture.problem else None,
    }


def alert(found: Alert) -> Json:
    """One alert: rule, group, state (inactive, pending, firing, no data, broken), severity, revision, labels,
    annotations, since and fires_at (times), value, comparison, threshold, expression, and problem: what is missing
    or broken."""
    return {
        "rule": found.rule,
        "group": found.group,
        "state": found.state.value,
        "severity": found.severity or None,
        "revision": found.revision or None,
        "labels": named(found.labels),
        "annotations": named(found.annotations),
        "since": when(found.since),
        "fires_at": when(found.fires_at),
        "value": number(found.value),
        "comparison": found.comparison or None,
        "threshold": number(found.threshold),
        "expression": found.expression,
        "problem": found.problem or None,
    }


def named(pairs: Labels) -> Json:
    """Labels or annotations by their names."""
    return dict(pairs)


def number(value: float | None) -> float | None:
    """A number that JSON has, else null."""
    return value if value is not None and math.isfinite(value) else None


def when(moment: float | None) -> str | None:
    """Epoch seconds as RFC 3339, or null."""
    return None if moment is None else as_json.time(datetime.fromtimestamp(moment, UTC))
