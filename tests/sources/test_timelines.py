"""Timelines as they are answered, and as they should never be: what is read of each, and what is said."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.sources.errors import TooLargeError, UnreadableError
from cockpit.sources.timelines.reading import MOST_ROWS, read_timeline
from cockpit.sources.timelines.shape import DAY, Flaw, Shape, Timeline
from cockpit.text import clean

COST = Shape("date", ("cost",))
WEEK = 7 * DAY
NOW = datetime(2025, 10, 10, 12, 30, tzinfo=UTC).timestamp()
DAYS = [(date(2025, 10, 3) + timedelta(days=after)).isoformat() for after in range(8)]
GOOD: list[Any] = [{"date": day, "cost": number + 0.5} for number, day in enumerate(DAYS)]


def read(answer: Any, shape: Shape = COST, period: float = WEEK) -> Timeline:
    """A timeline from an answer: bytes as they are, all else as JSON."""
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return read_timeline(body, shape, period, NOW)


def epoch(day: str) -> float:
    """A day's beginning in UTC."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()


def test_seven_days_have_eight_rows_the_first_day_included() -> None:
    found = read(GOOD)
    assert [row.at for row in found.rows] == [epoch(day) for day in DAYS] == list(found.slots)
    assert [row.values for row in found.rows] == [(number + 0.5,) for number in range(8)]
    assert found.findings == ()


def test_seven_days_have_seven_rows_where_the_first_does_not_count() -> None:
    found = read(GOOD[1:], Shape("date", ("cost",), inclusive=False))
    assert (len(found.rows), len(found.slots), found.findings) == (7, 7, ())


ODD = [
    ("no rows", [], (Flaw.EMPTY,), 0, "no rows at all: 8 were expected"),
    ("zeros", [{**row, "cost": 0} for row in GOOD], (Flaw.ALL_ZERO,), 8, "all 8 rows are 0"),
    ("newest first", GOOD[::-1], (Flaw.OUT_OF_ORDER,), 8, "out of order from row 2 on: they are sorted here"),
    ("one missing", GOOD[:2] + GOOD[3:], (Flaw.MISSING,), 7, "1 day is missing: 2025-10-05"),
    (
        "several missing",
        [GOOD[0], GOOD[2], GOOD[5], GOOD[7]],
        (Flaw.MISSING,),
        4,
        "4 days are missing: 2025-10-04, 2025-10-06 to 2025-10-07, 2025-10-09",
    ),
    ("nothing of today", GOOD[:-1], (Flaw.LATE,), 7, "nothing of 2025-10-10 yet"),
    (
        "a day twice",
        [*GOOD, GOOD[-1]],
        (Flaw.REPEATED,),
        8,
        "more than one row of 2025-10-10: the last one counts",
    ),
    (
        "another year",
        [{"date": "2024-01-01", "cost": 1}, *GOOD],
        (Flaw.OUTSIDE,),
        8,
        "1 row is of another time",
    ),
    (
        "text",
        [*GOOD[:2], {**GOOD[2], "cost": "1.50"}, *GOOD[3:]],
        (Flaw.WRONG_TYPE,),
        8,
        "cost is text, not a number, “1.50”: row 3 of 8",
    ),
    (
        "null",
        [{**row, "cost": None} for row in GOOD],
        (Flaw.WRONG_TYPE,),
        8,
        "cost is null, not a number: all 8 rows",
    ),
    (
        "truth",
        [{**GOOD[0], "cost": True}, *GOOD[1:]],
        (Flaw.WRONG_TYPE,),
        8,
        "cost is true or false, not a number",
    ),
    (
        "another field",
        [{"date": day, "price": 1} for day in DAYS],
        (Flaw.WRONG_TYPE,),
        8,
        "no cost: all 8 rows",
    ),
    ("no time", [{"day": day, "cost": 1} for day in DAYS], (Flaw.WRONG_TYPE,), 0, "no date: all 8 rows"),
    ("no rows but numbers", [1, 2], (Flaw.WRONG_TYPE,), 0, "a number in place of a row, 1: all 2 rows"),
    (
        "some bad",
        [{**row, "cost": "x"} if at < 5 else row for at, row in enumerate(GOOD)],
        (Flaw.WRONG_TYPE,),
        8,
        "rows 1, 2, 3 and 2 more of 8",
    ),
    (
        "a time that is none",
        [{"date": "yesterday\x1b[2J", "cost": 1}, *GOOD],
        (Flaw.WRONG_TYPE,),
        8,
        "date is text, not a date or time, “yesterday␛[2J”: row 1 of 9",
    ),
    ("a huge number", b'[{"date":"2025-10-10","cost":1' + b"0" * 400 + b"}]", None, 1, "cost is too large"),
]


