"""The *_over_time functions and the trends, against Python's own statistics."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.metrics.promql.functions import RANGE
from cockpit.metrics.promql.functions.sums import precise_sum
from tests.metrics.promql.windows import roll, window

TIMES = [1000 * place for place in range(1, 13)]
COLUMNS = st.lists(
    st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=12, max_size=12), min_size=1, max_size=3
)
ENDS = [0, 500, 3_000, 3_500, 8_000, 12_000, 20_000]

FOLDS: dict[str, Callable[[list[float]], float]] = {
    "avg_over_time": lambda held: math.fsum(held) / len(held),
    "count_over_time": lambda held: float(len(held)),
    "first_over_time": lambda held: held[0],
    "last_over_time": lambda held: held[-1],
    "max_over_time": max,
    "min_over_time": min,
    "present_over_time": lambda _: 1.0,
    "stddev_over_time": statistics.pstdev,
    "stdvar_over_time": statistics.pvariance,
    "sum_over_time": math.fsum,
    "changes": lambda held: float(sum(a != b for a, b in pairwise(held))),
    "resets": lambda held: float(sum(b < a for a, b in pairwise(held))),
}


@pytest.mark.parametrize("name", FOLDS)
@given(columns=COLUMNS, length=st.integers(1, 15_000))
def test_each_window_is_folded_by_itself(name: str, columns: list[list[float]], length: int) -> None:
    got = roll(name, window(columns, TIMES, ENDS, length))
    for column, values in zip(columns, got, strict=True):
        for end, value in zip(ENDS, values, strict=True):
            held = [held for time, held in zip(TIMES, column, strict=True) if end - length < time <= end]
            if not held:
                assert value is None
            else:
                assert value == pytest.approx(
                    FOLDS[name](held), rel=1e-9, abs=1e-9 * max(map(abs, held)) ** 2 + 1e-100
                )


def test_windows_of_other_times_stand_side_by_side() -> None:
    one, other = (
        window([[1, 2], [3, 5]], [1000, 2000], [2000, 3000], 1500),
        window([[7]], [1600], [2000, 3000], 1500),
    )
    for name in (*FOLDS, "rate", "deriv", "irate", "delta"):
        assert roll(name, [one, other]) == [*roll(name, one), *roll(name, other)], name


def test_sums_keep_what_cancellation_would_lose() -> None:
    over = window([[1, 1e100, 1, -1e100]], [1, 2, 3, 4], [4], 10)
    assert roll("sum_over_time", over) == [[2]]
    assert roll("avg_over_time", over) == [[0.5]]


def test_a_mean_does_not_overflow() -> None:
    over = window([[1.7e308, 1.7e308, 1.7e308]], [1, 2, 3], [3], 10)
    assert roll("avg_over_time", over) == [[pytest.approx(1.7e308)]]
    assert roll("sum_over_time", over) == [[math.inf]]


def test_infinity_and_nan_stay_in_their_windows() -> None:
    over = window([[math.inf, 1, 1, 1], [1, math.nan, 2, 3]], [1, 2, 3, 4], [2, 4], 2)
    assert roll("sum_over_time", over)[0] == [math.inf, 2]
    [spoiled, clean] = roll("sum_over_time", over)[1]
    assert spoiled is not None
    assert math.isnan(spoiled)
    assert clean == 5
    assert roll("max_over_time", over)[1] == [1, 3], "NaN is no maximum where there is a number"


def test_a_constant_varies_by_nothing() -> None:
    over = window([[1.5990505637277868] * 3], [1, 2, 3], [3], 10)
    assert roll("stddev_over_time", over) == [[0]]
    assert roll("stdvar_over_time", over) == [[0]]


def test_variance_beside_a_large_offset() -> None:
    over = window([[1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]], [1, 2, 3, 4], [4], 10)
    assert roll("stdvar_over_time", over) == [[22.5]]


@given(
    samples=st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=30),
    quantile=st.floats(0, 1),
)
def test_quantiles_are_numpys(samples: list[float], quantile: float) -> None:
    times = list(range(1, len(samples) + 1))
    got = roll("quantile_over_time", window([samples], times, [len(samples)], 100), quantile)
    assert got == [[pytest.approx(float(np.quantile(samples, quantile)), rel=1e-9, abs=1e-6)]]


def test_quantiles_that_none_can_be() -> None:
    over = window([[1, 2]], [1, 2], [2], 10)
    assert roll("quantile_over_time", over, -1) == [[-math.inf]]
    assert roll("quantile_over_time", over, 1.5) == [[math.inf]]
    [[nothing]] = roll("quantile_over_time", over, math.nan)
    assert nothing is not None
    assert math.isnan(nothing)
    [hint] = RANGE["quantile_over_time"].hints([over], np.array([1.5]))
    assert hint == "PromQL warning: quantile value should be between 0 and 1, got 1.5"
    assert not list(RANGE["quantile_over_time"].hints([over], np.array([0.5])))


def test_nan_is_below_every_number_in_a_quantile() -> None:
    over = window([[3, math.nan, 1]], [1, 2, 3], [3], 10)
    assert roll("quantile_over_time", over, 1) == [[3]]
    assert roll("quantile_over_time", over, 0.5) == [[1]]


@given(columns=COLUMNS, ahead=st.integers(0, 3600))
def test_trends_are_the_least_squares_line(columns: list[list[float]], ahead: int) -> None:
    over = window(columns, TIMES, [12_000], 12_000)
    slopes, predicted = roll("deriv", over), roll("predict_linear", over, ahead)
    for column, [slope], [value] in zip(columns, slopes, predicted, strict=True):
        scale = max(map(abs, column)) + 1
        line = statistics.linear_regression([time / 1000 for time in TIMES], column)
        assert slope == pytest.approx(line.slope, abs=1e-9 * scale)
        assert value == pytest.approx(line.slope * (12 + ahead) + line.intercept, abs=1e-8 * scale * (ahead + 1))


def test_trends_need_two_samples_and_keep_a_constant() -> None:
    over = window([[7, 7, 7]], [1000, 2000, 3000], [1000, 3000], 10_000)
    assert roll("deriv", over) == [[None, 0]]
    assert roll("predict_linear", over, 100) == [[None, 7]]


def test_no_line_goes_through_infinity() -> None:
    over = window([[1, math.inf, 3]], [1000, 2000, 3000], [3000], 10_000)
    for name, scalars in (("deriv", ()), ("predict_linear", (100,))):
        [[value]] = roll(name, over, *scalars)
        assert value is not None
        assert math.isnan(value)


@given(st.lists(st.sampled_from([1.0, -1.0, 0.1, -3e7, 1e15, -1e15, 2e-9]), min_size=1, max_size=33))
def test_sums_are_exact_but_for_their_last_rounding(terms: list[float]) -> None:
    [found] = precise_sum(np.array(terms)[:, np.newaxis])
    assert found == pytest.approx(math.fsum(terms), rel=1e-13, abs=1e-15)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [([1, math.inf, -1], math.inf), ([math.inf, 1, -math.inf], math.nan), ([-1, math.nan, 1], math.nan)],
)
def test_sums_of_what_is_not_finite(terms: list[float], expected: float) -> None:
    assert roll("sum_over_time", window([terms], [1, 2, 3], [3], 10)) == [[pytest.approx(expected, nan_ok=True)]]
