"""A value as a panel shows it: mapped, in its unit, with the colour it has by thresholds, mapping or mode."""

from __future__ import annotations

import math
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from cockpit.metrics.dashboards.fields import Mapping, Match, Step, Thresholds
from cockpit.metrics.dashboards.model import Kind
from cockpit.metrics.dashboards.patterns import pattern
from cockpit.metrics.dashboards.units.catalogue import formatted, implied_range
from cockpit.metrics.dashboards.units.numbers import Formatted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cockpit.metrics.dashboards.fields import ColourMode, Field

DEFAULT_THRESHOLDS = Thresholds((Step(-math.inf, "green"), Step(80.0, "red")))
"""Those of a panel that names none."""

_PALETTE = "palette-classic"
_BY_THRESHOLDS = {Kind.STAT, Kind.GAUGE, Kind.BARGAUGE, Kind.TABLE}
"""Kinds whose values are coloured by thresholds where nothing is said; others have colours of a palette."""
_CONTINUOUS = {
    "GrYlRd": ("green", "yellow", "red"),
    "RdYlGr": ("red", "yellow", "green"),
    "BlYlRd": ("blue", "yellow", "red"),
    "YlRd": ("yellow", "orange", "red"),
    "BlPu": ("blue", "purple"),
    "YlBl": ("yellow", "blue"),
    "blues": ("super-light-blue", "blue", "dark-blue"),
    "reds": ("super-light-red", "red", "dark-red"),
    "greens": ("super-light-green", "green", "dark-green"),
    "purples": ("super-light-purple", "purple", "dark-purple"),
}


class Clock(NamedTuple):
    """What dates are shown by: the moment it is, in epoch seconds, and the zone."""

    now: float = 0.0
    zone: tzinfo = UTC


EPOCH = Clock()
"""For values that are no dates."""


class Shown(NamedTuple):
    """A value ready to be drawn: `colour` is a name of Grafana's or #rrggbb, "" for the next of a palette; `share`
    how far it is from the minimum to the maximum, NaN where there is no such range or no value."""

    value: Formatted
    colour: str = ""
    share: float = math.nan
    mapped: bool = False

    def __str__(self) -> str:
        return str(self.value)


class Span(NamedTuple):
    """The least and the largest a value can be."""

    low: float
    high: float

    def share(self, value: float) -> float:
        """How far a value is on the way, from 0 to 1; NaN where there is no way."""
        if not math.isfinite(value) or not self.high > self.low:
            return math.nan
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


def span_of(field: Field, kind: Kind, values: Iterable[float] = ()) -> Span:
    """The range of a panel's values: as it says, as its unit implies, 0 to 100 for a gauge, or what there is."""
    low, high = field.minimum, field.maximum
    implied = implied_range(field.unit) or ((0.0, 100.0) if kind is Kind.GAUGE else None)
    if implied is not None:
        low, high = implied[0] if low is None else low, implied[1] if high is None else high
    if low is None or high is None:
        there = [float(value) for value in values if math.isfinite(value)]
        low = min((0.0, *there)) if low is None else low
        high = max(there, default=low) if high is None else high
    return Span(low, high)


def shown(value: float | None, field: Field, kind: Kind, span: Span, clock: Clock = EPOCH) -> Shown:
    """A number as the field has it; None and NaN are no value."""
    mapping = _mapping(value, field.mappings or ())
    missing = value is None or math.isnan(value)
    if mapping is not None and mapping.shown:
        text = Formatted(mapping.shown)
    elif value is None or missing:
        text = Formatted(field.no_value or ("–" if value is None else "NaN"))
    else:
        text = formatted(value, field.unit, field.decimals, now=clock.now, zone=clock.zone)
    colour = mapping.colour if mapping and mapping.colour else colour_of(value, field, kind, span)
    share = math.nan if value is None else span.share(value)
    return Shown(text, colour, share, mapping is not None and bool(mapping.shown))


def shown_text(text: str, field: Field) -> Shown:
    """A text, as a label in a table, as the field has it."""
    for mapping in field.mappings or ():
        found = _of_text(text, mapping)
        if found is not None:
            return Shown(Formatted(found or text), mapping.colour, mapped=bool(found))
    return Shown(Formatted(text or (field.no_value or "")))


def colour_of(value: float | None, field: Field, kind: Kind, span: Span) -> str:
    """The colour of a value, by the field's mode."""
    mode = _mode(field.colour, kind)
    if mode == "fixed" or (mode == "shades" and field.colour):
        return field.colour.fixed if field.colour else ""
    if mode.startswith("continuous-"):
        colours = _CONTINUOUS.get(mode.removeprefix("continuous-"), ())
        share = math.nan if value is None else span.share(value)
        return (
            "" if not colours or math.isnan(share) else colours[min(int(share * len(colours)), len(colours) - 1)]
        )
    if mode != "thresholds":
        return ""
    return threshold_colour(value, field.thresholds or DEFAULT_THRESHOLDS, span)


def threshold_colour(value: float | None, thresholds: Thresholds, span: Span) -> str:
    """The colour of the last step a value has reached; no value has that of the base."""
    if value is None or math.isnan(value):
        value = -math.inf
    steps = absolute(thresholds, span)
    reached = [step.colour for step in steps if value >= step.value]
    return reached[-1] if reached else (steps[0].colour if steps else "")


def absolute(thresholds: Thresholds, span: Span) -> tuple[Step, ...]:
    """The steps with their values as those of the field, percentages worked out."""
    if not thresholds.percentage:
        return thresholds.steps
    reach = span.high - span.low
    return tuple(Step(span.low + step.value * reach / 100, step.colour) for step in thresholds.steps)


def _mode(colour: ColourMode | None, kind: Kind) -> str:
    if colour is not None and colour.mode:
        return colour.mode
    return "thresholds" if kind in _BY_THRESHOLDS else _PALETTE


def _mapping(value: float | None, mappings: Iterable[Mapping]) -> Mapping | None:
    return next((each for each in mappings if _fits(value, each)), None)


def _fits(value: float | None, mapping: Mapping) -> bool:
    nothing, not_a_number = value is None, value is not None and math.isnan(value)
    if mapping.match is Match.SPECIAL:
        return (nothing and "null" in mapping.text) or (not_a_number and "nan" in mapping.text)
    if value is None or not_a_number:
        return False
    if mapping.match is Match.RANGE:
        return (mapping.start is None or value >= mapping.start) and (mapping.end is None or value <= mapping.end)
    if mapping.match is Match.VALUE:
        try:
            return float(mapping.text) == value
        except ValueError:
            return False
    return False


def _of_text(text: str, mapping: Mapping) -> str | None:
    """What a mapping makes of a text, "" for the text as it is; None where it does not fit."""
    if mapping.match is Match.VALUE:
        return mapping.shown if text == mapping.text else None
    if mapping.match is Match.SPECIAL:
        return mapping.shown if text == {"empty": ""}.get(mapping.text, mapping.text) else None
    if mapping.match is Match.REGEX:
        found = pattern(mapping.text)
        if found is None or not found.search(text):
            return None
        return str(found.sub(_references(mapping.shown), text, 1)) if mapping.shown else ""
    return None


def _references(shown: str) -> str:
    """A replacement as RE2 writes it: `$1` is `\\1`."""
    escaped = shown.replace("\\", "\\\\")
    for digit in "0123456789":
        escaped = escaped.replace(f"${digit}", f"\\{digit}")
    return escaped
