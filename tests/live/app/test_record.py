"""Latencies over a window, and since when the health is what it is."""

from __future__ import annotations

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.live.app.judging import Verdict
from cockpit.live.app.picture import Health
from cockpit.live.app.record import COURSE, Probed, Record, quantile


def probed(at: float, health: Health = Health.OK, seconds: float | None = 0.01) -> Probed:
    """One probe."""
    return Probed(at, Verdict(health), 200 if seconds else 0, seconds)


def standing(record: Record) -> tuple[float | None, Health | None]:
    """Since when the health is what it is, and what it was before."""
    return record.since, record.before


def test_since_is_the_first_probe_of_the_health_there_is() -> None:
    record = Record(900.0)
    record.stands(Health.UNKNOWN, 1.0)
    assert standing(record) == (None, None), "before the first probe nothing has begun"
    for at, health in enumerate((Health.OK, Health.OK, Health.FAILING, Health.FAILING), start=10):
        record.add(probed(at, health))
    assert standing(record) == (12.0, Health.OK)
    record.stands(Health.UNKNOWN, 20.0)
    assert standing(record) == (20.0, Health.FAILING)


def test_what_is_older_than_the_window_is_forgotten() -> None:
    record = Record(60.0)
    record.add(probed(0.0, Health.FAILING, seconds=9.0))
    for at in range(10, 70, 10):
        record.add(probed(float(at)))
    assert (record.count, record.bad, record.quantile(1.0)) == (6, 0, 0.01)


def test_a_probe_without_an_answer_counts_and_has_no_latency() -> None:
    record = Record(900.0)
    record.add(probed(1.0, seconds=0.2))
    record.add(probed(2.0, Health.FAILING, seconds=None))
    assert (record.count, record.bad, record.course) == (2, 1, (0.2, None))
    assert record.quantile(0.5) == 0.2
    assert Record(1.0).quantile(0.5) is None


def test_the_course_is_bounded() -> None:
    record = Record(1e9)
    for at in range(6_000):
        record.add(probed(float(at)))
    assert (len(record.course), record.count) == (COURSE, 5_000)


@given(st.lists(st.floats(0, 1e3), min_size=2, max_size=60))
def test_quantiles_are_those_of_the_standard_library(values: list[float]) -> None:
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    ascending = sorted(values)
    assert quantile(ascending, 0.5) == pytest.approx(cuts[9])
    assert quantile(ascending, 0.95) == pytest.approx(cuts[18])
