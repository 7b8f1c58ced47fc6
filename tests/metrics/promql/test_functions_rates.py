"""rate(), increase(), delta(), irate(), idelta(), by hand and against the plain algorithm."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.metrics.promql.functions import RANGE
from tests.metrics.promql.windows import roll, window

STEADY = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0]
EVERY_TEN = [10_000, 20_000, 30_000, 40_000, 50_000, 60_000]


def test_increase_is_stretched_over_the_whole_window() -> None:
    over = window([STEADY], EVERY_TEN, [60_000], 60_000)
    assert roll("increase", over) == [[pytest.approx(60)]]
    assert roll("rate", over) == [[pytest.approx(1)]]


def test_what_a_counter_had_before_it_fell_is_added() -> None:
    over = window([[10, 20, 5, 15, 2, 4]], EVERY_TEN, [60_000], 60_000)
    plain = roll("delta", over)[0][0]
    assert plain == pytest.approx((4 - 10) * 60 / 50)
    # 4 − 10 + 20 + 15 = 29 in 50 s, and on to the edge on the left, 10 s away.
    assert roll("increase", over) == [[pytest.approx(29 * 60 / 50)]]


def test_only_the_resets_inside_the_window_count() -> None:
    over = window([[100, 1, 2, 3, 0, 1]], EVERY_TEN, [45_000, 60_000], 30_000)
    within = roll("increase", over)[0]
    # In (15, 45] it goes 1 2 3: from a zero that is 10 s before, no further than 5 s to the edge.
    assert within[0] == pytest.approx(2 * (20 + 5 + 5) / 20)
    # In (30, 60] it goes 3 0 1: 1 − 3 + 3.
    assert within[1] is not None
    assert within[1] == pytest.approx(3 * 0 + 1 * (20 + 10) / 20)


def test_a_counter_begins_no_earlier_than_at_zero() -> None:
    over = window([[2, 12, 22]], [40_000, 50_000, 60_000], [60_000], 60_000)
    assert roll("increase", over) == [[pytest.approx(20 * (20 + 2) / 20)]]
    assert roll("delta", over) == [[pytest.approx(20 * (20 + 5) / 20)]], "a gauge may begin below zero"


def test_a_far_edge_is_reached_by_half_a_gap_only() -> None:
    over = window([[1000, 1010, 1020]], [100_000, 110_000, 120_000], [200_000], 200_000)
    assert roll("increase", over) == [[pytest.approx(20 * (20 + 5 + 5) / 20)]]


@pytest.mark.parametrize("name", ["rate", "increase", "delta", "irate", "idelta"])
def test_two_samples_are_needed(name: str) -> None:
    over = window([[1, 2]], [10_000, 20_000], [5_000, 10_000, 20_000], 20_000)
    assert [value is None for value in roll(name, over)[0]] == [True, True, False]


def test_the_newest_two_samples_give_the_instant_rate() -> None:
    over = window([[1, 5, 3], [1, 5, 9]], [10_000, 20_000, 24_000], [20_000, 24_000], 60_000)
    assert roll("irate", over) == [[0.4, 3 / 4], [0.4, 1]]
    assert roll("idelta", over) == [[4, -2], [4, 4]]


def test_a_nan_spreads_no_further_than_its_window() -> None:
    over = window([[1, math.nan, 3, 4, 5, 6]], EVERY_TEN, [30_000, 60_000], 30_000)
    first, second = roll("increase", over)[0]
    assert first is not None
    assert second == pytest.approx(3)


def test_many_windows_of_many_resets_are_summed_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    times = list(range(1000, 61_000, 1000))
    over = window(
        [[float(place % 7) for place in range(60)], [9.5] * 60], times, list(range(0, 70_000, 900)), 20_000
    )
    few = roll("increase", over)
    monkeypatch.setattr("cockpit.metrics.promql.functions.rates.MANY", 0)
    assert roll("increase", over) == [pytest.approx(values) for values in few]


def test_a_name_that_is_no_counters_is_remarked_on() -> None:
    over = window([STEADY], EVERY_TEN, [60_000], 60_000, name="temperature")
    [hint] = RANGE["rate"].hints([over])
    assert hint.startswith("PromQL info: ")
    assert '"temperature"' in hint
    assert not list(RANGE["delta"].hints([over]))
    assert not list(RANGE["rate"].hints([window([STEADY], EVERY_TEN, [60_000], 60_000)]))


def plain_rate(samples: list[tuple[int, float]], start: int, end: int) -> float | None:
    """One window of a counter at a time, as it is written down in Prometheus."""
    if len(samples) < 2:
        return None
    risen = samples[-1][1] - samples[0][1]
    for (_, before), (_, after) in pairwise(samples):
        risen += before if after < before else 0
    sampled = (samples[-1][0] - samples[0][0]) / 1000
    gap = sampled / (len(samples) - 1)
    before_first, after_last = (samples[0][0] - start) / 1000, (end - samples[-1][0]) / 1000
    if before_first >= gap * 1.1:
        before_first = gap / 2
    if risen > 0 and samples[0][1] >= 0:
        before_first = min(before_first, sampled * samples[0][1] / risen)
    if after_last >= gap * 1.1:
        after_last = gap / 2
    return risen * (sampled + before_first + after_last) / sampled / ((end - start) / 1000)


@given(
    counters=st.lists(st.lists(st.integers(0, 1000), min_size=20, max_size=20), min_size=1, max_size=4),
    gaps=st.lists(st.integers(1, 9000), min_size=20, max_size=20),
    length=st.integers(1, 60_000),
)
def test_rates_are_those_of_the_plain_algorithm(counters: list[list[int]], gaps: list[int], length: int) -> None:
    times = [sum(gaps[: place + 1]) for place in range(20)]
    ends = list(range(0, 100_000, 7_000))
    got = roll("rate", window([[float(value) for value in counter] for counter in counters], times, ends, length))
    for counter, values in zip(counters, got, strict=True):
        for end, value in zip(ends, values, strict=True):
            samples = [
                (time, float(held))
                for time, held in zip(times, counter, strict=True)
                if end - length < time <= end
            ]
            assert value == pytest.approx(plain_rate(samples, end - length, end))
