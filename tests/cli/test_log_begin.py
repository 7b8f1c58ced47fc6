"""From which moment on a command reads a log: what the flag says, what the query says, or a usual time before."""

from __future__ import annotations

import pytest

from cockpit.cli.log_query import SPAN, begin_of, query_of
from cockpit.logs.moment import SECOND

NOW = 1_795_262_400 * SECOND
HOUR = 3600 * SECOND


@pytest.mark.parametrize(
    ("words", "since", "begin"),
    [
        ("timeout", None, NOW - SPAN),
        ("after:1h timeout", None, NOW - HOUR),
        ("after:1h or after:2h", None, NOW - 2 * HOUR),
        ("-before:3h", None, NOW - 3 * HOUR - SPAN),
        ("before:1h", None, NOW - HOUR - SPAN),
        ("after:2h before:1h", None, NOW - 2 * HOUR),
        ("after:2h", "1h", NOW - HOUR),
    ],
)
def test_a_log_is_read_from_where_it_is_asked_for(words: str, since: str | None, begin: int) -> None:
    assert begin_of(query_of([words], NOW), since, NOW) == begin
