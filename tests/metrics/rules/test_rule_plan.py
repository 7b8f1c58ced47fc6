"""What is asked for a rule at one moment."""

from __future__ import annotations

import pytest

from cockpit.metrics.engine import QueryError
from cockpit.metrics.rules.model import AlertRule, Place, RecordRule
from cockpit.metrics.rules.plan import queries

HERE = Place("rules.yml", 1)


@pytest.mark.parametrize(
    ("expression", "asked"),
    [
        ("load > 5", ["load > 5", "load"]),
        ("5 < load", ["5 < load", "load"]),
        ("load", ["load"]),
        ("load > bool 5", ["load > bool 5"]),
        ("a / b > 0.1", ["a / b > 0.1", "a / b"]),
        ("a > 1 and b > 2", ["a > 1 and b > 2", "a", "b"]),
        ("a > 1 or b > 2", ["a > 1 or b > 2", "a", "b"]),
        ("a > 1 unless b > 2", ["a > 1 unless b > 2", "a"]),
        ("(a or 0 * b) / b > 0.1", ["(a or 0 * b) / b > 0.1", "(a or (0 * b)) / b"]),
        ("absent(a)", ["absent(a)"]),
        ("count(a > 1) > 2", ["count(a > 1) > 2", "count(a > 1)", "a"]),
        ("sum by (x) (rate(a[5m])) > 1", ["sum by (x) (rate(a[5m])) > 1", "sum by (x) (rate(a[5m]))"]),
        ("max_over_time((a > 5)[5m:1m])", ["max_over_time((a > 5)[5m:1m])", "a"]),
        ("vector(1) > 2", ["vector(1) > 2", "vector(1)"]),
        ("1", ["1"]),
    ],
)
def test_each_query_is_asked_once_and_the_rule_first(expression: str, asked: list[str]) -> None:
    assert list(queries(AlertRule("A", expression, HERE))) == asked


def test_a_recording_rule_asks_its_expression_alone() -> None:
    assert queries(RecordRule("a", "b > 5", HERE)) == ("b > 5",)


def test_an_expression_that_is_none_has_no_plan() -> None:
    with pytest.raises(QueryError, match="unclosed"):
        queries(AlertRule("A", "sum(a", HERE))
