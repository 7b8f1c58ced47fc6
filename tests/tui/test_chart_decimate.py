"""Decimation: at most two points a column and one beside each edge, and never without an extreme."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.tui.charts.data import ChartSeries
from cockpit.tui.charts.decimate import decimated, extent, last_value, levels, value_near
from cockpit.tui.charts.view import Window
from tests.tui.charted import HOUR, START, series

NAN = math.nan

values = st.floats(allow_nan=True, allow_infinity=True)
samples = st.lists(st.tuples(st.floats(0.001, 60), values), min_size=1, max_size=300)


def spaced(steps: list[tuple[float, float]]) -> ChartSeries:
    """A series from the seconds between its samples and their values."""
    return series([value for _, value in steps], times=list(np.cumsum([step for step, _ in steps])))


@given(samples, st.integers(1, 40))
def test_every_column_keeps_its_smallest_and_its_largest_value(
    steps: list[tuple[float, float]], columns: int
) -> None:
    given_series = spaced(steps)
    points = decimated(given_series, HOUR, columns)
    finite = np.isfinite(given_series.values)
    edges = HOUR.start + HOUR.seconds / columns * np.arange(columns + 1)
    moments = points.x * (HOUR.seconds / columns) + HOUR.start
    for start, end in pairwise(edges):
        whole = given_series.values[finite & (given_series.times >= start) & (given_series.times < end)]
        kept = points.y[(moments >= start - 1e-6) & (moments < end + 1e-6)]
        assert set(whole[[whole.argmin(), whole.argmax()]] if whole.size else ()) <= set(kept)
    assert len(points.x) <= 2 * columns + 2


@given(samples, st.integers(1, 40), st.floats(-1e4, 1e4), st.floats(1, 1e5))
def test_points_are_finite_ascending_and_within_the_canvas(
    steps: list[tuple[float, float]], columns: int, start: float, seconds: float
) -> None:
    points = decimated(spaced(steps), Window(START + start, START + start + seconds), columns)
    assert np.isfinite(points.x).all()
    assert (np.diff(points.x) >= 0).all()
    assert len(points.x) <= 2 * columns + 2
    assert len(points.x) == len(points.y) == len(points.joined)
    if len(points.x):
        assert not points.joined[0]
        assert points.x[0] >= 0
        assert points.x[-1] <= columns


def test_a_spike_of_one_sample_among_thousands_is_kept() -> None:
    steady = [1.0] * 10_000
    steady[4321] = 99.0
    assert decimated(series(steady), HOUR, 60).y.max() == 99.0


def test_a_gap_that_is_wider_than_a_column_breaks_the_line_and_a_narrower_one_does_not() -> None:
    with_hole = series([1, 2, NAN, NAN, 3, 4], times=[0, 600, 1200, 1800, 2400, 3000])
    assert decimated(with_hole, HOUR, 60).joined.tolist() == [False, True, False, True]
    dense = [1.0, NAN] * 1800
    assert decimated(series(dense), HOUR, 60).joined[1:].all()


def test_samples_that_are_missing_altogether_break_the_line_by_their_distance() -> None:
    times = [0, 60, 120, 600, 660]
    assert decimated(series([1] * 5, times=times), HOUR, 60).joined.tolist() == [False, True, True, True, True]
    broken = decimated(series([1] * 5, times=times, gap=90), HOUR, 60)
    assert broken.joined.tolist() == [False, True, True, False, True]


def test_a_line_between_samples_outside_reaches_both_edges_where_it_crosses_them() -> None:
    points = decimated(series([0, 10], times=[-3600, 7200]), HOUR, 50)
    assert points.x.tolist() == [0, 50]
    assert points.y.tolist() == pytest.approx([10 / 3, 20 / 3])
    assert points.joined.tolist() == [False, True]


def test_what_no_line_leads_to_from_outside_is_left_out() -> None:
    points = decimated(series([1, NAN, 2, NAN, 3], times=[-60, -30, 1800, 3700, 3800]), HOUR, 50)
    assert points.y.tolist() == [2]
    assert points.alone.tolist() == [True]


@pytest.mark.parametrize("nothing", [[], [NAN, NAN], [math.inf, -math.inf]])
def test_nothing_finite_is_no_points(nothing: list[float]) -> None:
    bare = series(nothing, times=[60.0 * place for place in range(len(nothing))])
    points = decimated(bare, HOUR, 50)
    assert not len(points.x)
    assert np.isnan(levels(points, 50)).all()
    assert extent(bare, HOUR) is None


def test_levels_follow_the_line_and_are_nan_where_it_is_broken() -> None:
    points = decimated(series([0, 6, NAN, 4, 4], times=[0, 1200, 1800, 2400, 3600]), HOUR, 6)
    assert levels(points, 6) == pytest.approx([1.5, 4.5, NAN, NAN, 4, 4], nan_ok=True)


def test_the_extent_is_that_of_the_window_else_that_of_a_line_across_it() -> None:
    whole = series([5, 1, 3, 9], times=[-60, 600, 1200, 4000])
    assert extent(whole, HOUR) == (1, 3)
    assert extent(whole, Window(START + 700, START + 800)) == pytest.approx((4 / 3, 5 / 3))
    assert extent(whole, Window(START + 4001, START + 5000)) is None


def test_the_value_at_a_moment_is_the_nearest_one_and_none_in_a_gap() -> None:
    sparse = series([1, 2, 3], times=[0, 60, 600], gap=90)
    assert value_near(sparse, START + 29, 5) == 1
    assert value_near(sparse, START + 31, 5) == 2
    assert math.isnan(value_near(sparse, START + 300, 5))
    assert value_near(sparse, START + 603, 5) == 3
    assert value_near(sparse, START + 680, 5) == 3
    assert math.isnan(value_near(sparse, START + 700, 5))
    assert math.isnan(value_near(series([], times=[]), START, 5))


def test_the_last_value_is_the_newest_in_the_window_even_if_it_is_none() -> None:
    assert last_value(series([1, 2, 3], times=[0, 60, 4000]), HOUR) == 2
    assert math.isnan(last_value(series([1, NAN], times=[0, 60]), HOUR))
    assert math.isnan(last_value(series([1], times=[-60]), HOUR))
