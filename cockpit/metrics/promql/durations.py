"""Durations as PromQL writes them, how long one may be, and those that are refused before the parser sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.engine import QueryError
from cockpit.metrics.promql.tokens import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_RANGE = 100 * 365 * 86_400_000
"""Milliseconds of a range, an offset or a step."""

UNITS = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1))

_OPERANDS = frozenset({"word", "number", "string", "close"})


def duration(milliseconds: int) -> str:
    """A duration as PromQL writes it: 5400000 is 1h30m."""
    parts = []
    for unit, size in UNITS:
        count, milliseconds = divmod(milliseconds, size)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def too_long(position: int | None = None) -> QueryError:
    """The error for a duration beyond all that is kept anywhere."""
    return QueryError("a duration is too long", "syntax", "use one of at most 100 years", position)


def check_durations(expression: str) -> None:
    """Refuse durations written as seconds that are too many, or no number: on `x[1e20]` and `x offset Inf` the
    parser panics, which nothing that catches exceptions can catch. Raises QueryError("syntax").
    """
    for written, at in _durations(expression, list(tokens(expression))):
        try:
            seconds = abs(float(written))
        except ValueError:  # 5m, 0x1f or no duration at all: the parser's to say
            continue
        if not seconds * 1000 <= LONGEST_RANGE:
            raise too_long(at)


def _durations(expression: str, pieces: list[Token]) -> Iterator[tuple[str, int]]:
    """What stands where durations do, and its place: in brackets, and behind offset."""
    for index, token in enumerate(pieces):
        if token.text == "[":
            end = expression.find("]", token.at)
            for written in expression[token.at + 1 : end].split(":"):
                yield written, token.at + 1
        elif token.text.lower() == "offset" and index and pieces[index - 1].kind in _OPERANDS:
            following = [each for each in pieces[index + 1 : index + 3] if each.text not in "+-"]
            yield from ((each.text, each.at) for each in following[:1])
