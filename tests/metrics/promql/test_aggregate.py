"""Aggregations: groups, precision, order, and what absent samples and NaN do."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pytest

from cockpit.metrics.engine import QueryError
from cockpit.metrics.promql import aggregate
from cockpit.metrics.promql.local import evaluate_instant
from tests.metrics.promql.memory import MemoryStorage
from tests.metrics.promql.samples import every_minute, instant, ranged, series


def numbered(values: Iterable[float]) -> MemoryStorage:
    return MemoryStorage({series("a", n=str(n)): {0: float(value)} for n, value in enumerate(values)})


FOUR = {
    series("a", x="1", y="1"): "1 2 3",
    series("a", x="1", y="2"): "10 stale 30",
    series("a", x="2", y="1"): "100 200 300",
    series("a", z="3"): "5",
}


def test_groups_are_by_labels_without_labels_or_one() -> None:
    storage = every_minute(FOUR)
    assert instant("sum(a)", storage) == {"{}": 116.0}
    assert instant("sum by (x) (a)", storage) == {'{x="1"}': 11.0, '{x="2"}': 100.0, "{}": 5.0}
    assert instant("sum without (y) (a)", storage) == {'{x="1"}': 11.0, '{x="2"}': 100.0, '{z="3"}': 5.0}
    assert instant("sum by (__name__) (a)", storage) == {"a": 116.0}
    assert instant("max by (nope) (a)", storage) == {"{}": 100.0}


def test_each_step_counts_who_is_there() -> None:
    storage = every_minute(FOUR)
    assert ranged('count by (x) (a{x!=""})', storage, 2) == {
        '{x="1"}': [(0, 2), (1, 1), (2, 2)],
        '{x="2"}': [(0, 1), (1, 1), (2, 1)],
    }
    assert ranged('avg by (x) (a{x="1"})', storage, 2) == {'{x="1"}': [(0, 5.5), (1, 2), (2, 16.5)]}
    assert ranged('min(a{x="1"} > 2)', storage, 2) == {"{}": [(0, 10), (2, 3)]}


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("sum", 20.0),
        ("avg", 4.0),
        ("min", 2.0),
        ("max", 9.0),
        ("count", 5.0),
        ("group", 1.0),
        ("stdvar", 6.8),
        ("stddev", math.sqrt(6.8)),
    ],
)
def test_operators(operator: str, value: float) -> None:
    assert instant(f"{operator}(a)", numbered([2, 2, 3, 4, 9])) == {"{}": pytest.approx(value, rel=1e-15)}


def test_sums_survive_cancellation_and_means_survive_overflow() -> None:
    assert instant("sum(a)", numbered([2, 8, 1e100, -1e100])) == {"{}": 10.0}
    assert instant("avg(a)", numbered([2, 8, 1e100, -1e100])) == {"{}": 2.5}
    huge = 9.988465674311579e307
    assert instant("avg(a)", numbered([huge] * 4)) == {"{}": huge}
    assert instant("avg(a)", numbered([-huge, -huge, huge, huge])) == {"{}": 0.0}
    assert instant("sum(a)", numbered([huge] * 4)) == {"{}": math.inf}
    assert instant("sum(a)", numbered([math.inf, 1])) == {"{}": math.inf}
    assert math.isnan(instant("avg(a)", numbered([math.inf, -math.inf]))["{}"])


def test_equal_samples_have_no_deviation_however_they_round() -> None:
    assert instant("stdvar(a)", numbered([1.33e15 + 0.1] * 7)) == {"{}": 0.0}
    assert math.isnan(instant("stddev(a)", numbered([1, math.inf]))["{}"])


def test_nan_loses_to_every_number() -> None:
    storage = numbered([math.nan, 3, math.nan, 1])
    assert instant("min(a)", storage) == {"{}": 1.0}
    assert instant("max(a)", storage) == {"{}": 3.0}
    assert list(instant("topk(3, a)", storage).values())[:2] == [3.0, 1.0]
    assert list(instant("bottomk(3, a)", storage).values())[:2] == [1.0, 3.0]
    assert math.isnan(instant("max(a)", numbered([math.nan]))["{}"])


def test_quantile_interpolates_and_says_when_none_can_be() -> None:
    storage = numbered([4, 1, 3, 2])
    assert instant("quantile(0.5, a)", storage) == {"{}": 2.5}
    assert instant("quantile(0, a)", storage) == {"{}": 1.0}
    assert instant("quantile(1, a)", storage) == {"{}": 4.0}
    answer = evaluate_instant("quantile(2, a)", storage, 0)
    assert answer.samples[0].value == math.inf
    assert answer.notes == ("PromQL warning: quantile value should be between 0 and 1, got 2",)
    assert math.isnan(instant("quantile(0.1, a)", numbered([math.nan, 1]))["{}"])


def test_topk_keeps_series_and_their_order_in_an_instant_query() -> None:
    storage = every_minute(FOUR)
    assert list(instant("topk(2, a)", storage)) == ['a{x="2", y="1"}', 'a{x="1", y="2"}']
    assert list(instant("bottomk(2, a)", storage)) == ['a{x="1", y="1"}', 'a{z="3"}']
    assert list(instant("sort_desc(a)", storage).values()) == [100.0, 10.0, 5.0, 1.0]
    assert list(instant("sort(topk by (x) (1, a))", storage).values()) == [5.0, 10.0, 100.0]
    assert instant("topk(0, a)", storage) == {}
    assert len(instant("topk(1e300, a)", storage)) == 4
    with pytest.raises(QueryError, match="Parameter value is NaN"):
        instant("topk(NaN, a)", storage)


def test_topk_chooses_at_every_step() -> None:
    storage = every_minute({series("a", x="1"): "1 5 1", series("a", x="2"): "3 3 3"})
    assert ranged("topk(1, a)", storage, 2) == {'a{x="1"}': [(1, 5)], 'a{x="2"}': [(0, 3), (2, 3)]}
    assert ranged("count(topk(scalar(b), a))", every_minute({**_three(), series("b"): "1 3 2"}), 2) == {
        "{}": [(0, 1), (1, 3), (2, 2)]
    }


def _three() -> dict[tuple[tuple[str, str], ...], str]:
    return {series("a", x=x): "1 1 1" for x in "pqr"}


def test_count_values_makes_a_series_a_value() -> None:
    storage = numbered([1, 2.5, 2.5, math.inf, 1e21])
    assert instant('count_values("v", a)', storage) == {
        '{v="1"}': 1.0,
        '{v="2.5"}': 2.0,
        '{v="+Inf"}': 1.0,
        '{v="1000000000000000000000"}': 1.0,
    }
    changing = every_minute({series("a", x="1"): "1 2 2", series("a", x="2"): "1 1 2"})
    assert ranged('count_values("v", a)', changing, 2) == {
        '{v="1"}': [(0, 2), (1, 1)],
        '{v="2"}': [(1, 1), (2, 2)],
    }
    with pytest.raises(QueryError, match="invalid label name"):
        instant('count_values("", a)', storage)


def test_count_values_overwrites_its_label_and_without_takes_it_away() -> None:
    storage = every_minute({series("a", x="1", y="1"): "5", series("a", x="2", y="1"): "6"})
    assert instant('count_values by (x, y) ("x", a)', storage) == {'{x="5", y="1"}': 1.0, '{x="6", y="1"}': 1.0}
    assert instant('count_values without (y) ("x", a)', storage) == {'{x="5"}': 1.0, '{x="6"}': 1.0}
    assert instant('count_values without (x) ("x", a)', storage) == {'{y="1"}': 2.0}
    assert instant('count_values("__name__", a)', storage) == {'{"5"}': 1.0, '{"6"}': 1.0}
    zeros = every_minute({series("a", n=str(n)): text for n, text in enumerate(("0", "-0", "nan", "-nan"))})
    assert instant('count_values("x", a)', zeros) == {'{x="0"}': 1.0, '{x="-0"}': 1.0, '{x="NaN"}': 2.0}


def test_what_is_folded_slab_by_slab_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = every_minute({series("a", n=str(n)): " ".join(str((n * k) % 7) for k in range(9)) for n in range(5)})
    expressions = ["sum(a)", "stddev(a)", "quantile(0.3, a)", "topk(2, a)", "max by (n) (a)"]
    whole = [ranged(expression, storage, 8) for expression in expressions]
    monkeypatch.setattr(aggregate, "SLAB", 10)
    assert [ranged(expression, storage, 8) for expression in expressions] == whole
