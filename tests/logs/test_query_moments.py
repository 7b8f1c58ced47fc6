"""Moments and lengths of time as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from cockpit.logs.query.moments import moment_of, seconds_of

BERLIN = ZoneInfo("Europe/Berlin")
SECOND = 1_000_000_000
NOW = datetime(2025, 10, 10, 2, 12, 27, tzinfo=UTC)


def at(text: str, zone: tzinfo = UTC, now: datetime = NOW) -> str:
    """The moment in UTC."""
    found = moment_of(text, now=int(now.timestamp()) * SECOND, zone=zone)
    rest = f".{found % SECOND:09}".rstrip("0") if found % SECOND else ""
    return f"{datetime.fromtimestamp(found // SECOND, UTC):%Y-%m-%d %H:%M:%S}{rest}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("15m", "2025-10-10 01:57:27"),
        ("1h30m", "2025-10-10 00:42:27"),
        ("1.5h", "2025-10-10 00:42:27"),
        ("2d", "2025-10-08 02:12:27"),
        ("500ms", "2025-10-10 02:12:26.5"),
        # A time of the day is the latest that has been.
        ("02:12", "2025-10-10 02:12:00"),
        ("02:12:27", "2025-10-10 02:12:27"),
        ("02:12:28", "2025-10-09 02:12:28"),
        ("2:03:04.25", "2025-10-10 02:03:04.25"),
        ("23:50", "2025-10-09 23:50:00"),
        ("2025-10-09", "2025-10-09 00:00:00"),
        ("2025-10-09T01:02", "2025-10-09 01:02:00"),
        ("2025-10-09 01:02:03", "2025-10-09 01:02:03"),
        ("2025-10-09t01:02:03.123456789z", "2025-10-09 01:02:03.123456789"),
        ("2025-10-09T01:02:03+02:00", "2025-10-08 23:02:03"),
        ("2025-10-09T01:02:03,5-0130", "2025-10-09 02:32:03.5"),
        # No column holds these: the nearest that one does.
        ("0001-01-01", "1970-01-01 00:00:00.000000001"),
        ("9999-12-31T23:59:59Z", "2262-04-11 23:47:16.854775807"),
        ("999999d", "1970-01-01 00:00:00.000000001"),
    ],
)
def test_a_moment(text: str, found: str) -> None:
    assert at(text) == found


@pytest.mark.parametrize(
    "text", ["", "now", "25:00", "12:60", "2025-02-30", "2025-13-01", "15", "15x", "m", "1h 30m", "-5m"]
)
def test_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match="is no moment"):
        at(text)


def test_what_names_no_zone_is_of_the_one_that_is_given() -> None:
    assert at("2025-10-09T12:00", BERLIN) == "2025-10-09 10:00:00"
    assert at("2025-01-09T12:00", BERLIN) == "2025-01-09 11:00:00"
    assert at("2025-10-09T12:00Z", BERLIN) == "2025-10-09 12:00:00"
    assert at("04:12", BERLIN) == "2025-10-10 02:12:00"
    assert at("04:13", BERLIN) == "2025-10-09 02:13:00"
    assert at("23:30", timezone(timedelta(hours=-9))) == "2025-10-09 08:30:00"


def test_yesterday_is_a_day_of_another_length_when_clocks_change() -> None:
    autumn = datetime(2025, 10, 26, 5, 0, tzinfo=UTC)
    assert at("07:00", BERLIN, autumn) == "2025-10-25 05:00:00"
    assert at("05:59", BERLIN, autumn) == "2025-10-26 04:59:00"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1s", 1),
        ("1.5", 1.5),
        (".5s", 0.5),
        ("250ms", 0.25),
        ("40us", 4e-5),
        ("7ns", 7e-9),
        ("1m30s", 90),
        ("1h", 3600),
    ],
)
def test_a_length_of_time(text: str, seconds: float) -> None:
    assert seconds_of(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "s", "1 s", "1x", "-1s", "1e3s", "inf", "nan", "1..5s", "٣s"])
def test_no_length_of_time(text: str) -> None:
    with pytest.raises(ValueError, match="is not a length of time"):
        seconds_of(text)
