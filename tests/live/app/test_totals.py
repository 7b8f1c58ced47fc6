"""What a period comes to, and the change against as much time before."""

from __future__ import annotations

from typing import Literal

import pytest

from cockpit.live.app.habits import TimelineHabits, ValueHabits
from cockpit.live.app.totals import AWAITED, UNREADABLE, compared
from cockpit.sources.timelines.shape import DAY, Row, Shape, Timeline

TODAY = 20_000 * DAY
PERIODS = {"7d": 7 * DAY, "30d": 30 * DAY}


def habits(total: Literal["sum", "mean", "last"] = "sum") -> TimelineHabits:
    """A timeline of costs."""
    shape = Shape("date", ("cost",))
    return TimelineHabits("costs", "costs", "/costs", shape, (ValueHabits("cost", "$", total),), PERIODS)


def days(back: int, value: float = 1.0, *, without: int = -1) -> Timeline:
    """So many days before today and today: today 100, the last seven whole ones 2, and 1 before."""
    rows = [
        Row(TODAY - day * DAY, (100.0 if day == 0 else 2 * value if day <= 7 else value,))
        for day in range(back, -1, -1)
        if day != without
    ]
    return Timeline(tuple(rows), tuple(TODAY - day * DAY for day in range(back, -1, -1)))


def test_the_whole_days_are_compared_with_as_many_before_and_today_is_not_over() -> None:
    (value,), said = compared(habits(), "7d", days(7), days(30))
    assert (value.total, value.now, value.then, value.change) == (114.0, 14.0, 7.0, 1.0)
    assert said == "7 days against the 7 before"


@pytest.mark.parametrize(("total", "now", "then"), [("sum", 14, 7), ("mean", 2, 1), ("last", 2, 1)])
def test_a_period_may_come_to_a_sum_a_mean_or_the_last(
    total: Literal["sum", "mean", "last"], now: float, then: float
) -> None:
    (value,), _ = compared(habits(total), "7d", days(7), days(30))
    assert (value.now, value.then) == (now, then)


def test_what_cannot_be_compared_says_why() -> None:
    assert compared(habits(), "7d", days(7), None)[1] == AWAITED
    assert compared(habits(), "7d", days(7), None, failed=True)[1] == UNREADABLE
    assert compared(habits(), "30d", days(30), None)[1] == "not compared: no longer period is read"
    (value,), said = compared(habits(), "7d", days(7, without=3), days(30, without=3))
    assert (said, value.change, value.total) == ("not compared: 1 day missing", None, 112.0)
    assert compared(habits(), "7d", days(7), days(30, without=9))[1] == "not compared: 1 day missing before"


def test_more_than_nothing_is_no_percentage() -> None:
    (value,), _ = compared(habits(), "7d", days(7), days(30, value=0.0))
    assert (value.now, value.then, value.change) == (14.0, 0.0, None)


def test_days_without_a_value_are_no_zeros() -> None:
    hollow = days(7)
    rows = (*hollow.rows[:3], Row(hollow.rows[3].at, (None,)), *hollow.rows[4:])
    (value,), said = compared(habits(), "7d", Timeline(rows, hollow.slots), days(30))
    assert (value.total, value.now, said) == (112.0, None, "not compared: values are missing")