@pytest.mark.parametrize(("answer", "flaws", "rows", "said"), [case[1:] for case in ODD], ids=[c[0] for c in ODD])
def test_what_is_odd_is_said(answer: Any, flaws: tuple[Flaw, ...] | None, rows: int, said: str) -> None:
    found = read(answer)
    assert said in " ".join(finding.text for finding in found.findings)
    assert flaws is None or tuple(finding.flaw for finding in found.findings) == flaws
    assert len(found.rows) == rows
    assert [row.at for row in found.rows] == sorted({row.at for row in found.rows})


NONE_AT_ALL = [
    ("a page", b"<!doctype html><title>Sign in</title>", "not JSON", "it begins with “<!doctype html>"),
    ("nothing", b"", "not JSON", "it is empty"),
    ("half of it", b'[{"date": "2025-10-10"', "not JSON", "it begins with"),
    ("too deep", b"[" * 100_000, "not JSON", "it begins with “[[["),
    ("NaN", b'[{"date":"2025-10-10","cost":NaN}]', "not JSON", "it begins with"),
    ("an escape", b"\x1b]0;pwned\x07", "not JSON", "␛]0;pwned␇"),
    ("an object", {"detail": "x"}, "an object, not a list of rows", "it has detail"),
    ("text", "rows", "text, not a list of rows", ""),
]


@pytest.mark.parametrize(("answer", "what", "more"), [c[1:] for c in NONE_AT_ALL], ids=[c[0] for c in NONE_AT_ALL])
def test_what_is_no_timeline_is_refused_in_one_line(answer: Any, what: str, more: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(answer)
    assert what in str(refused.value)
    assert more in str(refused.value)
    assert refused.value.mend
    assert "\n" not in str(refused.value)


def test_more_rows_than_can_be_shown() -> None:
    with pytest.raises(TooLargeError) as refused:
        read([{}] * (MOST_ROWS + 1))
    assert "20,001 rows" in str(refused.value)


def test_rows_inside_an_object_are_found_by_their_path() -> None:
    shape = Shape("date", ("cost",), rows="data.points")
    assert read({"data": {"points": GOOD}}, shape).findings == ()
    with pytest.raises(UnreadableError, match=r"no field 'data.points'; it has points"):
        read({"data": {"points": GOOD}}["data"], shape)


@pytest.mark.parametrize(
    "written",
    [
        lambda day: f"{day}T00:00:00Z",
        lambda day: f"{day}T00:00:00+00:00",
        epoch,
        lambda day: int(1000 * epoch(day)),
    ],
    ids=["Z", "offset", "seconds", "milliseconds"],
)
def test_moments_may_be_written_in_any_usual_way(written: Any) -> None:
    assert read([{"date": written(row["date"]), "cost": row["cost"]} for row in GOOD]).rows == read(GOOD).rows


def test_days_may_be_cut_in_another_time_zone() -> None:
    found = read([{"date": f"{row['date']}T00:00:00-07:00", "cost": 1} for row in GOOD])
    assert (len(found.rows), found.findings) == (8, ())
    assert found.rows[0].at == epoch(DAYS[0]) + 7 * 3600


def test_a_clock_elsewhere_may_already_be_in_the_next_day() -> None:
    found = read([*GOOD, {"date": "2025-10-11", "cost": 1}])
    assert (len(found.rows), found.findings) == (9, ())


def test_hours_are_steps_as_well() -> None:
    hours = [{"at": NOW // 3600 * 3600 - 3600 * back, "n": 1} for back in range(24, -1, -1) if back != 5]
    found = read(hours, Shape("at", ("n",), step=3600.0), DAY)
    assert [finding.text for finding in found.findings] == ["1 row is missing: 2025-10-10 07:00"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)
ROWS = st.lists(JSON | st.fixed_dictionaries({"date": JSON | st.sampled_from(DAYS), "cost": JSON}), max_size=12)


@given(ROWS)
def test_whatever_rows_say_what_is_read_is_in_order_and_of_the_period(rows: list[Any]) -> None:
    found = read(rows)
    times = [row.at for row in found.rows]
    assert times == sorted(set(times))
    assert all(found.slots[0] <= at <= found.slots[-1] + DAY for at in times)
    assert len(found.slots) == 8
    assert len(found.rows) == 8 or found.findings
    assert all(clean(finding.text) == finding.text for finding in found.findings)
