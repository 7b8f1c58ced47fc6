"""Values by Grafana's units: what its own tests expect, and what it shows."""

from __future__ import annotations

import math
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.metrics.dashboards.units.catalogue import formatted, implied_range

NOW = 1_760_062_320.0
"""2025-10-10 02:12:00 UTC."""


@pytest.mark.parametrize(
    ("unit", "value", "decimals", "text"),
    [
        ("currencyUSD", 1532.82, 2, "$1.53K"),
        ("currencyKRW", 1532.82, 2, "₩1.53K"),
        ("currencyEUR", -5.5, 2, "−€5.50"),
        ("currencySEK", 5, None, "5 kr"),
        ("ms", 0.0024, 4, "0.0024 ms"),
        ("ms", 100, 0, "100 ms"),
        ("ms", 1250, 2, "1.25 s"),
        ("ms", 10000086.123, 1, "2.8 hours"),
        ("ms", 1200, 0, "1 s"),
        ("kbytes", 10_000_000, 3, "9.537 GiB"),
        ("deckbytes", 10_000_000, 3, "10.000 GB"),
        ("megwatt", 1000, 3, "1.000 GW"),
        ("kohm", 1000, 3, "1.000 MΩ"),
        ("farad", 1000, 3, "1.000 kF"),
        ("µfarad", 1000, 3, "1.000 mF"),
        ("nfarad", 1000, 3, "1.000 µF"),
        ("pfarad", 1000, 3, "1.000 nF"),
        ("henry", 1000, 3, "1.000 kH"),
        ("none", 100.4, None, "100"),
        ("none", 100.5, None, "101"),
        ("none", 100, 1, "100.0"),
        ("none", 100.37, 1, "100.4"),
        ("none", 186.123, 0, "186"),
    ],
)
def test_what_grafanas_own_tests_expect(unit: str, value: float, decimals: int | None, text: str) -> None:
    assert str(formatted(value, unit, decimals)) == text


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        (None, 1234.5, "1235"),
        ("short", 98765, "98.8 K"),
        ("short", 2e9, "2 Bil"),
        ("percent", 14.84, "14.8%"),
        ("percentunit", 0.8532, "85.3%"),
        ("bytes", 0, "0 B"),
        ("bytes", 1536, "1.5 KiB"),
        ("bytes", 1024, "1 KiB"),
        ("decbytes", 1500, "1.5 kB"),
        ("bits", 2048, "2 Kib"),
        ("Bps", 1e6, "1 MB/s"),
        ("binBps", 1024**2, "1 MiB/s"),
        ("bps", 1e6, "1 Mb/s"),
        ("pps", 12, "12 p/s"),
        ("hertz", 2.5e9, "2.5 GHz"),
        ("watt", 0.25, "250 mW"),
        ("volt", 3.3, "3.3 V"),
        ("celsius", 21.5, "21.5 °C"),
        ("rotrpm", 900, "900 rpm"),
        ("reqps", 0.0213, "0.0213 req/s"),
        ("reqps", 2345, "2.35K req/s"),
        ("ops", 3, "3 ops/s"),
        ("iops", 3, "3 io/s"),
        ("wps", 3, "3 wr/s"),
        ("cps", 3, "3 c/s"),
        ("eps", 3, "3 evt/s"),
        ("rpm", 3, "3 rd/m"),
        ("s", 0, "0 s"),
        ("s", 0.0123, "12.3 ms"),
        ("s", 1e-7, "100 ns"),
        ("s", 59.9, "59.9 s"),
        ("s", 90, "1.5 min"),
        ("s", 3600, "1 hour"),
        ("s", 200_000, "2.31 days"),
        ("s", 40_000_000, "1.27 years"),
        ("s", -90, "−1.5 min"),
        ("d", 2e303, "2e303 day"),
        ("µs", 1500, "1.5 ms"),
        ("ns", 1500, "1.5 µs"),
        ("ms", 0.5, "0.5 ms"),
        ("m", 90, "1.5 hours"),
        ("h", 48, "2 days"),
        ("d", 14, "2 weeks"),
        ("dtdurations", 200_000, "2 days"),
        ("dtdurationms", 0, "0 seconds"),
        ("dthms", 8130, "02:15:30"),
        ("dtdhms", 90_061, "1 d 01:01:01"),
        ("clockms", 8_130_120, "02h:15m:30s:120ms"),
        ("clocks", 90, "01m:30s:000ms"),
        ("timeticks", 150, "1.5 s"),
        ("locale", 1234567.891, "1,234,567.891"),
        ("sci", 0.00012345, "1.2345e−4"),
        ("hex", 255, "FF"),
        ("hex0x", -255, "−0xFF"),
        ("bool", 0, "False"),
        ("bool_yes_no", 1, "Yes"),
        ("bool_on_off", 0, "Off"),
        ("bool:open/shut", 1, "open"),
        ("bool:open", 0, "-"),
        ("suffix:req", 5, "5 req"),
        ("prefix:~", 5.25, "~5.25"),
        ("custom:tabs", 3, "3 tabs"),
        ("si:mF", 1000, "1 F"),
        ("si:l", 1000, "1 kl"),
        ("count:cats", 1500, "1.5K cats"),
        ("currency:CA$", 5, "CA$5"),
        ("furlongs", 1.5, "1.5 furlongs"),
        ("time:YYYY", NOW * 1000, "2025"),
    ],
)
def test_units(unit: str | None, value: float, text: str) -> None:
    assert str(formatted(value, unit)) == text


