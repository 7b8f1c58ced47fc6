"""Moments as texts and numbers say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.entry import Flag
from cockpit.logs.moment import EARLIEST, LATEST, counted, moment, within

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(deadline=None)
@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=ZONES | st.just(UTC)))
def test_a_time_stamp_is_its_moment(at: datetime) -> None:
    time = (at - EPOCH) // MICROSECOND * 1000
    assert moment(at.isoformat()) == time
    assert moment(at.isoformat(" ").replace(".", ",")) == time
    assert moment(at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")) == time


@settings(deadline=None)
@given(st.integers(0, 10**9 - 1), st.integers(1, 12))
def test_as_many_digits_as_there_are_count(nanos: int, digits: int) -> None:
    written = f"{nanos:09}000"[:digits]
    assert moment(f"1970-01-01T00:00:00.{written}Z") == int(written[:9].ljust(9, "0"))
    assert moment(f"1970-01-01 00:00:00,{written}") == int(written[:9].ljust(9, "0"))


@pytest.mark.parametrize(
    "stamp", ["", "Z", "now", "2025-10-10", "2025-13-10T00:00:00Z", "2025-10-10T24:01:00Z", "0000-01-01T00:00:00Z"]
)
def test_what_is_no_time(stamp: str) -> None:
    with pytest.raises(ValueError):
        moment(stamp)


@pytest.mark.parametrize("number", [1_760_062_347, 1_760_062_347_000, 1_760_062_347_000_000])
def test_a_number_counts_what_makes_it_near_today(number: int) -> None:
    assert counted(number) == counted(float(number)) == 1_760_062_347 * 10**9


def test_nanoseconds_are_counted_exactly() -> None:
    assert counted(1_760_062_347_123_456_789) == 1_760_062_347_123_456_789


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), 10**400])
def test_what_is_no_number_is_no_time(number: float) -> None:
    with pytest.raises(ValueError):
        counted(number)


def test_moments_that_no_entry_can_have() -> None:
    assert [within(time) for time in (-1, 0, EARLIEST, LATEST, LATEST + 1)] == [
        (EARLIEST, Flag.ODD),
        (EARLIEST, Flag.ODD),
        (EARLIEST, 0),
        (LATEST, 0),
        (LATEST, Flag.ODD),
    ]
