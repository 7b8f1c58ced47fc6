"""How much time a chart shows of what there is."""

from __future__ import annotations

import numpy as np
import pytest

from cockpit.tui.charting import asked, in_view
from cockpit.tui.charts.data import ChartData, ChartSeries

NOW = 1_760_000_000.0


def lines(*ages: float) -> ChartData:
    """Lines that begin so many seconds ago."""
    times = [np.linspace(NOW - age, NOW, 5) for age in ages]
    return ChartData(tuple(ChartSeries(str(len(each)), "muted", each, np.zeros(5)) for each in times))


@pytest.mark.parametrize(
    ("data", "seconds"),
    [
        (lines(10), 120),
        (lines(120), 120),
        (lines(10, 130), 300),
        (lines(301), 900),
        (lines(900), 900),
        (lines(5000), 900),
        (ChartData(), 900),
        (ChartData((ChartSeries("empty", "muted", np.empty(0), np.empty(0)),)), 900),
    ],
)
def test_the_shortest_span_that_holds_every_sample(data: ChartData, seconds: float) -> None:
    assert in_view(data, NOW) == (NOW - seconds, NOW)


def test_all_that_may_be_shown_is_asked_for() -> None:
    assert asked(NOW) == (NOW - 900, NOW)
