"""Selectors: lookback, staleness, offset, @, ranges and subqueries."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cockpit.metrics.engine import QueryError, ResultKind
from cockpit.metrics.promql.local import evaluate_instant, evaluate_range
from cockpit.metrics.series import STALE
from tests.metrics.promql.memory import MemoryStorage
from tests.metrics.promql.samples import MINUTE, every_minute, instant, ranged, series

A = series("a")


def test_a_sample_stands_for_its_series_until_the_lookback_ends() -> None:
    storage = MemoryStorage({A: {0: 1.0}})
    assert instant("a", storage, -1) == {}
    assert instant("a", storage, 0) == {"a": 1.0}
    assert instant("a", storage, 299_999) == {"a": 1.0}
    assert instant("a", storage, 300_000) == {}
    assert evaluate_instant("a", storage, 300_000, lookback=300_001).samples


def test_a_stale_marker_ends_a_series_and_a_gap_does_not() -> None:
    storage = every_minute({A: "1 _ stale 4", series("b"): "1 2 3 _"})
    assert ranged("a", storage, 4) == {"a": [(0, 1), (1, 1), (3, 4), (4, 4)]}
    assert ranged("b", storage, 4) == {"b": [(0, 1), (1, 2), (2, 3), (3, 3), (4, 3)]}


def test_a_scraped_nan_is_a_sample() -> None:
    storage = MemoryStorage({A: {0: math.nan}, series("b"): {0: STALE}})
    assert list(instant('{__name__=~"a|b"}', storage, 1)) == ["a"]
    assert instant("count_over_time(a[1m])", storage, 1) == {"{}": 1.0}


def test_offset_and_at_move_what_is_looked_at() -> None:
    storage = every_minute({A: "0 1 2 3 4 5 6 7 8 9"})
    at = 5 * MINUTE
    assert instant("a offset 2m", storage, at) == {"a": 3.0}
    assert instant("a offset -2m", storage, at) == {"a": 7.0}
    assert instant("a @ 60", storage, at) == {"a": 1.0}
    assert instant("a @ 60 offset -3m", storage, at) == {"a": 4.0}
    assert ranged("a @ start() + a @ end()", storage, 9, 3 * MINUTE) == {"{}": [(0, 9), (3, 9), (6, 9), (9, 9)]}
    assert ranged("a @ end()", storage, 8, 3 * MINUTE) == {"a": [(0, 8), (3, 8), (6, 8)]}, "no step, yet the end"
    assert ranged("sum_over_time(a[2m] @ 120)", storage, 2) == {"{}": [(0, 3), (1, 3), (2, 3)]}


def test_ranges_are_open_on_the_left() -> None:
    storage = every_minute({A: "0 1 2 3"})
    assert instant("count_over_time(a[2m])", storage, 3 * MINUTE) == {"{}": 2.0}
    assert instant("count_over_time(a[2m])", storage, 3 * MINUTE - 1) == {"{}": 2.0}
    assert instant("count_over_time(a[2m1ms])", storage, 3 * MINUTE) == {"{}": 3.0}


def test_a_range_answers_with_its_samples_without_stale_markers() -> None:
    storage = every_minute({A: "0 1 stale 3", series("a", x="y"): "_ _ 2 _", series("a", x="z"): "1"})
    answer = evaluate_instant("a[3m]", storage, 3 * MINUTE)
    assert answer.kind is ResultKind.MATRIX
    assert [(line.labels, line.times.tolist(), line.values.tolist()) for line in answer.lines] == [
        (A, [MINUTE, 3 * MINUTE], [1.0, 3.0]),
        (series("a", x="y"), [2 * MINUTE], [2.0]),
    ]


def test_series_with_gaps_are_rolled_by_themselves() -> None:
    storage = every_minute(
        {series("a", x=x): text for x, text in {"1": "0 1 2 3", "2": "0 _ 2 3", "3": "5 6 7 8"}.items()}
    )
    assert instant("count_over_time(a[5m])", storage, 3 * MINUTE) == {
        '{x="1"}': 4.0,
        '{x="3"}': 4.0,
        '{x="2"}': 3.0,
    }


def test_subqueries_step_at_whole_multiples_of_their_step() -> None:
    storage = every_minute({A: "0 1 2 3 4 5 6 7 8 9 10"})
    at = 10 * MINUTE + 1234
    assert instant("sum_over_time(a[3m:1m])", storage, at) == {"{}": 8.0 + 9 + 10}
    assert instant("sum_over_time(a[3m:])", storage, at) == {"{}": 8.0 + 9 + 10}
    assert instant("sum_over_time(a[4m:2m] offset 1m)", storage, at) == {"{}": 6.0 + 8}
    assert instant("max_over_time(sum_over_time(a[2m:1m])[3m:1m])", storage, at) == {"{}": 19.0}
    assert instant("min_over_time(a[2m:1m] @ 240)", storage, at) == {"{}": 3.0}


def test_a_subquery_too_short_for_a_step_of_its_own_has_no_samples() -> None:
    storage = every_minute({A: "1"})
    assert instant("sum_over_time(a[10s:1m])", storage, 30_000) == {}
    assert instant("absent_over_time(a[10s:1m])", storage, 30_000) == {"{}": 1.0}
    assert evaluate_instant("a[10s:1m]", storage, 30_000).lines == ()


def test_subqueries_leave_out_steps_without_a_sample() -> None:
    storage = every_minute({A: "1 2 _ _ _ _ _ _ 9 9 9", series("a", x="y"): "1 1 1 1 1 1 1 1 1 1 1"})
    assert instant("count_over_time(a[10m:1m])", storage, 10 * MINUTE) == {'{x="y"}': 10.0, "{}": 8.0}


def test_what_is_not_there_is_nothing() -> None:
    storage = MemoryStorage()
    assert instant("rate(a[5m])", storage) == {}
    assert instant("sum(a)", storage) == {}
    assert ranged("a + b", storage, 3) == {}
    assert evaluate_instant("a[5m]", storage, 0).lines == ()


@pytest.mark.parametrize("expression", ["a[5m]", '"text"', "a[5m:1m]"])
def test_a_range_of_what_has_no_value_at_a_step_is_refused(expression: str) -> None:
    with pytest.raises(QueryError) as caught:
        evaluate_range(expression, MemoryStorage(), 0, 1, 1)
    assert caught.value.kind == "type"


def test_a_range_includes_both_ends_and_sorts_by_labels() -> None:
    storage = every_minute({series("a", x=x): "1 2 3" for x in "zay"})
    answer = evaluate_range("a", storage, 0, 2 * MINUTE, MINUTE)
    assert [line.labels for line in answer.lines] == [series("a", x=x) for x in "ayz"]
    assert answer.lines[0].times.tolist() == [0, MINUTE, 2 * MINUTE]
    assert answer.lines[0].times.dtype == np.int64
