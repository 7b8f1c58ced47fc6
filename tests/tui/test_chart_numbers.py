"""Units and ticks: short, round, and enough of them to tell one from the next."""

from __future__ import annotations

import math
from datetime import UTC
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.tui.charts.ticks import clock, fixed_axis, time_axis, value_axis
from cockpit.tui.charts.units import formatted, labelled
from cockpit.tui.charts.view import Window
from tests.tui.charted import START

BERLIN = ZoneInfo("Europe/Berlin")
DAY = 86400.0


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.1483, "ratio", "14.8 %"),
        (1.0, "ratio", "100 %"),
        (12.5, "%", "12.5 %"),
        (0.00123, "s", "1.23 ms"),
        (0.5, "s", "500 ms"),
        (4.2e-8, "seconds", "42 ns"),
        (90, "s", "90 s"),
        (5400, "s", "1.5 h"),
        (300_000, "s", "3.47 d"),
        (3 * 2**20, "bytes", "3 MiB"),
        (1536, "bytes/s", "1.5 KiB/s"),
        (18.234, "requests/s", "18.2 requests/s"),
        (0.02, "requests/s", "0.02 requests/s"),
        (1234, "requests/s", "1.23 k requests/s"),
        (0, "s", "0 s"),
        (-0.0, "", "0"),
        (-1_500_000, "", "−1.5 M"),
        (999.99, "", "1 k"),
        (123456, "", "123 k"),
        (2e-5, "", "20 µ"),
        (1e300, "", "1e300"),
        (5e-324, "s", "4.94e−324 s"),
        (math.nan, "s", "–"),
        (math.inf, "ratio", "∞"),
        (-math.inf, "", "−∞"),
        (1, "\x1b[2J", "1 ␛[2J"),
    ],
)
def test_a_value_has_three_digits_and_the_prefix_that_fits(value: float, unit: str, shown: str) -> None:
    assert formatted(value, unit) == shown


@pytest.mark.parametrize(
    ("ticks", "unit", "labels"),
    [
        ((0, 0.05, 0.1, 0.15), "ratio", ["0 %", "5 %", "10 %", "15 %"]),
        ((0, 0.5, 1.0), "s", ["0.0 s", "0.5 s", "1.0 s"]),
        ((0, 0.01, 0.02), "s", ["0 ms", "10 ms", "20 ms"]),
        ((0, 500, 1000, 1500), "requests/s", ["0.0 k", "0.5 k", "1.0 k", "1.5 k"]),
        ((0, 2**30, 2**31), "bytes", ["0 GiB", "1 GiB", "2 GiB"]),
        ((-2, 0, 2), "", ["−2", "0", "2"]),
        ((1e6, 1e6 + 0.002, 1e6 + 0.004), "", ["1000000.000", "1000000.002", "1000000.004"]),
        ((5.0,), "s", ["5 s"]),
        ((), "s", []),
    ],
)
def test_an_axis_has_one_scale_and_as_many_decimals_as_it_needs(
    ticks: tuple[float, ...], unit: str, labels: list[str]
) -> None:
    assert labelled(ticks, unit) == labels


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite, finite, st.integers(2, 20), st.sampled_from(["", "s", "ratio", "bytes", "requests/s"]))
def test_a_value_axis_holds_the_range_in_a_few_ticks_with_labels_of_their_own(
    one: float, other: float, count: int, unit: str
) -> None:
    low, high = sorted((one, other))
    axis = value_axis(low, high, count, unit)
    assert math.isfinite(axis.high - axis.low)
    assert axis.low < axis.high
    slack = (axis.ticks[1] - axis.ticks[0]) * 1e-8
    assert axis.low - slack <= max(low, -1e300)
    assert axis.high + slack >= min(high, 1e300)
    assert (axis.low, axis.high) == (axis.ticks[0], axis.ticks[-1])
    assert 2 <= len(axis.ticks) <= count + 2
    assert len(axis.labels) == len(axis.ticks)
    if high - low > max(abs(low), abs(high)) * 1e-4 and 1e-5 < high < 1e9:
        assert len(set(axis.labels)) == len(axis.labels)


def test_zero_is_on_the_axis_where_it_is_near_and_not_where_it_is_far() -> None:
    assert value_axis(2, 10, 5).low == 0
    assert value_axis(-10, -2, 5).high == 0
    assert value_axis(990, 1000, 5).low == 990


@pytest.mark.parametrize("value", [0.0, 5.0, -3.0, 1e-9, 1e12])
def test_a_range_without_width_is_widened_around_its_value(value: float) -> None:
    axis = value_axis(value, value, 4)
    assert axis.low <= value <= axis.high
    assert axis.low < axis.high


def test_a_fixed_axis_keeps_its_range_with_the_round_ticks_within() -> None:
    axis = fixed_axis(0.3, 10.2, 6)
    assert (axis.low, axis.high) == (0.3, 10.2)
    assert axis.ticks == (2, 4, 6, 8, 10)


@pytest.mark.parametrize(
    ("seconds", "labels"),
    [
        (30, ["12:00:00", "12:00:10", "12:00:20", "12:00:30"]),
        (600, ["12:00", "12:05", "12:10"]),
        (3600, ["12:00", "12:30", "13:00"]),
        (DAY, ["12:00", "22 Nov", "12:00"]),
        (3 * DAY, ["22 Nov", "23 Nov", "24 Nov"]),
        (20 * DAY, ["23 Nov", "30 Nov", "7 Dec"]),
    ],
)
def test_times_are_round_and_midnight_is_a_day(seconds: float, labels: list[str]) -> None:
    assert list(time_axis(Window(START, START + seconds), 3 if seconds != 30 else 4, UTC).labels) == labels


@given(st.floats(0, 4e9), st.floats(10, 31 * DAY), st.integers(1, 30))
def test_time_ticks_are_in_the_window_and_no_more_than_fit(start: float, seconds: float, count: int) -> None:
    axis = time_axis(Window(start, start + seconds), count, BERLIN)
    assert all(start - 1e-3 <= tick <= start + seconds for tick in axis.ticks)
    assert len(axis.ticks) <= count + 1
    assert list(axis.ticks) == sorted(set(axis.ticks))


def test_days_begin_at_local_midnight_even_when_the_clocks_change() -> None:
    # Berlin leaves summer time on 2026-10-25.
    end = 1_793_145_600.0
    ticks = time_axis(Window(end - 6 * DAY, end), 6, BERLIN).ticks
    assert {clock(tick, BERLIN) for tick in ticks} == {"00:00:00"}
    assert 25 * 3600 in {int(b - a) for a, b in pairwise(ticks)}
