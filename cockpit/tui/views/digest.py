"""The digest on a screen: sentences first, then tables."""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING

from cockpit.logs.digest.facts import Tone, counted, facts
from cockpit.text import clean, width
from cockpit.tui.lines import Line, Span, left, right, wrap
from cockpit.tui.views.digest_tables import Tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo

    from cockpit.logs.digest.facts import Fact
    from cockpit.logs.digest.result import Digest
    from cockpit.tui.views.digest_tables import Table

MARKS = {Tone.BAD: ("✗", "bad"), Tone.ODD: ("!", "warn"), Tone.GOOD: ("✓", "good"), Tone.PLAIN: ("·", "")}
"""The shape and the role of each tone."""

_GAP = "  "
_REVISIONS_NAMED = 6


def digest_lines(digest: Digest, name_of: Callable[[str], str], zone: tzinfo, cells: int) -> tuple[Line, ...]:
    """All of it, sentences in at most `cells` cells; tables are as wide as they are.

    Revisions are named by `name_of`, times are of `zone`. A line that has an example has its row as its key.
    """
    lines = [line for fact in facts(digest, name_of) for line in _sentence(fact, cells)]
    for table in Tables(digest, name_of, zone).all():
        lines += _table(table)
    return tuple(lines)


def head(digest: Digest, name_of: Callable[[str], str], zone: tzinfo) -> str:
    """What it is of, in a clean line: "1,204 entries from 11:03:12 to 12:03:44: 00275-2jb 1,100, …"."""
    tables = Tables(digest, name_of, zone)
    times = f" from {tables.moment(digest.first)} to {tables.moment(digest.last)}" if digest.rows else ""
    revisions = [f"{name_of(name)} {count:,}" for name, count in digest.revisions[:_REVISIONS_NAMED]]
    more = len(digest.revisions) - len(revisions)
    named = ", ".join([*revisions, *([f"{more} more"] if more else [])])
    return clean(f"{counted(digest.rows, 'entry', 'entries')}{times}{f': {named}' if named else ''}")


def _sentence(fact: Fact, cells: int) -> Iterator[Line]:
    mark, role = MARKS[fact.tone]
    for piece in wrap(clean(fact.text), cells - 4):
        yield Line((Span(f" {mark} ", role), Span(piece, role)), _key(fact.example))
        mark = " "


def _key(example: int | None) -> str:
    return "" if example is None else str(example)


def _table(table: Table) -> Iterator[Line]:
    """A title, the heads, and the rows in columns; empty columns are left out."""
    shown = [at for at in range(len(table.head)) if any(row[at].text for row in table.rows)]
    head = tuple(Span(word, "muted") for word in table.head)
    widths = {at: max(width(row[at].text) for row in (head, *table.rows)) for at in shown}
    yield Line()
    yield Line((Span(f" {table.title}", "bold"),))
    for row, example in zip((head, *table.rows), chain((None,), table.examples or repeat(None)), strict=False):
        spans = [Span(" ")]
        for at in shown:
            fit = right if at in table.right else left
            spans += [fit(row[at].text, widths[at], row[at].role), Span(_GAP)]
        yield Line(tuple(spans[:-1]), _key(example))
    if table.more:
        yield Line((Span(f" {table.more}", "muted"),))
