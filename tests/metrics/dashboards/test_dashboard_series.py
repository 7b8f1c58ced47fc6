"""Answers as a panel shows them: names, reduced values, overrides, buckets."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from cockpit.metrics.dashboards.display import (
    Span,
)
from cockpit.metrics.dashboards.fields import (
    Field,
    Matcher,
    Override,
    Style,
    merged,
)
from cockpit.metrics.dashboards.heat import buckets_of
from cockpit.metrics.dashboards.interpolation import Bound
from cockpit.metrics.dashboards.model import Kind, Legend, Option, Reduce, Target, TargetFormat
from cockpit.metrics.dashboards.names import display_name, series_names
from cockpit.metrics.dashboards.options import HeatmapOptions
from cockpit.metrics.dashboards.reduce import is_known, reduced, title
from cockpit.metrics.dashboards.series import MOST_SERIES, series_of
from cockpit.metrics.dashboards.values import legend_values, values_of
from cockpit.metrics.labels import labels_of
from tests.metrics.dashboards.written import AT, asked, bare, matrix, vector

NAN = math.nan


@pytest.mark.parametrize(
    ("legend", "names"),
    [
        ("", ['up{job="a", pod="x"}', 'up{job="a", pod="y"}']),
        ("{{pod}} of {{ job }}", ["x of a", "y of a"]),
        ("{{nobody}}", ["", ""]),
        ("__auto", ["x", "y"]),
        ("fixed", ["fixed", "fixed"]),
    ],
)
def test_what_series_are_called(legend: str, names: list[str]) -> None:
    sets = [labels_of({"__name__": "up", "job": "a", "pod": pod}) for pod in "xy"]
    assert series_names(legend, "up", sets) == names


def test_what_a_series_is_called_that_has_nothing_to_tell() -> None:
    assert series_names("", "sum(up)", [()]) == ["sum(up)"]
    assert series_names("__auto", "sum(up)", [()]) == ["sum(up)"]
    assert series_names("__auto", "up", [labels_of({"job": "a"})]) == ["a"]
    assert series_names("__auto", "up", [labels_of({"a": "1", "b": "2"})]) == ['{a="1", b="2"}']


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("${__field.name}!", "up!"),
        ('${__field.labels.job} / ${__field.labels["pod"]}', "a / x"),
        ("${__series.name}", "up"),
        ("$__cell_0", "up"),
        ("plain", "plain"),
    ],
)
def test_display_names(template: str, name: str) -> None:
    assert display_name(template, "up", labels_of({"job": "a", "pod": "x"})) == name


VALUES = np.array([2.0, NAN, 4.0, 1.0, NAN])


@pytest.mark.parametrize(
    ("calc", "value"),
    [
        ("lastNotNull", 1.0),
        ("current", 1.0),
        ("last", None),
        ("first", 2.0),
        ("firstNotNull", 2.0),
        ("min", 1.0),
        ("max", 4.0),
        ("mean", 7 / 3),
        ("avg", 7 / 3),
        ("sum", 7.0),
        ("total", 7.0),
        ("count", 5.0),
        ("range", 3.0),
        ("diff", -1.0),
        ("diffperc", -0.5),
        ("delta", 3.0),
        ("step", -3.0),
        ("median", 2.0),
        ("p50", 2.0),
        ("logmin", 1.0),
        ("allIsNull", 0.0),
        ("allIsZero", 0.0),
        ("changeCount", 2.0),
        ("distinctCount", 3.0),
        ("nobody", None),
    ],
)
def test_calculations(calc: str, value: float | None) -> None:
    found = reduced(VALUES, calc)
    assert found == (pytest.approx(value) if value is not None else None)
    assert is_known(calc) is (calc != "nobody")


@pytest.mark.parametrize(
    ("calc", "value"),
    [("sum", 0.0), ("count", 0.0), ("allIsNull", 1.0), ("max", None), ("last", None), ("p95", None)],
)
def test_calculations_of_nothing(calc: str, value: float | None) -> None:
    assert reduced(np.array([]), calc) == value


def test_a_counters_growth_goes_on_after_a_reset() -> None:
    assert reduced(np.array([1.0, 5.0, 2.0, 3.0]), "delta") == 4 + 2 + 1
    assert title("lastNotNull") == "last"


def test_the_last_override_wins_and_says_only_what_it_says() -> None:
    base = Field(unit="s", decimals=1, style=Style(draw="line", fill=10))
    found = merged(base, [Field(unit="B"), Field(decimals=0, style=Style(fill=50))])
    assert (found.unit, found.decimals, found.style) == ("B", 0, Style(draw="line", fill=50))


LINES = matrix(({"pod": "x"}, [1.0, 2.0]), ({"pod": "y"}, [3.0, NAN]))


@pytest.mark.parametrize(
    ("override", "units"),
    [
        (Override(Matcher.NAME, ("x",), Field(unit="s")), ["s", None]),
        (Override(Matcher.REGEX, ("/y|z/",), Field(unit="s")), [None, "s"]),
        (Override(Matcher.REF, ("A",), Field(unit="s")), ["s", "s"]),
        (Override(Matcher.TYPE, ("number",), Field(unit="s")), ["s", "s"]),
        (Override(Matcher.TYPE, ("time",), Field(unit="s")), [None, None]),
        (Override(Matcher.NAMES, ("x",), Field(unit="s"), exclude=True), [None, "s"]),
        (Override(Matcher.REGEX, ("/(?!x)/",), Field(unit="s")), [None, None]),
    ],
)
def test_overrides_are_for_those_they_name(override: Override, units: list[str | None]) -> None:
    found = series_of(bare(overrides=(override,)), [(asked(legend="{{pod}}"), LINES)], {})
    assert [each.name for each in found.series] == ["x", "y"]
    assert [each.field.unit for each in found.series] == units


def test_an_override_may_rename_and_names_have_variables() -> None:
    override = Override(Matcher.NAME, ("x",), Field(display_name="${__field.labels.pod} of $job"))
    known = {"job": Bound((Option("API", "api"),))}
    found = series_of(bare(overrides=(override,)), [(asked(legend="{{pod}}"), LINES)], known)
    assert [each.name for each in found.series] == ["x of API", "y"]


def test_series_beyond_the_most_are_counted() -> None:
    many = matrix(*(({"n": str(n)}, [1.0]) for n in range(MOST_SERIES + 7)))
    found = series_of(bare(), [(asked(), many)], {})
    assert (len(found.series), found.left_out) == (MOST_SERIES, 7)


def numbers(kind: Kind = Kind.STAT, **more: Any) -> list[tuple[str, float | None, str]]:
    """Names, numbers and texts of a panel's values."""
    panel = bare(kind, **more)
    series = series_of(panel, [(asked(legend="{{pod}}"), LINES)], {}).series
    return [(each.name, each.number, str(each.shown)) for each in values_of(panel, series)]


