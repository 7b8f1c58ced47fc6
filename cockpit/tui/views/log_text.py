"""The text of a log entry: cleaned, in pieces with roles, one line of it or all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.logs.entry import Flag, Severity
from cockpit.logs.words import latency_words
from cockpit.text import clean, shorten, uncoloured, width
from cockpit.tui.lines import Span, cells_of, crop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cockpit.logs.entry import Row
    from cockpit.tui.lines import Spans

    Marks = Callable[[str], Sequence[tuple[int, int]]]

MOST_LINES = 60
"""Lines of one wrapped entry; the entry itself has the rest."""

_TRACEBACK = "Traceback (most recent call last)"
_SPARE = 256
"""Characters that are looked at beyond what the cells could hold, as some have no width."""
_MARK = "accent reverse"
_METHOD, _LATENCY = 4, 6
_OK, _REFUSED, _FAILED = 200, 400, 500


def one_line(row: Row, cells: int, marks: Marks, hidden: int = 0) -> Spans:
    """An entry in one line of at most `cells` cells, and how many lines it has where it has several.

    Its first `hidden` characters are left out where nothing is marked in them.
    """
    head = _head(row)
    first, last, count = _ends(row.text, cells)
    tail: Spans = ()
    if count > 1:
        tail = (Span(f" ⏎ {count:,} lines", "muted"),)
        if row.flags & Flag.TRACEBACK and first.startswith(_TRACEBACK):
            first, hidden = last, 0
        elif row.flags & Flag.TRACEBACK:
            tail = (*tail, Span(f" {shorten(last, cells // 2)}", "bad"))
    room = cells - cells_of(head) - cells_of(tail)
    return crop((*head, *crop(marked(first, marks, _role(row), hidden), max(0, room)), *tail), cells)


def whole(row: Row, cells: int, marks: Marks, hidden: int = 0) -> list[Spans]:
    """An entry in as many lines of `cells` cells as it takes, MOST_LINES at most; `hidden` as in `one_line`."""
    most = MOST_LINES * cells
    text, role = uncoloured(row.text[: most + _SPARE]), _role(row)
    lines: list[Spans] = []
    head = _head(row)
    for line in text.rstrip("\n").split("\n"):
        lines += fold((*head, *marked(clean(line), marks, role, hidden)), cells)
        head, hidden = (), 0
        if len(lines) >= MOST_LINES:
            break
    if len(lines) > MOST_LINES or len(row.text) > most + _SPARE:
        lines[MOST_LINES - 1 :] = [(Span("… the entry has the rest", "muted"),)]
    return lines


def marked(text: str, marks: Marks, role: str = "", hidden: int = 0) -> Spans:
    """Clean text with the parts that were looked for standing out.

    Its first `hidden` characters are left out, unless something was looked for that is there.
    """
    found = marks(text)
    spans, at = [], hidden if all(start >= hidden for start, _ in found) else 0
    for start, end in found:
        spans += [Span(text[at:start], role), Span(text[start:end], _MARK)]
        at = end
    return tuple(span for span in (*spans, Span(text[at:], role)) if span.text)


def fold(spans: Spans, cells: int) -> list[Spans]:
    """Spans in lines of at most `cells` cells."""
    lines: list[list[Span]] = [[]]
    room = cells
    for span in spans:
        rest = span.text
        while rest:
            fitting = _fitting(rest, room)
            if not fitting and not lines[-1]:
                fitting = 1  # a character wider than the line
            if fitting:
                lines[-1].append(Span(rest[:fitting], span.role))
                room -= width(rest[:fitting])
                rest = rest[fitting:]
            if rest:
                lines.append([])
                room = cells
    return [tuple(line) for line in lines]


def request_words(row: Row) -> tuple[str, ...]:
    """A request's method, status and latency, "" for what is not known; nothing of any other entry. Not clean."""
    return (row.method, str(row.status or ""), latency_words(row.latency)) if row.is_request else ()


def _fitting(text: str, cells: int) -> int:
    """How many characters of clean text fit."""
    piece = text[: cells + 1]
    if len(text) <= cells and width(text) <= cells:
        return len(text)
    if width(piece) == len(piece):
        return min(len(text), cells)
    used = 0
    for at, character in enumerate(text):
        used += width(character)
        if used > cells:
            return at
    return len(text)


def _ends(text: str, cells: int) -> tuple[str, str, int]:
    """The first line and the last one, clean and long enough for `cells` cells, and how many there are."""
    text = text.strip("\n")
    most = cells + _SPARE
    count = text.count("\n") + 1
    return _line(text[:most].partition("\n")[0]), _line(text[-most:].rpartition("\n")[2]), count


def _line(text: str) -> str:
    return clean(uncoloured(text))


def _head(row: Row) -> Spans:
    """What the request log has in fields, in columns of their own: "POST 500  1.2 s "."""
    if not row.is_request:
        return ()
    return (*_request(row),)


def _request(row: Row) -> Iterator[Span]:
    yield Span(f"{shorten(clean(row.method[:_SPARE]), 12):<{_METHOD}} ", "muted")
    yield Span(f"{row.status or '–':>3} ", _status_role(row.status))
    yield Span(f"{latency_words(row.latency):>{_LATENCY}}  ", "muted")


def _status_role(status: int) -> str:
    if status >= _FAILED:
        return "bad bold"
    if status >= _REFUSED:
        return "warn"
    return "good" if status >= _OK else "muted"


def _role(row: Row) -> str:
    if row.flags & Flag.GAP:
        return "warn bold"
    if row.severity is Severity.DEBUG:
        return "muted"
    return "bold" if row.severity >= Severity.CRITICAL else ""
