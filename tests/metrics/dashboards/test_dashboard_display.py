"""A value as a panel shows it: thresholds, colours, mappings, and what it is measured by."""

from __future__ import annotations

import math

import pytest

from cockpit.metrics.dashboards.display import (
    Span,
    absolute,
    colour_of,
    shown,
    shown_text,
    span_of,
)
from cockpit.metrics.dashboards.fields import (
    ColourMode,
    Field,
    Mapping,
    Match,
    Step,
    Thresholds,
)
from cockpit.metrics.dashboards.model import Kind

NAN = math.nan
STEPS = Thresholds((Step(-math.inf, "green"), Step(50.0, "yellow"), Step(90.0, "red")))
SPAN = Span(0.0, 100.0)


@pytest.mark.parametrize(
    ("value", "colour"),
    [(None, "green"), (NAN, "green"), (-5, "green"), (50, "yellow"), (89.9, "yellow"), (1e9, "red")],
)
def test_the_colour_of_thresholds(value: float | None, colour: str) -> None:
    assert colour_of(value, Field(thresholds=STEPS), Kind.STAT, SPAN) == colour


def test_percentages_are_of_the_way() -> None:
    steps = absolute(Thresholds(STEPS.steps, percentage=True), Span(100.0, 300.0))
    assert [step.value for step in steps] == [-math.inf, 200.0, 280.0]


@pytest.mark.parametrize(
    ("mode", "kind", "colour"),
    [
        ("", Kind.STAT, "red"),
        ("", Kind.TIMESERIES, ""),
        ("fixed", Kind.TIMESERIES, "blue"),
        ("palette-classic", Kind.STAT, ""),
        ("continuous-GrYlRd", Kind.STAT, "red"),
        ("continuous-unheard", Kind.STAT, ""),
    ],
)
def test_colour_modes(mode: str, kind: Kind, colour: str) -> None:
    field = Field(thresholds=STEPS, colour=ColourMode(mode, "blue"))
    assert colour_of(95.0, field, kind, SPAN) == colour


def test_a_panel_without_thresholds_has_grafanas() -> None:
    assert [colour_of(value, Field(), Kind.STAT, SPAN) for value in (79.0, 80.0)] == ["green", "red"]


MAPPINGS = (
    Mapping(Match.VALUE, "1", shown="up", colour="green"),
    Mapping(Match.RANGE, start=5, end=None, shown="many"),
    Mapping(Match.SPECIAL, "null", shown="nothing"),
    Mapping(Match.SPECIAL, "nan", shown="not a number"),
    Mapping(Match.REGEX, "/^v(\\d+)/", shown="version $1"),
    Mapping(Match.SPECIAL, "empty", shown="blank"),
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "up"), (5.0, "many"), (1e9, "many"), (None, "nothing"), (NAN, "not a number"), (2.0, "2 s")],
)
def test_mapped_values(value: float | None, text: str) -> None:
    found = shown(value, Field(unit="s", mappings=MAPPINGS), Kind.STAT, SPAN)
    assert (str(found), found.mapped) == (text, text != "2 s")


def test_a_mapping_may_give_a_colour_alone() -> None:
    field = Field(mappings=(Mapping(Match.VALUE, "1", colour="blue"),))
    assert tuple(shown(1.0, field, Kind.STAT, SPAN))[:2] == (("1", "", ""), "blue")


@pytest.mark.parametrize(
    ("text", "found"), [("v12-x", "version 12-x"), ("", "blank"), ("1", "up"), ("other", "other")]
)
def test_mapped_texts(text: str, found: str) -> None:
    assert str(shown_text(text, Field(mappings=MAPPINGS))) == found


def test_no_value() -> None:
    assert str(shown(None, Field(), Kind.STAT, SPAN)) == "–"
    assert str(shown(NAN, Field(), Kind.STAT, SPAN)) == "NaN"
    assert str(shown(None, Field(no_value="none yet"), Kind.STAT, SPAN)) == "none yet"


@pytest.mark.parametrize(
    ("field", "kind", "values", "span"),
    [
        (Field(minimum=1, maximum=9), Kind.GAUGE, [], Span(1, 9)),
        (Field(), Kind.GAUGE, [7], Span(0, 100)),
        (Field(unit="percentunit"), Kind.STAT, [0.5], Span(0, 1)),
        (Field(), Kind.BARGAUGE, [3, 7, NAN], Span(0, 7)),
        (Field(), Kind.BARGAUGE, [-3, 7], Span(-3, 7)),
        (Field(maximum=5), Kind.STAT, [], Span(0, 5)),
    ],
)
def test_what_a_value_is_measured_by(field: Field, kind: Kind, values: list[float], span: Span) -> None:
    assert span_of(field, kind, values) == span


def test_how_far_a_value_is() -> None:
    assert [Span(0, 10).share(value) for value in (-1, 0, 5, 20)] == [0.0, 0.0, 0.5, 1.0]
    assert math.isnan(Span(0, 0).share(1))
