"""What rules and panes ask about an expression without evaluating it."""

from __future__ import annotations

import pytest

from cockpit.metrics.engine import QueryError
from cockpit.metrics.promql.describe import Comparison, comparison, selectors


def test_selectors_come_from_left_to_right_with_those_inside_ranges() -> None:
    found = selectors('sum(rate(a{x="1"}[5m])) / topk(scalar(b), max_over_time(c[1h:])) > bool {__name__=~"d"}')
    assert [each.name for each in found] == ["a", "b", "c", ""]
    assert [matcher.name for matcher in found[0].matchers] == ["__name__", "x"]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("sum(a)  >  0.1", Comparison("sum(a)", ">", 0.1)),
        ("10 < (a / b)", Comparison("a / b", ">", 10.0)),
        ("a <= -1", Comparison("a", "<=", -1.0)),
        ("a == vector(1)", Comparison("a", "==", 1.0)),
        ("(a > 1)", Comparison("a", ">", 1.0)),
        ("a > bool 1", None),
        ("a > b", None),
        ("a + 1", None),
        ("1 > bool 2", None),
        ("a > 1 and b > 2", None),
    ],
)
def test_comparison_has_the_vector_on_the_left(expression: str, found: Comparison | None) -> None:
    assert comparison(expression) == found


def test_what_does_not_parse_is_no_description() -> None:
    for ask in (selectors, comparison):
        with pytest.raises(QueryError, match="unexpected end"):
            ask("1 +")