def test_durations_in_words_say_as_many_parts_more_as_there_are_decimals() -> None:
    assert str(formatted(200_000, "dtdurations", 2)) == "2 days, 7 hours, 33 minutes"
    assert str(formatted(-60, "dtdurations", 1)) == "1 minute, 0 seconds ago"


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("dateTimeAsIso", "2025-10-10 04:12:00"),
        ("dateTimeAsIsoNoDateIfToday", "04:12:00"),
        ("dateTimeAsUS", "10/10/2025 4:12:00 am"),
        ("dateTimeAsUSNoDateIfToday", "4:12:00 am"),
        ("dateTimeAsLocal", "2025-10-10 04:12:00"),
        ("dateTimeFromNow", "2 hours ago"),
        ("time:ddd D MMM [at] H:mm Z", "Fri 10 Oct at 4:12 +02:00"),
        ("time:X", "1760062320"),
    ],
)
def test_dates_are_epoch_milliseconds_in_a_zone(unit: str, text: str) -> None:
    zone = timezone(timedelta(hours=2))
    assert str(formatted(NOW * 1000, unit, now=NOW + 7200, zone=zone)) == text


def test_dates_far_away_and_soon() -> None:
    assert str(formatted(1e30, "dateTimeAsIso")) == "1e30"
    assert str(formatted((NOW + 86_400) * 1000, "dateTimeFromNow", now=NOW, zone=UTC)) == "in 1 day"
    assert str(formatted(NOW * 1000, "dateTimeFromNow", now=NOW + 5)) == "a few seconds ago"


@pytest.mark.parametrize(
    "unit", ["none", "short", "bytes", "s", "dtdurations", "dthms", "clockms", "hex", "sci", "locale"]
)
def test_what_is_no_number(unit: str) -> None:
    assert str(formatted(math.nan, unit)) == "NaN"
    assert str(formatted(math.inf, unit)) == "∞"
    assert str(formatted(-math.inf, unit)) == "−∞"


def test_rounding_to_nothing_leaves_no_sign() -> None:
    assert str(formatted(-0.0001, "none", 2)) == "0.00"
    assert str(formatted(1e-9, "none")) == "1e−9"


def test_percents_have_bounds_of_their_own() -> None:
    assert implied_range("percent") == (0.0, 100.0)
    assert implied_range("percentunit") == (0.0, 1.0)
    assert implied_range("s") is implied_range(None) is None


UNITS = [
    "none",
    "short",
    "percent",
    "percentunit",
    "s",
    "ms",
    "ns",
    "d",
    "bytes",
    "decbytes",
    "Bps",
    "reqps",
    "sci",
]
UNITS += [
    "currencyUSD",
    "dtdurations",
    "dtdhms",
    "clocks",
    "hex0x",
    "locale",
    "dateTimeAsIso",
    "suffix:x",
    "si:mA",
]


@settings(max_examples=20)
@given(st.sampled_from(UNITS), st.floats(), st.none() | st.integers(0, 15))
def test_every_number_is_one_line(unit: str, value: float, decimals: int | None) -> None:
    text = str(formatted(value, unit, decimals))
    assert text
    assert "\n" not in text
    assert "-" not in text.replace("-0x", "") or unit == "dateTimeAsIso"


@settings(max_examples=20)
@given(st.floats(1e-5, 1e14))
def test_three_digits_are_right(value: float) -> None:
    assert float(formatted(value).text) == pytest.approx(value, rel=0.0051)
