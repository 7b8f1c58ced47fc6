"""What is in view: zooming, panning, following the present, and standing still until a column is full."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.tui.charts.view import LEAST_SECONDS, MOST_SECONDS, View, Window, snapped
from tests.tui.charted import HOUR, LIVE

LATER = Window(HOUR.start + 60, HOUR.end + 60)


def test_without_a_wish_it_shows_what_is_given_and_follows() -> None:
    assert LIVE.live
    assert LIVE.window(HOUR) == HOUR
    assert LIVE.window(LATER) == LATER


def test_zooming_follows_the_present_until_a_moment_is_looked_at() -> None:
    half = LIVE.zoomed(HOUR, 0.5)
    assert half.live
    assert half.window(LATER) == (LATER.end - 1800, LATER.end)
    middle = HOUR.start + 1800
    assert LIVE.zoomed(HOUR, 0.5, about=middle).live
    around = LIVE.standing(HOUR, middle).zoomed(HOUR, 0.5, about=middle)
    assert not around.live
    assert around.window(HOUR) == around.window(LATER) == (middle - 900, middle + 900)


@given(st.floats(0.01, 100), st.floats(0, 3600))
def test_the_moment_that_is_zoomed_about_stays_where_it_is(factor: float, offset: float) -> None:
    about = HOUR.start + offset
    zoomed = LIVE.standing(HOUR, about).zoomed(HOUR, factor, about)
    window = zoomed.window(HOUR)
    assert LEAST_SECONDS - 1e-3 <= window.seconds <= MOST_SECONDS
    assert not zoomed.live
    if window.end < HOUR.end:
        assert (about - window.start) / window.seconds == pytest.approx(offset / 3600, abs=1e-5)


def test_what_is_looked_at_comes_into_view_and_moves_nothing_where_it_is() -> None:
    near = LIVE.standing(HOUR, HOUR.start + 60)
    assert near.window(LATER) == HOUR
    assert near.cursor == HOUR.start + 60
    before = near.standing(LATER, HOUR.start - 1)
    assert before.window(LATER) == (HOUR.start - 1801, HOUR.start + 1799)
    after = near.standing(LATER, HOUR.end + 30)
    assert after.window(LATER) == LATER
    assert after.standing(LATER, None) == LIVE


def test_a_moment_looked_at_before_there_are_data_ends_what_is_in_view() -> None:
    early = LIVE.standing(None, HOUR.end)
    assert early.window(LATER) == HOUR


def test_what_has_not_been_yet_is_not_in_view() -> None:
    assert LIVE.standing(HOUR, HOUR.end + 5).window(HOUR).end == HOUR.end + 5


@given(st.floats(0, 35.9), st.integers(1, 300))
def test_the_picture_stands_still_until_a_column_is_full(later: float, columns: int) -> None:
    window = snapped(HOUR, columns)
    column = HOUR.seconds / columns
    assert window.seconds == pytest.approx(HOUR.seconds)
    assert 0 <= window.end - HOUR.end < column + 1e-3
    moved = snapped(Window(HOUR.start + later, HOUR.end + later), columns)
    steps = (moved.end - window.end) / column
    assert steps == pytest.approx(round(steps), abs=1e-3)
    assert steps <= later / column + 1 + 1e-3


def test_where_it_is_snapped_to_does_not_drift() -> None:
    ends = {snapped(Window(HOUR.start + second, HOUR.end + second), 100).end for second in range(1, 36)}
    assert len(ends) == 1


def test_a_cursor_and_fixed_limits_survive_zooming() -> None:
    view = View(cursor=HOUR.end, limits=(0, 1), compare=True).zoomed(HOUR, 0.5)
    assert (view.cursor, view.limits, view.compare) == (HOUR.end, (0, 1), True)
