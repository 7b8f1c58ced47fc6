"""Intervals against published values and against chance itself; verdicts on differences."""

from __future__ import annotations

import math
import random
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.metrics.signals import estimate
from cockpit.metrics.signals.compare import compare
from cockpit.metrics.signals.reading import Estimate, Verdict
from cockpit.metrics.signals.signal import Better, Kind, Signal

ERRORS = Signal("errors", "errors", Kind.RATIO, ("bad_total",), ("all_total",), better=Better.LOWER)
HITS = Signal("hits", "hits", Kind.RATIO, ("hit_total",), ("all_total",), better=Better.HIGHER, tolerance=0.03)
P95 = Signal("p95", "P95", Kind.QUANTILE, ("took_seconds",), quantile=0.95, unit="s", better=Better.LOWER)
LOAD = Signal("load", "load", Kind.RATE, ("all_total",))

counts = st.floats(0, 1e6, allow_nan=False)


def share(events: float, total: float) -> Estimate:
    """A ratio of something."""
    found = estimate.ratio(events, total)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("events", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_a_ratio_has_the_interval_that_newcombe_tabulated(
    events: int, total: int, low: float, high: float
) -> None:
    """Newcombe, 1998, Two-sided confidence intervals for the single proportion, table I, method 3."""
    found = share(events, total)
    assert [found.low, found.high] == pytest.approx([low, high], abs=6e-5)
    assert found.n == total


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 10), -0.2775, 0.2775),
    ],
)
def test_a_difference_of_ratios_has_the_interval_that_newcombe_tabulated(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe, 1998, Interval estimation for the difference between two proportions, table II, method 10."""
    _, lower, upper = estimate.difference(share(*second), share(*first))
    assert [lower, upper] == pytest.approx([low, high], abs=6e-5)


@pytest.mark.parametrize(("count", "low", "high"), [(0, 0, 3.689), (1, 0.025, 5.572), (10, 4.795, 18.39)])
def test_a_rate_has_nearly_the_exact_poisson_interval(count: int, low: float, high: float) -> None:
    found = estimate.rate(count, 1.0)
    assert found.low == pytest.approx(low, abs=0.02)
    assert found.high == pytest.approx(high, rel=0.015)
    assert estimate.rate(120, 60.0).value == 2.0


def test_a_mean_is_as_sure_as_its_instances_agree() -> None:
    found = estimate.mean([4.0, 5.0, 6.0])
    assert found is not None
    assert (found.value, found.n) == (5.0, 3)
    assert found.high - found.value == pytest.approx(4.303 / math.sqrt(3), rel=1e-4)
    many = estimate.mean([0.0, 1.0] * 10)
    assert many is not None
    assert many.high - many.value == pytest.approx(2.0930 * 0.51299 / math.sqrt(20), rel=1e-3)
    assert estimate.mean([7.0]) == Estimate(7.0, -math.inf, math.inf, 1)
    assert estimate.mean([]) is None


def test_intervals_hold_the_truth_about_95_times_in_100() -> None:
    chance = random.Random(20)
    for truth, total in ((0.02, 300), (0.15, 120), (0.6, 80)):
        draws = [share(sum(chance.random() < truth for _ in range(total)), total) for _ in range(1500)]
        held = sum(found.low <= truth <= found.high for found in draws) / len(draws)
        assert 0.93 <= held <= 0.985, (truth, held)


def test_quantile_intervals_hold_the_truth_about_95_times_in_100() -> None:
    chance = random.Random(21)
    bounds = [0.05 * step for step in range(1, 200)]
    for q, total in ((0.5, 200), (0.95, 400)):
        truth = -math.log(1 - q)
        held = 0
        for _ in range(600):
            taken = [0] * (len(bounds) + 1)
            for _ in range(total):
                taken[min(len(bounds), int(chance.expovariate(1.0) / 0.05))] += 1
            found = estimate.quantile(q, dict(zip([*bounds, math.inf], accumulate(taken), strict=True)))
            assert found is not None
            held += found.low <= truth <= found.high
        assert 0.92 <= held / 600 <= 0.985, (q, held)


def test_a_quantile_is_interpolated_as_histogram_quantile_does() -> None:
    buckets = {0.1: 10.0, 0.5: 30.0, 1.0: 40.0, math.inf: 40.0}
    found = estimate.quantile(0.5, buckets)
    assert found is not None
    assert found.value == pytest.approx(0.1 + 0.4 * 10 / 20)
    assert found.n == 40
    first = estimate.quantile(0.1, buckets)
    assert first is not None
    assert first.value == pytest.approx(0.04)


def test_beyond_the_last_finite_bound_a_quantile_is_that_bound_and_open_above() -> None:
    found = estimate.quantile(0.95, {1.0: 90.0, 2.0: 92.0, math.inf: 100.0})
    assert found is not None
    assert (found.value, found.high) == (2.0, math.inf)
    assert found.low < 2.0


def test_few_samples_leave_a_high_quantile_open_above() -> None:
    found = estimate.quantile(0.95, {0.1: 20.0, math.inf: 20.0})
    assert found is not None
    assert found.high == math.inf


@pytest.mark.parametrize("buckets", [{}, {math.inf: 5.0}, {1.0: 2.0, 2.0: 4.0}, {1.0: 0.0, math.inf: 0.0}])
def test_no_samples_or_no_histogram_is_no_quantile(buckets: dict[float, float]) -> None:
    assert estimate.quantile(0.5, buckets) is None


@given(st.lists(counts, min_size=2, max_size=8), st.floats(0.01, 0.99))
def test_any_buckets_give_an_interval_around_the_value(taken: list[float], q: float) -> None:
    bounds = [*map(float, range(1, len(taken))), math.inf]
    found = estimate.quantile(q, dict(zip(bounds, taken, strict=True)))
    if found is not None:
        assert found.low <= found.value <= found.high


@given(counts, counts)
def test_any_counts_give_an_interval_around_the_share(events: float, total: float) -> None:
    found = estimate.ratio(events, total)
    assert (found is None) is (total == 0)
    if found is not None:
        assert 0 <= found.low <= found.value <= found.high <= 1


def test_the_bad_canary_is_worse_and_the_same_thing_is_the_same() -> None:
    stable = share(12, 3000)
    assert compare(ERRORS, stable, share(44, 300)).verdict is Verdict.WORSE
    assert compare(ERRORS, stable, share(12, 3000)).verdict is Verdict.SAME
    assert compare(ERRORS, share(450, 3000), share(4, 1000)).verdict is Verdict.BETTER


def test_few_data_are_never_a_pass() -> None:
    assert compare(ERRORS, share(12, 3000), share(0, 20)).verdict is Verdict.UNCERTAIN
    assert compare(ERRORS, share(12, 3000), None).verdict is Verdict.NO_DATA
    nothing = compare(ERRORS, None, share(0, 20))
    assert nothing.verdict is Verdict.NO_DATA
    assert math.isnan(nothing.value)


def test_a_sure_but_trivial_difference_does_not_shout() -> None:
    assert compare(ERRORS, share(100, 1e6), share(300, 1e6)).verdict is Verdict.SAME
    assert compare(ERRORS, share(100, 1e6), share(30_000, 1e6)).verdict is Verdict.WORSE


def test_which_side_is_bad_is_the_signals_to_say() -> None:
    assert compare(HITS, share(610, 1000), share(400, 1000)).verdict is Verdict.WORSE
    assert compare(HITS, share(610, 1000), share(800, 1000)).verdict is Verdict.BETTER
    assert compare(LOAD, estimate.rate(5000, 60), estimate.rate(10, 60)).verdict is Verdict.NOT_JUDGED


def test_a_trivial_difference_of_times_is_relative() -> None:
    stable, slower = Estimate(2.0, 1.99, 2.01, 1e5), Estimate(2.15, 2.14, 2.16, 1e5)
    assert compare(P95, stable, slower).verdict is Verdict.SAME
    assert compare(P95, stable, Estimate(2.3, 2.29, 2.31, 1e5)).verdict is Verdict.WORSE


def test_what_is_only_likely_is_not_said_to_be_sure() -> None:
    """A difference outside of the 95 % interval turns up by chance several times an hour."""
    found = compare(ERRORS, share(10, 1000), share(5, 100))
    assert found.low > 0
    assert found.verdict is Verdict.LIKELY_WORSE
    assert compare(ERRORS, share(100, 10_000), share(50, 1000)).verdict is Verdict.WORSE


def test_the_bounds_of_alarms_lie_around_those_that_are_shown() -> None:
    buckets = {0.1: 700.0, 0.5: 930.0, 1.0: 985.0, math.inf: 1000.0}
    for found in (
        share(3, 100),
        share(97, 100),
        estimate.quantile(0.5, buckets),
        estimate.quantile(0.95, buckets),
    ):
        assert found is not None
        assert found.surely.low < found.low < found.value < found.high < found.surely.high
        assert found.surely.surely == found.surely


def test_an_open_interval_is_too_few_data() -> None:
    found = compare(P95, Estimate(0.2, 0.19, 0.21, 4000), Estimate(0.2, 0.1, math.inf, 12))
    assert found.verdict is Verdict.UNCERTAIN
    assert found.margin == math.inf


def test_what_stands_behind_the_plus_minus_agrees_with_the_verdict() -> None:
    """A lopsided interval that leaves no room for no difference shows a margin that leaves none, either."""
    for canary in (share(3, 10), share(5, 100), share(44, 300), share(9, 30)):
        found = compare(ERRORS, share(3, 300), canary)
        assert found.verdict in {Verdict.WORSE, Verdict.LIKELY_WORSE}
        assert found.margin < found.value
    better = compare(ERRORS, share(90, 300), share(1, 300))
    assert better.margin < -better.value
    assert compare(ERRORS, share(3, 300), share(1, 100)).margin >= 0
