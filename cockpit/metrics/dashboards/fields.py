"""How values of a panel are shown: unit, decimals, bounds, thresholds, mappings, colours, and overrides."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Step(NamedTuple):
    """From `value` on (−∞ for the base) the colour is this: a name of Grafana's palette or #rrggbb, as written."""

    value: float
    colour: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Steps, ascending. With `percentage` their values are percents of the way from the minimum to the maximum."""

    steps: tuple[Step, ...] = ()
    percentage: bool = False


class Match(Enum):
    """What a value mapping looks at."""

    VALUE = "value"
    RANGE = "range"
    REGEX = "regex"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True)
class Mapping:
    """What is shown in place of a value. Of the matches, `text` is the value, the pattern, or the special one
    ("null", "nan", "null+nan", "true", "false", "empty"); a range has both its ends in it, None for no end.

    `shown` and `colour` are "" for those that stay as they are.
    """

    match: Match
    text: str = ""
    start: float | None = None
    end: float | None = None
    shown: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class ColourMode:
    """How a value gets its colour: "thresholds", "fixed", "palette-classic", "continuous-GrYlRd", "shades", …; a
    series takes it from its `by` value: "last", "min" or "max"."""

    mode: str = ""
    fixed: str = ""
    by: str = "last"


@dataclass(frozen=True, slots=True)
class Style:
    """How a series is drawn; None is what was not said. `draw` is "line", "bars" or "points"; `stack` "none",
    "normal" or "percent"; `fill` the opacity below the line, 0 to 100; `negative` mirrors it below zero; `gaps` is
    whether missing values interrupt it; `hidden` leaves it out of the drawing, `unlisted` out of the legend."""

    draw: str | None = None
    stack: str | None = None
    fill: float | None = None
    negative: bool | None = None
    right_axis: bool | None = None
    gaps: bool | None = None
    hidden: bool | None = None
    unlisted: bool | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """How the values of a series or a column are shown; None is what was not said."""

    unit: str | None = None
    decimals: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    thresholds: Thresholds | None = None
    mappings: tuple[Mapping, ...] | None = None
    colour: ColourMode | None = None
    display_name: str | None = None
    no_value: str | None = None
    style: Style = Style()


PLAIN = Field()
"""Nothing said about how values are shown."""


class Matcher(Enum):
    """What an override is for, by Grafana's ids."""

    NAME = "byName"
    NAMES = "byNames"
    REGEX = "byRegexp"
    REF = "byFrameRefID"
    TYPE = "byType"


@dataclass(frozen=True, slots=True)
class Override:
    """What is different for some series: those whose name (or target, or type) is `named`.

    `exclude` turns the names of NAMES into those that are not meant.
    """

    matcher: Matcher
    named: tuple[str, ...]
    field: Field
    exclude: bool = False


def merged(base: Field, others: Iterable[Field]) -> Field:
    """The field with what the others say put over it, the last one winning."""
    for other in others:
        base = replace(base, **{**_said(other), "style": replace(base.style, **_said(other.style))})
    return base


def _said(settings: Field | Style) -> dict[str, Any]:
    named = ((each.name, getattr(settings, each.name)) for each in fields(settings))
    return {name: value for name, value in named if value is not None}
