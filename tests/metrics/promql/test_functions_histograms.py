"""histogram_quantile() and histogram_fraction() of classic histograms."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.metrics.labels import labels_of
from cockpit.metrics.promql.frames import Frame
from tests.metrics.promql.windows import apply, cells, noted, vector

Values = Sequence[float | None]


def buckets(by_bound: dict[str, Values], **labels: str) -> list[tuple[tuple[tuple[str, str], ...], Values]]:
    return [
        (labels_of({"__name__": "x_bucket", "le": bound, **labels}), values) for bound, values in by_bound.items()
    ]


def quantile(value: float, over: Frame) -> list[list[float | None]]:
    return cells(apply("histogram_quantile", np.full(over.values.shape[1], value), over))


def fraction(lower: float, upper: float, over: Frame) -> list[list[float | None]]:
    steps = over.values.shape[1]
    return cells(apply("histogram_fraction", np.full(steps, lower), np.full(steps, upper), over))


SPREAD = vector(buckets({"+Inf": [10.0], "1": [4.0], "2": [8.0]}))


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0), (0.2, 0.5), (0.4, 1), (0.6, 1.5), (0.8, 2), (0.95, 2), (1, 2), (-1, -math.inf), (2, math.inf)],
)
def test_quantiles_are_linear_inside_a_bucket(value: float, expected: float) -> None:
    assert quantile(value, SPREAD) == [[pytest.approx(expected)]]


def test_the_bound_and_the_name_are_dropped_and_each_metric_is_a_histogram() -> None:
    other = [(labels_of({"__name__": "y_bucket", "le": le, "a": "1"}), [count]) for le, count in (("+Inf", 1.0),)]
    found = apply("histogram_quantile", np.array([0.5]), vector([*buckets({"+Inf": [1.0]}, a="1"), *other]))
    assert found.labels == (labels_of({"a": "1"}), labels_of({"a": "1"}))


@pytest.mark.parametrize(
    "by_bound",
    [
        {"1": [4.0], "2": [8.0]},  # none to +Inf
        {"+Inf": [8.0]},  # no other
        {"1": [0.0], "+Inf": [0.0]},  # no observations
    ],
)
def test_without_what_it_needs_a_quantile_is_nan(by_bound: dict[str, Values]) -> None:
    [[value]] = quantile(0.5, vector(buckets(by_bound)))
    assert value is not None
    assert math.isnan(value)


def test_negative_bounds() -> None:
    below = vector(buckets({"-1": [5.0], "0": [10.0], "+Inf": [10.0]}))
    assert quantile(0.2, below) == [[-1]]
    assert quantile(0.75, below) == [[-0.5]]


def test_bounds_that_are_written_differently_are_added_up() -> None:
    twice = vector(buckets({"1": [2.0], "1.0": [2.0], "2": [8.0], "+Inf": [10.0]}))
    assert quantile(0.2, twice) == quantile(0.2, SPREAD)


def test_counts_that_fall_are_mended_and_remarked_on() -> None:
    falling = vector(buckets({"1": [6.0], "2": [4.0], "3": [10.0], "+Inf": [10.0]}))
    assert quantile(0.8, falling) == [[2.5]]
    [note] = noted("histogram_quantile", np.array([0.8]), falling)
    assert "monotonicity" in note


def test_what_is_rounding_is_not_remarked_on() -> None:
    rounded = vector(buckets({"1": [6.0], "2": [6.0 - 1e-13], "+Inf": [6.0]}))
    assert not noted("histogram_quantile", np.array([0.8]), rounded)


def test_series_that_are_no_buckets_are_left_out_and_remarked_on() -> None:
    for bound in ("", "1_0", " 1", "big"):
        odd = vector([*buckets({bound: [1.0]}), *buckets({"1": [1.0], "+Inf": [1.0]})])
        assert quantile(0.5, odd) == [[0.5]]
        [note] = noted("histogram_quantile", np.array([0.5]), odd)
        assert f'"{bound}"' in note


def test_a_quantile_out_of_range_is_remarked_on() -> None:
    assert noted("histogram_quantile", np.array([1.5]), SPREAD) == {
        "PromQL warning: quantile value should be between 0 and 1, got 1.5"
    }


def test_steps_have_the_buckets_that_are_there() -> None:
    changing = vector(
        buckets({"1": [4.0, None, None, 4.0], "2": [8.0, 8.0, None, 8.0], "+Inf": [10.0, 10.0, None, 10.0]})
    )
    assert quantile(0.4, changing) == [[1, 1, None, 1]]
    partly = vector([*buckets({"1": [1.0, 1.0], "+Inf": [1.0, 1.0]}, a="1"), *buckets({"1": [3.0, 3.0]}, a="2")])
    [whole, lacking] = quantile(0.5, partly)
    assert whole == [0.5, 0.5]
    assert all(value is not None and math.isnan(value) for value in lacking)


def plain_quantile(share: float, bounds: list[float], counts: list[float]) -> float:
    rank = share * counts[-1]
    place = next(place for place, count in enumerate(counts) if count >= rank or place == len(counts) - 1)
    if place == len(counts) - 1:
        return bounds[-2]
    lower, below = (bounds[place - 1], counts[place - 1]) if place else (0.0, 0.0)
    if counts[place] == below:
        return math.nan
    return lower + (bounds[place] - lower) * (rank - below) / (counts[place] - below)


@given(
    observed=st.lists(st.lists(st.integers(0, 50), min_size=5, max_size=5), min_size=1, max_size=6),
    share=st.floats(0, 1),
)
def test_many_histograms_at_once_are_each_by_itself(observed: list[list[int]], share: float) -> None:
    bounds = [0.1, 0.5, 1.0, 5.0, math.inf]
    series = []
    for place, counts in enumerate(observed):
        cumulative = np.cumsum(counts, dtype=np.float64).tolist()
        series += buckets(
            {str(bound): [total] for bound, total in zip(bounds, cumulative, strict=True)}, at=str(place)
        )
    for counts, [value] in zip(observed, quantile(share, vector(series)), strict=True):
        cumulative = np.cumsum(counts, dtype=np.float64).tolist()
        expected = plain_quantile(share, bounds, cumulative) if cumulative[-1] else math.nan
        assert value == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        (0, 1, 0.4),
        (0, 1.5, 0.6),
        (1, 2, 0.4),
        (-5, math.inf, 1),
        (2, math.inf, 0.2),
        (0.5, 0.5, 0),
        (3, 100, 0),
        (2, 1, 0),
        (-math.inf, 0.5, 0.2),
    ],
)
def test_fractions(lower: float, upper: float, expected: float) -> None:
    assert fraction(lower, upper, SPREAD) == [[pytest.approx(expected)]]


@pytest.mark.parametrize("by_bound", [{"1": [4.0]}, {"1": [0.0], "+Inf": [0.0]}])
def test_without_observations_a_fraction_is_nan(by_bound: dict[str, Values]) -> None:
    [[value]] = fraction(0, 1, vector(buckets(by_bound)))
    assert value is not None
    assert math.isnan(value)
