"""The evaluator as a whole: steps agree with instants, functions of the expression itself, and limits."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.metrics.engine import QueryError, ResultKind
from cockpit.metrics.labels import notation
from cockpit.metrics.matchers import Matcher
from cockpit.metrics.promql.local import evaluate_instant, evaluate_range
from cockpit.metrics.promql.scope import Limits
from cockpit.metrics.series import STALE, Block
from tests.metrics.promql.memory import MemoryStorage
from tests.metrics.promql.samples import MINUTE, BlockStorage, every_minute, instant, ranged, series

EXPRESSIONS = [
    "a",
    "a offset 90s",
    "rate(a[3m])",
    "count_over_time(a[2m])",
    "max_over_time(a[5m:90s])",
    "sum by (x) (a)",
    "avg without (x) (a) / count(a)",
    "stddev(a)",
    "quantile(0.3, a)",
    'count_values("v", a)',
    "a and on (x) (a > 3)",
    "a unless a < 3",
    "sum by (x) (a) or absent(a)",
    "a * on (x) group_left () max by (x) (a)",
    'absent_over_time(a{y="1"}[2m])',
    "timestamp(a)",
    "scalar(topk(1, a))",
    "-a > bool -2",
]
POINT = st.one_of(st.none(), st.just(STALE), st.integers(0, 5).map(float), st.just(math.inf))
SERIES = st.lists(st.lists(POINT, min_size=12, max_size=12), min_size=1, max_size=4)


@given(SERIES, st.sampled_from(EXPRESSIONS), st.integers(-30_000, 120_000))
@settings(max_examples=300, deadline=None)
def test_every_step_of_a_range_is_the_instant_there(
    points: list[list[float | None]], expression: str, start: int
) -> None:
    storage = MemoryStorage(
        {
            series("a", x=str(n % 2), y=str(n)): {
                place * MINUTE: value for place, value in enumerate(each) if value is not None
            }
            for n, each in enumerate(points)
        }
    )
    step = 50_000
    answer = evaluate_range(expression, storage, start, start + 12 * step, step)
    for at in range(start, start + 12 * step + 1, step):
        once = {sample.labels: sample.value for sample in evaluate_instant(expression, storage, at).samples}
        there = {line.labels: line.values[line.times == at] for line in answer.lines}
        there = {labels: values for labels, values in there.items() if values.size}
        assert there.keys() == once.keys()
        for labels, value in once.items():
            assert there[labels][0] == pytest.approx(value, nan_ok=True)


def test_blocks_of_different_times_are_one_vector() -> None:
    storage = BlockStorage(*(_track(str(n), 10_000 + n * 700) for n in range(3)))
    assert instant("sum(a)", storage, 100_000) == {"{}": 0.0 + 1 + 2}
    assert instant("count(rate(a[1m]))", storage, 40_500) == {"{}": 1.0}
    assert instant("b", storage, 100_000) == {}


def _track(name: str, begins: int) -> Block:
    times = begins + np.arange(3, dtype=np.int64) * 30_000
    return Block((series("a", x=name),), times, np.full((3, 1), float(name)))


def test_absent_tells_the_labels_that_were_asked_for() -> None:
    storage = every_minute({series("a"): "1"})
    assert instant("absent(a)", storage) == {}
    assert instant('absent(b{x="1", y=~"2", z="3", z="4"})', storage) == {'{x="1"}': 1.0}
    assert instant('absent(sum(b{x="1"}))', storage) == {"{}": 1.0}
    assert instant('absent_over_time(b{x="1"}[5m])', storage) == {'{x="1"}': 1.0}
    both = every_minute({series("a", x="1"): "1", series("c", x="1"): "1"})
    assert instant('absent_over_time({x="1"}[5m])', both) == {}, "that the names differ is no matter"
    assert ranged("absent(a)", storage, 7) == {"{}": [(5, 1), (6, 1), (7, 1)]}


def test_scalars_vectors_and_times() -> None:
    storage = every_minute({series("a", x="1"): "4", series("b", x="1"): "1", series("b", x="2"): "2"})
    assert instant("scalar(a)", storage) == {"{}": 4.0}
    assert math.isnan(instant("scalar(b)", storage)["{}"])
    assert math.isnan(instant("scalar(nope)", storage)["{}"])
    assert instant("vector(3) + 1", storage) == {"{}": 4.0}
    assert instant("time()", storage, 1500) == {"{}": 1.5}
    assert instant("timestamp(a)", storage, 90_000) == {'{x="1"}': 0.0}
    assert instant("timestamp(a + 0)", storage, 90_000) == {'{x="1"}': 90.0}
    assert instant("pi()", storage) == {"{}": math.pi}
    assert instant("predict_linear(b[5m] @ 0, 1)", storage, MINUTE) == {}


def test_strings_and_scalars_have_kinds_of_their_own() -> None:
    storage = MemoryStorage()
    text = evaluate_instant('"Foo\\n"', storage, 0)
    assert (text.kind, text.text) == (ResultKind.STRING, "Foo\n")
    assert evaluate_instant("1", storage, 0).kind is ResultKind.SCALAR
    assert evaluate_instant("vector(1)", storage, 0).kind is ResultKind.VECTOR
    [line] = evaluate_range("1 + 1", storage, 0, 2, 1).lines
    assert (line.labels, line.values.tolist()) == ((), [2.0, 2.0, 2.0])


def test_sort_says_that_a_range_has_no_order() -> None:
    storage = every_minute({series("a"): "1"})
    assert "ineffective" in evaluate_range("sort(a)", storage, 0, MINUTE, MINUTE).notes[0]
    assert evaluate_instant("sort(a)", storage, 0).notes == ()


def crowd(count: int, name: str = "a") -> BlockStorage:
    """Very many series, which take no memory but for their names."""
    labels = tuple(series(name, n=str(n)) for n in range(count))
    return BlockStorage(Block(labels, np.array([0, 1000], dtype=np.int64), np.broadcast_to(1.0, (2, count))))


@pytest.mark.parametrize("expression", ["a", "sum(a)", "rate(a[5m])", "a + a", "topk(1, a)"])
def test_too_many_series_are_refused_before_anything_is_made_of_them(expression: str) -> None:
    with pytest.raises(QueryError) as caught:
        evaluate_instant(expression, crowd(101), 1000, limits=Limits(max_series=100))
    assert caught.value.kind == "limit"
    assert "101 series" in str(caught.value)
    assert caught.value.mend


def test_a_million_series_are_refused_at_once() -> None:
    names = (series("a"),) * 1_000_000

    class Million:
        def select(self, matchers: Sequence[Matcher], start: int, end: int) -> Sequence[Block]:
            assert matchers[0].matches(names[0])
            assert start < end
            return [Block(names, np.array([end], dtype=np.int64), np.broadcast_to(1.0, (1, len(names))))]

    begun = time.perf_counter()
    with pytest.raises(QueryError, match="1,000,000 series"):
        evaluate_instant("sum(rate(a[5m]))", Million(), 0)
    assert time.perf_counter() - begun < 1


def test_too_many_samples_are_refused() -> None:
    with pytest.raises(QueryError, match="more than 1,000 samples") as caught:
        evaluate_range("a", crowd(100), 0, 10, 1, limits=Limits(max_samples=1000))
    assert caught.value.kind == "limit"


@pytest.mark.parametrize("expression", ["a or (a or a)", "abs(abs(a))", "a + a", "-(a > 0)"])
def test_all_parts_of_an_expression_come_to_so_many_series_together(expression: str) -> None:
    with pytest.raises(QueryError, match="parts come to more than 250 series together") as caught:
        evaluate_instant(expression, crowd(100), 1000, limits=Limits(max_label_sets=250))
    assert (caught.value.kind, bool(caught.value.mend)) == ("limit", True)


def test_a_part_that_two_make_larger_is_refused() -> None:
    storage = BlockStorage(*(crowd(60, name).blocks[0] for name in "ab"))
    with pytest.raises(QueryError, match="120 series"):
        evaluate_instant("a or b", storage, 1000, limits=Limits(max_series=100))


@pytest.mark.parametrize(
    "grown",
    ['label_replace({}, "n", "$1$1", "n", "(.*)")', 'label_join({}, "n", "", "n", "n")'],
)
def test_labels_that_grow_and_grow_are_refused(grown: str) -> None:
    expression = 'label_replace(a, "n", "x", "n", ".*")'
    for _ in range(60):
        expression = grown.format(expression)
    begun = time.perf_counter()
    with pytest.raises(QueryError, match="characters") as caught:
        evaluate_instant(expression, crowd(1), 1000)
    assert (caught.value.kind, bool(caught.value.mend)) == ("limit", True)
    assert time.perf_counter() - begun < 5


def test_values_that_would_be_too_many_series_are_refused() -> None:
    storage = every_minute({series("a"): " ".join(map(str, range(50)))})
    with pytest.raises(QueryError, match="50 series"):
        evaluate_range('count_values("v", a)', storage, 0, 50 * MINUTE, MINUTE // 2, limits=Limits(max_series=49))


def test_each_window_counts_and_not_its_samples_alone() -> None:
    storage = every_minute({series("a", n=str(n)): f"{'_ ' * n} {'1 ' * 30}" for n in range(10)})
    assert len(ranged("max_over_time(a[2m])", storage, 30)) == 10
    with pytest.raises(QueryError, match="would look at"):
        evaluate_range("max_over_time(a[2m])", storage, 0, 30 * MINUTE, MINUTE, limits=Limits(max_visits=100_000))


@pytest.mark.parametrize("at", [10**30, -(2**63), 2**63])
def test_moments_beyond_all_years_are_refused(at: int) -> None:
    storage = MemoryStorage()
    asked: list[Callable[[], object]] = [
        lambda: evaluate_instant("a", storage, at),
        lambda: evaluate_range("a", storage, at, at, 1),
        lambda: evaluate_range("a", storage, min(at, 0), max(at, 0), 2**70),
        lambda: evaluate_instant(f"a @ {abs(at)}", storage, 0),
        lambda: evaluate_instant(f"rate(a[5m] @ {abs(at)})", storage, 0),
    ]
    for ask in asked:
        with pytest.raises(QueryError, match="too far away") as caught:
            ask()
        assert caught.value.kind == "limit"


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("max_over_time(a[90y:1ms])", "subquery has"),
        ("max_over_time(max_over_time(a[1h:100ms])[1h:100ms])", "would look at"),
        ("max_over_time(quantile_over_time(0.5, a[30m:100ms])[30m:100ms])", "would look at"),
    ],
)
def test_nested_work_is_bounded(expression: str, says: str) -> None:
    storage = every_minute({series("a"): "1 " * 121})
    begun = time.perf_counter()
    with pytest.raises(QueryError, match=says) as caught:
        evaluate_instant(expression, storage, 120 * MINUTE)
    assert caught.value.kind == "limit"
    assert time.perf_counter() - begun < 5


def test_steps_are_limited_as_by_prometheus() -> None:
    storage = MemoryStorage()
    evaluate_range("1", storage, 0, 11_000, 1)
    with pytest.raises(QueryError, match="11,002 steps") as caught:
        evaluate_range("1", storage, 0, 11_001, 1)
    assert (caught.value.kind, caught.value.mend) == ("limit", "use a step of 2 ms or more")
    for start, end, step in ((0, 1, 0), (0, 1, -1), (1, 0, 1)):
        with pytest.raises(QueryError):
            evaluate_range("1", storage, start, end, step)


def test_catastrophic_patterns_are_harmless() -> None:
    storage = MemoryStorage({series("a", x="x" * 5000): {0: 1.0}})
    assert instant('a{x=~"(x+x+)+y"}', storage) == {}
    assert list(instant('a{x=~"(x*)*"}', storage)) == [notation(series("a", x="x" * 5000))]
