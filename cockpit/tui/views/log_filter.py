"""What stands under the line a log is filtered in: an error at its place, or how much matches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.text import clean, shorten, width
from cockpit.tui.lines import Line, Span, crop, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.logs.query.completion import Candidate
    from cockpit.logs.query.error import QueryError
    from cockpit.tui.lines import Spans

POINTER = "↑"


def complaint(error: QueryError, at: int, cells: int) -> Line:
    """An error with its mend in `cells` cells, pointing at the cell `at`: it stands where there is more room."""
    why, mend = clean(str(error)), clean(error.mend)
    at = max(0, min(at, cells - 1))
    before, behind = at - 1, cells - at - 2
    if width(why) <= behind or behind >= before:
        spans: Spans = (
            Span(" " * at),
            Span(f"{POINTER} {why}", "bad"),
            Span(f" · {mend}" if mend else "", "muted"),
        )
        return Line(crop(spans, cells))
    why = shorten(why, before)
    return Line((Span(" " * (before - width(why))), Span(f"{why} {POINTER}", "bad")))


def offered(candidates: Sequence[Candidate], chosen: int, cells: int) -> Line:
    """What can be typed next, in one line: the chosen one stands out, and what it is stands at the end."""
    words = [f" {clean(each.text)} " for each in candidates]
    if not words:
        return Line()
    about = f" {clean(candidates[chosen].about)}"
    room = max(cells // 2, cells - width(about))
    first = 0
    while first < chosen and sum(map(width, words[first : chosen + 1])) > room:
        first += 1
    spans = tuple(
        Span(word, "accent reverse" if first + at == chosen else "") for at, word in enumerate(words[first:])
    )
    return Line(spread(crop(spans, room), (Span(about, "muted"),), cells))
