"""The parser's errors with a way out of them."""

from __future__ import annotations

import pytest

from cockpit.metrics.engine import QueryError
from cockpit.metrics.promql.mends import mend_of
from cockpit.metrics.promql.parse import parse


@pytest.mark.parametrize(
    ("expression", "mend"),
    [
        ("rate(x)", "say how far back it looks: x[5m]"),
        ("sum(x[5m])", "put a function around the range: rate(x[5m])"),
        ("x[5m] + 1", "put a function around a range: rate(x[5m])"),
        ("1 > 2", "write bool behind the operator: > bool"),
        ("x and 1", "and, or and unless want series on both sides"),
        ("{}", "name the metric, or a label and its value"),
        ("x[5m][5m]", "a range of an expression has a colon: [1h:1m]"),
        ("rate(x[5m)", "brackets hold a duration: [5m]"),
        ("x{a=1}", 'braces hold labels, their values in quotes: {code="500"}'),
        ("x{a='b}", "close the quotes"),
        ("(x", "close it"),
        ("x)", "open it, or take it away"),
        ("x{a=~'('}", "regular expressions are RE2's; in quotes a backslash is written twice"),
        ("", "write one, like sum(rate(http_requests_total[5m]))"),
        ("increaze(x[5m])", "did you mean increase()?"),
    ],
)
def test_what_the_parser_refuses_comes_with_a_mend(expression: str, mend: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(expression)
    assert mend_of(str(caught.value)) == mend


def test_words_that_say_enough_are_left_alone() -> None:
    assert mend_of("unexpected 'y'") == ""
    assert mend_of("unknown function with name 'qqqqqqqq'") == ""
