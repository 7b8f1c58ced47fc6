"""Queries on a command line: read, with a caret under the place where one is none, and asked of entries."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from cockpit.cli.exits import CommandError, Exit
from cockpit.logs.moment import SECOND
from cockpit.logs.names import Names
from cockpit.logs.query.compile import compiled
from cockpit.logs.query.error import QueryError
from cockpit.logs.query.moments import MOMENTS, moment_of
from cockpit.logs.query.nodes import And, Moment, Name, Not, Or, Query
from cockpit.logs.query.parse import parse
from cockpit.logs.segment import SegmentBuilder
from cockpit.text import clean, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from cockpit.logs.entry import Record
    from cockpit.logs.query.nodes import Node

SPAN = 15 * 60 * SECOND
"""How far back entries are read where nobody says."""


def query_of(words: Sequence[str], now: int | None = None) -> Query:
    """What the words of a command line ask for, moments reckoned from `now` (Unix ns). Raises CommandError."""
    text = " ".join(words)
    try:
        return parse(text, now=time.time_ns() if now is None else now, zone=_zone())
    except QueryError as error:
        known = CommandError(str(error), error.mend, kind="query", code=Exit.USAGE)
        known.position = error.position
        known.shown = (text, " " * width(clean(text[: error.position])) + "^" * max(1, _cells(text, error)))
        raise known from None


def of_revisions(names: Sequence[str]) -> Query:
    """The query for revisions by parts of their names; for everything where there are none."""
    parts = tuple(Name("revision", ":", name) for name in names)
    return Query(Or(parts) if len(parts) > 1 else next(iter(parts), None))


def since_of(text: str, now: int) -> int:
    """The moment of --since: so long before `now`, or any other that a query may name. Raises CommandError."""
    try:
        return moment_of(text, now=now, zone=_zone())
    except ValueError as error:
        raise CommandError(f"--since: {error}", MOMENTS, kind="usage", code=Exit.USAGE) from None


def begin_of(query: Query, since: str | None, now: int, span: int = SPAN) -> int:
    """The moment (Unix ns) from which on entries are read: what --since says, or the query, or `span` before."""
    if since is not None:
        return since_of(since, now)
    moments = [] if query.node is None else list(_moments(query.node))
    if after := [moment.at for moment in moments if moment.side == "after"]:
        return min(after)
    return max((moment.at for moment in moments), default=now) - span


class Sieve:
    """Lets through the records that a query finds."""

    def __init__(self, query: Query) -> None:
        self._matcher = compiled(query)

    def sift(self, records: Sequence[Record]) -> list[Record]:
        """Those that match, in their order."""
        if self._matcher is None or not records:
            return list(records)
        names = Names()
        builder = SegmentBuilder(names)
        for record in records:
            builder.add(record)
        found = np.flatnonzero(self._matcher.matches(builder.build(), names))
        return [records[at] for at in found.tolist()]


def _moments(node: Node) -> Iterator[Moment]:
    """Every moment that a query names, wherever in it."""
    match node:
        case Moment():
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from _moments(part)
        case Not(part):
            yield from _moments(part)


def _cells(text: str, error: QueryError) -> int:
    return width(clean(text[error.position : error.position + error.length]))


def _zone() -> tzinfo:
    return datetime.now(UTC).astimezone().tzinfo or UTC
