"""A span of time in the words of the filter: put there, and taken away again."""

from __future__ import annotations

import re

from cockpit.logs.query.nodes import Moment
from cockpit.tui.views.log_terms import beside

_SPAN = re.compile(r"\s*after:\S+ before:\S+$")


def narrowed(words: str, start: int, end: int) -> str:
    """The words for what they find from `start` until before `end` (Unix ns), in place of a span that they end
    with."""
    return beside(_SPAN.sub("", words), f"{Moment('after', start)} {Moment('before', end)}")


def widened(words: str) -> str | None:
    """The words without the span that they end with; None where they end with none."""
    found = _SPAN.search(words)
    if found is None:
        return None
    rest = words[: found.start()]
    return rest[1:-1] if _is_one_group(rest) else rest


def _is_one_group(words: str) -> bool:
    """Whether the parenthesis that they begin with ends where they end."""
    depth = 0
    for at, character in enumerate(words):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return 0 < at == len(words) - 1
    return False
