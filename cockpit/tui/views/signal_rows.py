"""What the signals pane says of each signal: both values, their difference, and what it means."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.signals.compare import compare
from cockpit.metrics.signals.reading import Verdict
from cockpit.metrics.signals.signal import Kind
from cockpit.text import clean
from cockpit.tui.views.quantities import measure
from cockpit.tui.views.sparkline import extent

if TYPE_CHECKING:
    from cockpit.live.metrics.picture import MetricsPicture
    from cockpit.metrics.signals.reading import Difference, Estimate, Reading
    from cockpit.tui.views.quantities import Measure

ESTIMATE_BELOW = 0.8
"""Coverage under which the numbers are an estimate: too many instances are not seen."""

MARKS = {
    Verdict.WORSE: ("✗", "worse", "bad bold"),
    Verdict.LIKELY_WORSE: ("△", "worse?", "warn"),
    Verdict.BETTER: ("✓", "better", "good"),
    Verdict.SAME: ("✓", "ok", "good"),
    Verdict.UNCERTAIN: ("·", "unsure", "muted"),
    Verdict.NO_DATA: ("?", "unknown", "warn"),
    Verdict.NOT_JUDGED: ("", "", ""),
}
"""Shape, word and role by verdict. No data is a warning: nobody knows whether all is well."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The two revisions compared, by their full names; "" where there is none."""

    stable: str
    canary: str


@dataclass(frozen=True, slots=True)
class Value:
    """One revision's value as it is written, and its course. `number` is "" without data."""

    number: str = ""
    unit: str = ""
    course: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One signal. `low` and `high` are the scale of both courses; `change` and `margin` have the unit of the
    values, for a ratio points of a percent."""

    id: str
    title: str
    stable: Value
    canary: Value
    verdict: Verdict
    change: str = ""
    margin: str = ""
    low: float = 0.0
    high: float = 1.0


def pair(picture: MetricsPicture, chosen: str) -> Pair:
    """The chosen revision against the stable one; the picture's own canary where nothing else is chosen."""
    canary = chosen if chosen and chosen != picture.stable else picture.canary
    return Pair(picture.stable, canary)


def rows(picture: MetricsPicture, compared: Pair) -> list[Row]:
    """A row for every signal that was read."""
    return [_row(reading, compared) for reading in picture.readings]


def worse(found: list[Row]) -> int:
    """How many signals say that the canary is worse."""
    return sum(row.verdict is Verdict.WORSE for row in found)


def note(picture: MetricsPicture, compared: Pair) -> str:
    """What the numbers stand on: the canary's samples, and how many of the instances are seen."""
    said = [f"n={samples:,.0f}"] if (samples := _samples(picture, compared)) is not None else []
    seen = [each for name in (compared.stable, compared.canary) if (each := picture.seen(name)) is not None]
    if any(not each.separable for each in seen):
        said.insert(0, "instances not separable")
    elif seen:
        least = min(each.coverage for each in seen)
        said.append(f"coverage {math.floor(100 * least)} %")
        if least < ESTIMATE_BELOW:
            said.insert(0, "estimate")
    return " · ".join(said)


def is_estimate(picture: MetricsPicture, revision: str) -> bool:
    """Whether too few of a revision's instances are seen, or they cannot be told apart."""
    seen = picture.seen(revision)
    return seen is not None and (not seen.separable or seen.coverage < ESTIMATE_BELOW)


def _samples(picture: MetricsPicture, compared: Pair) -> float | None:
    """The canary's samples under the first signal that counts events; the stable revision's without a canary."""
    revision = compared.canary or compared.stable
    events = (one.estimates.get(revision) for one in picture.readings if one.signal.kind is not Kind.GAUGE)
    return next((found.n for found in events if found is not None), None)


def _row(reading: Reading, compared: Pair) -> Row:
    signal = reading.signal
    stable, canary = (reading.estimates.get(name) for name in (compared.stable, compared.canary))
    differs = compare(signal, stable, canary)
    told = _told(differs, signal.kind)
    values = [each.value for each in (stable, canary) if each is not None]
    written = measure(signal, [*values, differs.margin] if told else values)
    courses = [reading.courses.get(name, ()) for name in (compared.stable, compared.canary)]
    low, high = extent(value for course in courses for value in course)
    return Row(
        id=signal.id,
        title=clean(signal.title),
        stable=_value(stable, written, courses[0]),
        canary=_value(canary, written, courses[1]),
        verdict=differs.verdict if compared.canary else Verdict.NOT_JUDGED,
        change=written.signed(differs.value) if told else "",
        margin=f"± {written.number(differs.margin)}" if told and math.isfinite(differs.margin) else "",
        low=low,
        high=high,
    )


def _told(differs: Difference, kind: Kind) -> bool:
    """Whether the difference says anything: that of rates is the traffic split over again."""
    return differs.verdict is not Verdict.NO_DATA and kind is not Kind.RATE


def _value(found: Estimate | None, written: Measure, course: tuple[float, ...]) -> Value:
    if found is None:
        return Value(course=course)
    return Value(written.number(found.value), written.unit, course)
