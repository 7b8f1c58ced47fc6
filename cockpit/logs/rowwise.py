"""A user's regular expression, put so that it can be asked of a whole block of rows at once.

A row is the whole text to its writer: `^` and `\\A` are its beginning, `$` and `\\z` its end, and no match reaches
into the next row. Line breaks inside a row are vertical tabs in a block, so `\\n` finds those, and `\\s` counts
them as white; `.` goes across them, since the lines of one entry are one text.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import re2

from cockpit.logs.query.error import QueryError
from cockpit.logs.rowtext import INNER_END

if TYPE_CHECKING:
    from collections.abc import Callable

    Search = Callable[[bytes, int, int], list[tuple[int, int]]]

_BEGIN, _END = "(?m:^)", "(?m:$)"
_OUTSIDE = {
    "^": _BEGIN,
    "$": _END,
    "\n": r"\v",
    r"\A": _BEGIN,
    r"\z": _END,
    r"\n": r"\v",
    r"\s": "[[:space:]]",
    r"\S": "[[:^space:]]",
    r"\C": ".",
}
_IN_CLASS = {"\n": r"\v", r"\n": r"\v", r"\s": "[:space:]", r"\S": "[:^space:]"}
_QUOTED = re.compile(r"\\Q(.*?)(?:\\E|\Z)", re.DOTALL)
_PART = re.compile(r"\\[pP]\{[^}]*\}|\\.|\[\^?\]?|.", re.DOTALL)
_CLASS_PART = re.compile(r"\\[pP]\{[^}]*\}|\\.|\[:\^?\w+:\]|.", re.DOTALL)

_USUAL_MEMORY = 8 << 20
_MOST_MEMORY = 32 << 20
"""Bytes RE2 may keep of an expression's states. With its usual 8 MiB, which say how long an expression may be,
those of many choices fall back to an engine that is a hundred times slower."""


def quoted(text: str) -> str:
    """An expression that finds just this text in a block of rows."""
    escaped: str = re2.escape(text.replace("\n", INNER_END))
    return escaped


def rowwise(pattern: str) -> str:
    """A user's expression for a block of rows. Raises QueryError with RE2's reason where it is none."""
    _compiled(pattern, _USUAL_MEMORY)
    parts: list[str] = []
    at, in_class = 0, False
    while at < len(pattern):
        literal = None if in_class else _QUOTED.match(pattern, at)
        if literal:
            parts.append(quoted(literal[1]))
            at = literal.end()
            continue
        part = (_CLASS_PART if in_class else _PART).match(pattern, at)
        assert part is not None, "a part is any character, if nothing else"
        parts.append((_IN_CLASS if in_class else _OUTSIDE).get(part[0], part[0]))
        in_class = part[0] != "]" if in_class else part[0].startswith("[")
        at = part.end()
    return "".join(parts)


def runs_of(pattern: str) -> str:
    """An expression for all rows in a row that match, from the first match to the end of the last one's line.

    Asked of valid UTF-8 only: what is none has no `.` in it.
    """
    rest = rf"(?-s:.)*{_END}\C"
    return rf"(?:{pattern}){rest}(?:(?-s:.)*(?:{pattern}){rest})*"


def search_in(pattern: str, *, ignore_case: bool = False) -> Search:
    """What finds the first match between two places of a block: a list of its own places, -1 for none.

    `pattern` is one that `rowwise`, `quoted` or `runs_of` gave. No match goes across the end of a row.
    """
    match = _compiled(pattern, _MOST_MEMORY, ignore_case)._regexp.Match  # `search` triples the price of a match
    return partial(match, re2._Anchor.UNANCHORED)


def _compiled(pattern: str, memory: int, ignore_case: bool = False) -> re2._Regexp:
    options = re2.Options()
    options.log_errors = False
    options.never_nl = True
    options.never_capture = True
    options.case_sensitive = not ignore_case
    options.max_mem = memory
    try:
        return re2.compile(pattern.encode(errors="replace"), options)
    except re2.error as error:
        reason = b"".join(error.args).decode(errors="replace")
        raise QueryError(f"no regular expression: {reason}", 0, max(1, len(pattern))) from None
    finally:
        re2.purge()  # the module would keep the states of the last 128 expressions
