"""What to do about what the parser finds wrong: its words say what is wrong, not how to mend it."""

from __future__ import annotations

import difflib
import re

from cockpit.metrics.promql.vocabulary import AGGREGATIONS, FUNCTIONS

_UNKNOWN = re.compile(r"unknown function with name '(\w+)'")
_MENDS = (
    (r"expected type matrix .* got vector", "say how far back it looks: x[5m]"),
    (r"expected type vector .* got matrix", "put a function around the range: rate(x[5m])"),
    (r"only scalar and instant vector types", "put a function around a range: rate(x[5m])"),
    (r"must use BOOL modifier", "write bool behind the operator: > bool"),
    (r"set operator .* not allowed", "and, or and unless want series on both sides"),
    (r"at least one non-empty matcher", "name the metric, or a label and its value"),
    (r"ranges only allowed for vector selectors", "a range of an expression has a colon: [1h:1m]"),
    (r"inside brackets", "brackets hold a duration: [5m]"),
    (r"inside braces", 'braces hold labels, their values in quotes: {code="500"}'),
    (r"unterminated quoted string", "close the quotes"),
    (r"unclosed left parenthesis", "close it"),
    (r"unexpected right parenthesis", "open it, or take it away"),
    (r"illegal regex", "regular expressions are RE2's; in quotes a backslash is written twice"),
    (r"no expression found", "write one, like sum(rate(http_requests_total[5m]))"),
)


def mend_of(message: str) -> str:
    """The mend for an error of the parser, "" where its words say enough."""
    if named := _UNKNOWN.search(message):
        close = difflib.get_close_matches(named[1], [*FUNCTIONS, *AGGREGATIONS], n=1)
        return f"did you mean {close[0]}()?" if close else ""
    return next((mend for words, mend in _MENDS if re.search(words, message)), "")
