"""Lines of plain text: their time, their level, and the requests among them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.entry import NO_TIME, Flag, Record, Severity
from cockpit.logs.moment import EARLIEST
from cockpit.logs.plain import read

NOON = datetime(2025, 10, 10, 2, 12, 27, tzinfo=UTC)
AT = int(NOON.timestamp()) * 10**9
HOUR = 3600 * 10**9
DAY = 24 * HOUR
NEAR = AT + 20 * DAY


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("2025-10-10T02:12:27Z x", AT),
        ("2025-10-10T02:12:27.931123456Z x", AT + 931_123_456),
        ("2025-10-10T02:12:27+02:00 x", AT - 2 * HOUR),
        ("2025-10-10 02:12:27,931 INFO [backend.x] x", AT + 931_000_000),
        ("2025-10-10 02:12:27 -0500 x", AT + 5 * HOUR),
        ("2025-10-10 02:12:27 - root - INFO - x", AT),
        ("2025-10-10 02:12:27.931 UTC [123] LOG:  x", AT + 931_000_000),
        ("[2025-10-10 02:12:27 +0000] [1] [INFO] x", AT),
        ("[2025-10-10T02:12:27Z ERROR my_crate] x", AT),
        ("E, [2025-10-10T02:12:27.931 #1] ERROR -- : x", AT + 931_000_000),
        ("time=2025-10-10T02:12:27Z level=warn msg=x", AT),
        ('ts="2025-10-10 02:12:27" x', AT),
        ("<34>1 2025-10-10T02:12:27Z host su - x", AT),
        ("2025/10/10 02:12:27 [error] 7#7: x", AT),
        ("2025/10/10 02:12:27.931 x", AT + 931_000_000),
        ("[10-Oct-2025 02:12:27 UTC] PHP Warning:  x", AT),
        ("[Fri Oct 10 02:12:27.931 2025] [core:error] x", AT + 931_000_000),
        ("1760062347 x", AT),
        ("1760062347.931 x", AT + 931_000_000),
        ("1760062347931 x", AT + 931_000_000),
        ("1760062347931123456", AT + 931_123_456),
        ("E1010 02:12:27.931123 1 m.go:1] x", AT + 931_123_000),
        ("Oct 10 02:12:27 host app[1]: x", AT),
        ("<34>Oct 10 02:12:27 host su: x", AT),
    ],
)
def test_the_time_of_a_line(line: str, time: int) -> None:
    record = read(line.encode(), near=NEAR)
    assert (record.time, record.text) == (time, line)
    assert not record.flags & Flag.ODD


@pytest.mark.parametrize(
    "line",
    [
        "",
        "hello",
        'INFO:     127.0.0.1:1 - "GET / HTTP/1.1" 200 OK',
        "12 monkeys",
        "17600623470 is no count of seconds",
        "at 2025-10-10T02:12:27Z it was",
        "Octopus 10",
    ],
)
def test_a_line_without_a_time_has_none(line: str) -> None:
    record = read(line.encode(), near=NEAR)
    assert (record.time, record.text, record.flags & Flag.ODD) == (NO_TIME, line, 0)


def test_a_time_without_a_zone_is_of_the_zone_given() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert read(b"2025-10-10 02:12:27 x", zone=berlin).time == AT - 2 * HOUR
    assert read(b"2025-01-10 02:12:27 x", zone=berlin).time == AT - 273 * DAY - HOUR
    assert read(b"2025/10/10 02:12:27 x", zone=berlin).time == AT - 2 * HOUR
    assert read(b"Oct 10 02:12:27 h x", zone=berlin, near=NEAR).time == AT - 2 * HOUR
    assert read(b"2025-10-10 02:12:27Z x", zone=berlin).time == AT


@pytest.mark.parametrize(
    ("near", "year"),
    [
        (AT, 2025),
        (AT - DAY - 1, 2024),
        (AT - DAY, 2025),
        (AT + 364 * DAY, 2026),
        (AT + 363 * DAY, 2025),
    ],
)
def test_a_time_without_a_year_is_near(near: int, year: int) -> None:
    found = read(b"Oct 10 02:12:27 host app[1]: x", near=near)
    assert datetime.fromtimestamp(found.time // 10**9, UTC) == NOON.replace(year=year)


def test_a_time_without_a_year_is_none_without_a_moment_near() -> None:
    assert read(b"Oct 10 02:12:27 host app[1]: x").time == NO_TIME
    assert read(b"Feb 29 02:12:27 host app[1]: x", near=NEAR)[::3][:2] == (NO_TIME, Flag.ODD)


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("2025-02-31 00:00:00 x", NO_TIME),
        ("2025-10-10 25:00:00 x", NO_TIME),
        ("2025/13/10 02:12:27 x", NO_TIME),
        ("0001-01-01 00:00:00 x", EARLIEST),
    ],
)
def test_a_time_that_there_is_not_is_odd(line: str, time: int) -> None:
    assert read(line.encode())[::3][:2] == (time, Flag.ODD)


def test_a_level_is_read() -> None:
    assert read(b"2025-10-10 02:12:27,931 ERROR [x] failed")[2:4] == (Severity.ERROR, Flag.READ)
    assert read(b"hello")[2:4] == (Severity.DEFAULT, 0)


def test_a_line_of_an_access_log_is_a_request() -> None:
    line = b'10.0.0.1 - bob [10/Oct/2025:04:12:27 +0200] "GET /a?b=c HTTP/1.1" 404 12 "https://x/" "curl/8"'
    record = read(line)
    assert (record.time, record.text) == (AT, "/a?b=c 10.0.0.1  https://x/")
    assert (record.status, record.method, record.agent) == (404, "GET", "curl/8")
    assert (record.severity, record.flags) == (Severity.WARNING, Flag.READ)


@pytest.mark.parametrize(
    ("status", "severity"), [(200, Severity.INFO), (302, Severity.INFO), (503, Severity.ERROR)]
)
def test_a_common_log_has_no_agent(status: int, severity: Severity) -> None:
    record = read(b'::1 - - [10/Oct/2025:02:12:27 +0000] "POST / HTTP/1.1" %d 12' % status)
    assert (record.time, record.text, record.agent) == (AT, "/ ::1", "")
    assert (record.status, record.severity) == (status, severity)


def test_bytes_that_are_no_utf8_are_replaced() -> None:
    assert read(b"a\xffb")[1::2][:2] == ("a\ufffdb", Flag.ODD)
    assert read(b"\x1b[31mred\x1b[0m\r\n").text == "red"


@settings(deadline=None)
@given(st.binary(), st.sampled_from([NO_TIME, NEAR]))
def test_any_bytes_are_a_line(raw: bytes, near: int) -> None:
    assert isinstance(read(raw, near=near), Record)


@settings(deadline=None)
@given(st.from_regex(r"\A[\[<]?[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}[T ][0-9:.,Z+-]{0,20}", fullmatch=True))
def test_anything_like_a_time_is_one_or_none(text: str) -> None:
    record = read(text.encode())
    assert record.time == NO_TIME or record.time >= EARLIEST