def test_a_value_for_every_series() -> None:
    assert numbers(field=Field(unit="s")) == [("x", 2.0, "2 s"), ("y", 3.0, "3 s")]
    assert numbers(reduce=Reduce(("last",))) == [("x", 2.0, "2"), ("y", None, "–")]


def test_a_value_for_every_calculation() -> None:
    found = numbers(reduce=Reduce(("min", "max")))
    assert [name for name, _, _ in found] == ["min x", "max x", "min y", "max y"]


def test_every_value_up_to_a_limit() -> None:
    assert [number for _, number, _ in numbers(reduce=Reduce(values=True, limit=3))] == [1.0, 2.0, 3.0]
    assert len(numbers(reduce=Reduce(values=True))) == 4


def test_a_count_has_no_unit() -> None:
    assert numbers(field=Field(unit="s"), reduce=Reduce(("count", "max")))[:2] == [
        ("count x", 2.0, "2"),
        ("max x", 2.0, "2 s"),
    ]


def test_only_the_fields_that_are_wanted() -> None:
    assert [name for name, _, _ in numbers(reduce=Reduce(fields="y"))] == ["y"]
    assert [name for name, _, _ in numbers(reduce=Reduce(fields="/x|z/"))] == ["x"]


def test_hidden_series_have_no_value() -> None:
    hidden = Override(Matcher.NAME, ("x",), Field(style=Style(hidden=True)))
    assert [name for name, _, _ in numbers(overrides=(hidden,))] == ["y"]


