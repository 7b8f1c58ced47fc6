"""Times, intervals, and what a panel asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.metrics.dashboards.intervals import MOST_STEPS, Interval, Window, interval, round_interval
from cockpit.metrics.dashboards.model import TimeRange
from cockpit.metrics.dashboards.questions import Question, known, panel_window, questions
from cockpit.metrics.dashboards.times import TimeError, bounds, duration, milliseconds, moment
from tests.metrics.dashboards.written import AT, dashboard, one

HOUR = 3_600_000
NOW = datetime(2025, 10, 10, 2, 12, tzinfo=UTC).timestamp()
"""A Friday."""


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("30s", 30_000),
        ("1h30m", 5_400_000),
        ("250ms", 250),
        ("2d", 172_800_000),
        ("1w", 604_800_000),
        ("90", 90_000),
        ("1.5", 1500),
        (">10s", 10_000),
        (">=1m", 60_000),
        ("", None),
        ("often", None),
        ("$interval", None),
        ("1_0", None),
        ("9" * 13 + "s", None),
    ],
)
def test_durations(text: str, span: int | None) -> None:
    assert milliseconds(text) == span


@pytest.mark.parametrize(
    ("span", "text"), [(0, "0s"), (90_000, "90s"), (300_000, "5m"), (86_400_000, "1d"), (1500, "1500ms")]
)
def test_durations_are_written_as_promql_has_them(span: int, text: str) -> None:
    assert duration(span) == text


@settings(max_examples=20)
@given(st.integers(1, 10**12))
def test_a_written_duration_is_the_one_it_was(span: int) -> None:
    assert milliseconds(duration(span)) == span


@pytest.mark.parametrize(
    ("text", "up", "moment_"),
    [
        ("now", False, "2025-10-10T02:12:00"),
        ("now-6h", False, "2025-10-09T20:12:00"),
        ("now+1d", False, "2025-10-11T02:12:00"),
        ("now-1M", False, "2025-09-10T02:12:00"),
        ("now-1y", False, "2024-10-10T02:12:00"),
        ("now/d", False, "2025-10-10T00:00:00"),
        ("now/d", True, "2025-10-10T23:59:59.999"),
        ("now-1d/d", False, "2025-10-09T00:00:00"),
        ("now/w", False, "2025-10-06T00:00:00"),
        ("now/w", True, "2025-10-12T23:59:59.999"),
        ("now/M", True, "2025-10-31T23:59:59.999"),
        ("now/Q", False, "2025-10-01T00:00:00"),
        ("now/y", False, "2025-01-01T00:00:00"),
        ("now/h", False, "2025-10-10T02:00:00"),
        ("2025-10-10T02:12:00Z", False, "2025-10-10T02:12:00"),
        ("2025-10-10T04:12:00+02:00", False, "2025-10-10T02:12:00"),
        ("1760062320000", False, "2025-10-10T02:12:00"),
    ],
)
def test_moments(text: str, up: bool, moment_: str) -> None:
    assert datetime.fromtimestamp(moment(text, NOW, up=up), UTC).isoformat().startswith(moment_)


def test_days_begin_where_the_reader_is() -> None:
    zone = timezone(timedelta(hours=-5))
    assert moment("now/d", NOW, zone) == datetime(2025, 10, 9, 5, tzinfo=UTC).timestamp()
    assert (
        moment("now-1M", datetime(2025, 3, 31, tzinfo=UTC).timestamp())
        == datetime(2025, 2, 28, tzinfo=UTC).timestamp()
    )


@pytest.mark.parametrize("text", ["", "nowish", "now-6", "yesterday", "now-999999999y", "now/x", "9" * 16])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(TimeError, match="is no moment"):
        moment(text, NOW)


def test_a_range_the_wrong_way_round_is_turned() -> None:
    assert bounds(TimeRange("now", "now-1h"), NOW) == (NOW - 3600, NOW)


@pytest.mark.parametrize(
    ("span", "rounded"),
    [
        (0, 1),
        (9, 1),
        (10, 10),
        (1499, 1000),
        (1500, 2000),
        (7200, 5000),
        (20_000, 20_000),
        (10**12, 31_536_000_000),
    ],
)
def test_round_intervals(span: float, rounded: int) -> None:
    assert round_interval(span) == rounded


@pytest.mark.parametrize(
    ("window", "steps", "found"),
    [
        (Window(0, HOUR, 500), {}, Interval(15_000, 60_000)),
        (Window(0, HOUR, 500, scrape=5000), {}, Interval(5000, 20_000)),
        (Window(0, 24 * HOUR, 500), {}, Interval(120_000, 135_000)),
        (Window(0, HOUR, 500), {"target_step": "1m"}, Interval(60_000, 240_000)),
        (Window(0, HOUR, 500), {"panel_step": "1m"}, Interval(60_000, 75_000)),
        (Window(0, HOUR, 500), {"factor": 2}, Interval(30_000, 60_000)),
        (Window(0, 24 * HOUR, 500), {"target_step": "$__interval"}, Interval(120_000, 480_000)),
        (Window(0, HOUR, 500), {"target_step": "$__rate_interval"}, Interval(60_000, 60_000)),
    ],
)
def test_intervals(window: Window, steps: dict[str, Any], found: Interval) -> None:
    assert interval(window, **steps) == found


@settings(max_examples=20)
@given(st.integers(1, 10**13), st.integers(1, 10_000), st.integers(1000, 60_000))
def test_rates_have_samples_and_lines_an_end(length: int, points: int, scrape: int) -> None:
    found = interval(Window(0, length, points, scrape))
    assert found.rate >= max(4 * scrape, found.step + scrape)
    assert length // found.step <= MOST_STEPS


WINDOW = Window(AT - HOUR, AT, 500)


def asked(**panel: Any) -> tuple[Question, ...]:
    """The questions of a panel in a dashboard of its own."""
    found = dashboard(
        {"type": "timeseries", **panel},
        templating={
            "list": [
                {"name": "job", "type": "custom", "query": "a,b", "multi": True, "current": {"value": ["a", "b"]}},
                {"name": "every", "type": "interval", "query": "1m,5m", "current": {"value": "5m"}},
                {
                    "name": "own",
                    "type": "interval",
                    "query": "1m",
                    "auto": True,
                    "auto_count": 12,
                    "auto_min": "1m",
                    "current": {"value": "$__auto_interval_own"},
                },
            ]
        },
    )
    return questions(found.panels[0], WINDOW, known(found, {}, {}, WINDOW))


def test_variables_are_put_into_expressions_and_legends() -> None:
    [question] = asked(
        targets=[{"expr": 'rate(up{job=~"$job"}[$every]) + $__range_s + $own', "legendFormat": "{{job}} of $job"}]
    )
    assert question.expression == 'rate(up{job=~"(a|b)"}[5m]) + 3600 + 5m'
    assert question.legend == "{{job}} of a + b"
    assert question.unknown == ()


def test_built_in_variables_are_those_of_the_target() -> None:
    spans, moments, coarser = asked(
        targets=[
            {"expr": "$__interval $__interval_ms $__rate_interval $__range ${__range_ms}"},
            {"expr": "$__from $__to"},
            {"expr": "$__rate_interval", "interval": "30s"},
        ]
    )
    assert spans.expression == "15s 15000 1m 3600s 3600000"
    assert moments.expression == f"{AT - HOUR} {AT}"
    assert coarser.expression == "2m"
    assert (spans.step, coarser.step) == (15_000, 30_000)


def test_ranges_begin_and_end_at_steps() -> None:
    [question] = asked(targets=[{"expr": "up", "interval": "7s"}])
    assert question.start % question.step == question.end % question.step == 0
    assert 0 <= AT - question.end < question.step


def test_who_is_asked_for_a_moment_is_asked_for_the_end() -> None:
    [question] = asked(targets=[{"expr": "up", "instant": True}])
    assert (question.instant, question.end) == (True, AT)


def test_what_is_not_asked_and_what_is_asked_twice() -> None:
    found = asked(
        targets=[
            {"expr": "a", "hide": True},
            {"expr": "b", "datasource": {"type": "loki"}},
            {"expr": "c", "instant": True, "range": True},
        ]
    )
    assert [(each.expression, each.instant) for each in found] == [("c", False), ("c", True)]


def test_a_variable_nobody_knows_is_told() -> None:
    [question] = asked(targets=[{"expr": 'up{a="$nope", b="$1"}'}])
    assert question.unknown == ("nope",)


def test_a_panel_may_have_times_of_its_own() -> None:
    panel = one(timeFrom="30m", timeShift="1d", maxDataPoints=100)
    found = panel_window(panel, WINDOW)
    assert (found.end, found.length, found.points) == (AT - 24 * HOUR, HOUR // 2, 100)
    assert panel_window(one(), WINDOW) == WINDOW


def test_the_same_question_has_the_same_key() -> None:
    one_, two, other = asked(
        targets=[{"expr": "up"}, {"expr": "up", "legendFormat": "x"}, {"expr": "up", "instant": True}]
    )
    assert one_.key == two.key != other.key
