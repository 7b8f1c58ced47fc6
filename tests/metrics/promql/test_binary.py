"""Binary operators: what belongs together, what is kept, what is refused."""

from __future__ import annotations

import math

import pytest

from cockpit.metrics.engine import QueryError
from tests.metrics.promql.memory import MemoryStorage
from tests.metrics.promql.samples import MINUTE, every_minute, instant, ranged, series


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * 3", 7.0),
        ("2 ^ 3 ^ 2", 512.0),
        ("-2 ^ 2", -4.0),
        ("-7 % 3", -1.0),
        ("7 % -3", 1.0),
        ("1 / 0", math.inf),
        ("-1 / 0", -math.inf),
        ("1 atan2 1", math.pi / 4),
        ("(-1) ^ Inf", 1.0),
        ("1 < bool 2", 1.0),
        ("NaN == bool NaN", 0.0),
        ("NaN != bool NaN", 1.0),
    ],
)
def test_scalars_come_to_what_ieee_and_prometheus_say(expression: str, value: float) -> None:
    assert instant(expression, MemoryStorage()) == {"{}": pytest.approx(value)}


def test_arithmetic_drops_the_name_and_a_filter_keeps_it() -> None:
    storage = every_minute({series("a", x="1"): "5", series("a", x="2"): "1"})
    assert instant("a * 2", storage) == {'{x="1"}': 10.0, '{x="2"}': 2.0}
    assert instant("a > 3", storage) == {'a{x="1"}': 5.0}
    assert instant("3 < a", storage) == {'a{x="1"}': 5.0}
    assert instant("a > bool 3", storage) == {'{x="1"}': 1.0, '{x="2"}': 0.0}
    assert instant("3 >= bool a", storage) == {'{x="1"}': 0.0, '{x="2"}': 1.0}
    assert instant("-a", storage) == {'{x="1"}': -5.0, '{x="2"}': -1.0}


def test_vectors_match_by_all_labels_but_the_name() -> None:
    storage = every_minute({series("a", x="1"): "6", series("a", x="2"): "4", series("b", x="1"): "3"})
    assert instant("a / b", storage) == {'{x="1"}': 2.0}
    assert instant("a > b", storage) == {'a{x="1"}': 6.0}
    assert instant("b > a", storage) == {}
    assert instant("a >= bool b", storage) == {'{x="1"}': 1.0}


def test_on_and_ignoring_choose_what_is_matched_by() -> None:
    storage = every_minute({series("a", x="1", y="1"): "6", series("b", x="1", y="2"): "3"})
    assert instant("a / b", storage) == {}
    assert instant("a / on (x) b", storage) == {'{x="1"}': 2.0}
    assert instant("a / ignoring (y) b", storage) == {'{x="1"}': 2.0}
    assert instant("a > on (x) b", storage) == {'{x="1"}': 6.0}
    assert instant("a > ignoring (y) b", storage) == {'a{x="1"}': 6.0}
    assert instant("a / on () b", storage) == {"{}": 2.0}


def test_group_left_and_right_take_many_and_copy_labels_from_the_one() -> None:
    storage = every_minute(
        {series("a", x="1", y="1"): "6", series("a", x="1", y="2"): "9", series("b", x="1", v="new", y="3"): "3"}
    )
    both = {'{v="new", x="1", y="1"}': 2.0, '{v="new", x="1", y="2"}': 3.0}
    assert instant("a / on (x) group_left (v) b", storage) == both
    assert instant("b ^ on (x) group_right (v, nope) a", storage) == {
        '{v="new", x="1", y="1"}': 3.0**6,
        '{v="new", x="1", y="2"}': 3.0**9,
    }
    with pytest.raises(QueryError, match="grouping labels must ensure unique matches"):
        instant("a / on (x) group_left (y) b", storage)


def test_what_matches_two_is_refused_with_the_mend() -> None:
    storage = every_minute({series("a", x="1"): "1", series("a", x="2"): "1", series("b", y="1"): "1"})
    with pytest.raises(QueryError, match="many-to-one matching must be explicit") as caught:
        instant("a / on () b", storage)
    assert caught.value.kind == "evaluation"
    assert "group_left" in caught.value.mend
    with pytest.raises(QueryError, match=r"match group \{\} on the right hand-side.*many-to-many"):
        instant("b / on () a", storage)
    with pytest.raises(QueryError, match=r"match group \{\} on the left hand-side"):
        instant("a / on () group_right () b", storage)
    # A comparison that keeps nothing is as unclear.
    with pytest.raises(QueryError, match="must be explicit"):
        instant("a > on () b", storage)


def test_two_series_that_are_never_there_together_match_in_turn() -> None:
    storage = every_minute(
        {
            series("a", x="1"): "1 2 3 4",
            series("b", v="old"): "10 10 stale",
            series("b", v="new"): "_ _ 20 20",
        }
    )
    assert ranged("a * on () b", storage, 3) == {"{}": [(0, 10), (1, 20), (2, 60), (3, 80)]}
    assert ranged("a * on () group_left (v) b", storage, 3) == {
        '{v="new", x="1"}': [(2, 60), (3, 80)],
        '{v="old", x="1"}': [(0, 10), (1, 20)],
    }


def test_set_operators_go_step_by_step() -> None:
    storage = every_minute(
        {series("a", x="1"): "1 1 stale", series("a", x="2"): "2 2 2", series("b", x="1"): "5 stale 5"}
    )
    assert ranged("a and b", storage, 2) == {'a{x="1"}': [(0, 1)]}
    assert ranged("a unless b", storage, 2) == {'a{x="1"}': [(1, 1)], 'a{x="2"}': [(0, 2), (1, 2), (2, 2)]}
    assert ranged("a or b", storage, 2) == {
        'a{x="1"}': [(0, 1), (1, 1)],
        'a{x="2"}': [(0, 2), (1, 2), (2, 2)],
        'b{x="1"}': [(2, 5)],
    }
    assert ranged("a or on () b", storage, 2) == ranged("a", storage, 2)
    assert ranged("a and on () (b > 100)", storage, 2) == {}
    assert instant("a or vector(7)", storage, 2 * MINUTE) == {'a{x="2"}': 2.0, "{}": 7.0}


def test_series_that_become_one_are_refused_only_where_both_have_a_sample() -> None:
    apart = every_minute({series("a"): "1 stale", series("b"): "_ 2"})
    assert ranged('-{__name__=~"a|b"}', apart, 1) == {"{}": [(0, -1), (1, -2)]}
    both = every_minute({series("a"): "1 2", series("b"): "2 3"})
    either = '{__name__=~"a|b"}'
    for expression in (f"-{either}", f"{either} + 1", f"rate({either}[5m:1m])", f"abs({either})"):
        with pytest.raises(QueryError, match="same labelset") as caught:
            instant(expression, both, MINUTE)
        assert caught.value.kind == "evaluation"