def test_a_label_in_place_of_a_value() -> None:
    target = Target("A", "build_info", format=TargetFormat.TABLE)
    panel = bare(targets=(target,), reduce=Reduce(fields="/^version$/"))
    answer = vector(({"__name__": "build_info", "version": "1.2", "job": "a"}, 1.0))
    [value] = values_of(panel, series_of(panel, [(asked(), answer)], {}).series)
    assert (value.name, value.number, str(value.shown)) == ("version", None, "1.2")


def test_bars_share_a_range_and_gauges_have_their_own() -> None:
    def spans(kind: Kind) -> list[Span]:
        panel = bare(kind)
        return [each.span for each in values_of(panel, series_of(panel, [(asked(), LINES)], {}).series)]

    assert spans(Kind.BARGAUGE) == [Span(0, 3), Span(0, 3)]
    assert spans(Kind.GAUGE) == [Span(0, 100), Span(0, 100)]


def test_a_value_says_when_it_was() -> None:
    panel = bare()
    x, y = values_of(panel, series_of(panel, [(asked(), LINES)], {}).series)
    assert (x.last, y.last) == (AT, AT - 15_000)
    [none] = values_of(panel, series_of(panel, [(asked(), matrix(({}, [NAN])))], {}).series)
    assert (none.last, none.number) == (None, None)


def test_the_legend_says_what_a_series_comes_to() -> None:
    panel = bare(Kind.TIMESERIES, legend=Legend(calcs=("lastNotNull", "max")), field=Field(unit="s"))
    [x, _] = series_of(panel, [(asked(), LINES)], {}).series
    assert [(name, str(value)) for name, value in legend_values(panel, x)] == [("last", "2 s"), ("max", "2 s")]


BUCKETS = matrix(({"le": "+Inf"}, [9.0, 9.0]), ({"le": "0.5"}, [2.0, 3.0]), ({"le": "1"}, [5.0, NAN]))


def test_buckets_from_the_lowest_with_what_falls_into_each() -> None:
    panel = bare(
        Kind.HEATMAP, options=HeatmapOptions(unit="s"), targets=(Target("A", "x", format=TargetFormat.HEATMAP),)
    )
    found = buckets_of(panel, series_of(panel, [(asked(), BUCKETS)], {}).series)
    assert found.names == ("500 ms", "1 s", "+Inf")
    assert found.times.tolist() == [AT - 15_000, AT]
    np.testing.assert_equal(found.counts, [[2.0, 3.0], [3.0, NAN], [4.0, NAN]])


def test_buckets_that_are_no_histogram_are_taken_as_they_are() -> None:
    panel = bare(Kind.HEATMAP)
    found = buckets_of(panel, series_of(panel, [(asked(legend="{{le}}"), BUCKETS)], {}).series)
    np.testing.assert_equal(found.counts, [[2.0, 3.0], [5.0, NAN], [9.0, 9.0]])


def test_values_are_counted_into_buckets() -> None:
    panel = bare(Kind.HEATMAP, options=HeatmapOptions(buckets=False))
    found = buckets_of(panel, series_of(panel, [(asked(), LINES)], {}).series)
    assert found.counts.sum() == 3
    assert (found.counts[0, 0], found.counts[-1, 0]) == (1, 1)


def test_no_buckets() -> None:
    for options in (HeatmapOptions(), HeatmapOptions(buckets=False)):
        found = buckets_of(bare(Kind.HEATMAP, options=options), ())
        assert (found.names, found.counts.shape) == ((), (0, 0))
