"""Signals as PromQL, for any engine, and what its answers say of each revision."""

from __future__ import annotations

import math
from types import MappingProxyType
from typing import TYPE_CHECKING

from cockpit.metrics.labels import value_of
from cockpit.metrics.promql.durations import duration
from cockpit.metrics.signals import estimate
from cockpit.metrics.signals.signal import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cockpit.metrics.engine import Answer
    from cockpit.metrics.signals.reading import Estimate
    from cockpit.metrics.signals.signal import Signal

EVENTS, TOTAL, BUCKETS, INSTANCES = "events", "total", "buckets", "instances"
WINDOW = "{window}"
EVERYTHING: Mapping[str, float] = MappingProxyType({})
LEAST_SECONDS = 1.0


def queries(signal: Signal, window: int) -> Mapping[str, str]:
    """What `read` needs, as instant queries by role, over a window of so many seconds."""
    if signal.kind is Kind.QUANTILE:
        return {BUCKETS: _buckets(signal, "increase", window)}
    if signal.kind is Kind.GAUGE:
        return {INSTANCES: f"sum by (revision, instance) ({_filled(signal.source[0], window)})"}
    events = {EVENTS: _added("increase", signal.source, window)}
    return events | ({TOTAL: _added("increase", signal.total, window)} if signal.total else {})


def expression(signal: Signal, window: int) -> str:
    """One expression for the signal's value by revision, as a person would write it; for charts and courses."""
    if signal.kind is Kind.QUANTILE:
        return f"histogram_quantile({signal.quantile:g}, {_buckets(signal, 'rate', window)})"
    if signal.kind is Kind.GAUGE:
        return f"avg by (revision) (sum by (revision, instance) ({_filled(signal.source[0], window)}))"
    events = _added("rate", signal.source, window)
    if signal.kind is Kind.RATE:
        return events
    total = _added("rate", signal.total, window)
    # Series of failures come with the first failure: until then the share is 0 of what there is, not nothing.
    return f"({events} or 0 * {total}) / {total}"


def read(
    signal: Signal, answers: Mapping[str, Answer], window: int, watched: Mapping[str, float] = EVERYTHING
) -> Mapping[str, Estimate]:
    """The estimate of each revision that has data, from the answers to `queries` over the same window.

    `watched` are the seconds of the window from which there are samples, by revision, where these are fewer: what
    was counted in ten seconds is not spread over five minutes.
    """
    if signal.kind is Kind.QUANTILE:
        found = {name: estimate.quantile(signal.quantile, held) for name, held in _by_bound(answers[BUCKETS])}
    elif signal.kind is Kind.GAUGE:
        found = {name: estimate.mean(values) for name, values in _by_revision(answers[INSTANCES])}
    elif signal.kind is Kind.RATE:
        found = {
            name: estimate.rate(sum(values), max(LEAST_SECONDS, watched.get(name, window)))
            for name, values in _by_revision(answers[EVENTS])
        }
    else:
        events = dict(_by_revision(answers[EVENTS]))
        found = {
            name: estimate.ratio(sum(events.get(name, ())), sum(values))
            for name, values in _by_revision(answers[TOTAL])
        }
    return {name: one for name, one in found.items() if one is not None}


def courses(answer: Answer, start: int, end: int, step: int) -> Mapping[str, tuple[float, ...]]:
    """The range of an `expression`, in milliseconds, as one value a step by revision; NaN where there is none."""
    at = {moment: index for index, moment in enumerate(range(start, end + 1, step))}
    found: dict[str, tuple[float, ...]] = {}
    for line in answer.lines:
        course = [math.nan] * len(at)
        for moment, value in zip(line.times.tolist(), line.values.tolist(), strict=True):
            if moment in at:
                course[at[moment]] = value
        found[value_of(line.labels, "revision")] = tuple(course)
    return found


def _filled(text: str, window: int) -> str:
    return text.replace(WINDOW, duration(1000 * window))


def _buckets(signal: Signal, function: str, window: int) -> str:
    name, brace, labels = signal.source[0].partition("{")
    selector = f"{name}_bucket{brace}{labels}"
    return f"sum by (revision, le) ({function}({selector}[{duration(1000 * window)}]))"


def _added(function: str, selectors: Sequence[str], window: int) -> str:
    """The sum over several counters. A label of its own keeps each one's series apart from the others'."""
    parts = [f"{function}({selector}[{duration(1000 * window)}])" for selector in selectors]
    if len(parts) > 1:
        parts = [f'label_replace({part}, "part", "{n}", "", "")' for n, part in enumerate(parts, 1)]
    return f"sum by (revision) ({' or '.join(parts)})"


def _by_revision(answer: Answer) -> Iterator[tuple[str, list[float]]]:
    """The finite values of each revision."""
    found: dict[str, list[float]] = {}
    for sample in answer.samples:
        if math.isfinite(sample.value):
            found.setdefault(value_of(sample.labels, "revision"), []).append(sample.value)
    yield from found.items()


def _by_bound(answer: Answer) -> Iterator[tuple[str, dict[float, float]]]:
    """The buckets of each revision; equal bounds, however they are written, are one."""
    found: dict[str, dict[float, float]] = {}
    for sample in answer.samples:
        bound = _bound(value_of(sample.labels, "le"))
        if math.isfinite(sample.value) and not math.isnan(bound):
            held = found.setdefault(value_of(sample.labels, "revision"), {})
            held[bound] = held.get(bound, 0.0) + sample.value
    yield from found.items()


def _bound(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
