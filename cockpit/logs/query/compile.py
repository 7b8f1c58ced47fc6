"""A query as a matcher: columns first, for whole segments at once, and texts among the rows that are left."""

from __future__ import annotations

import re
from operator import eq, ge, gt, le, lt, ne
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from cockpit.logs.finding import Finder
from cockpit.logs.query.nodes import And, Form, Latency, Level, Moment, Name, Not, Or, Status, Text, Trace
from cockpit.logs.rowtext import TRACE_DIGITS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from cockpit.logs.names import Names, Table
    from cockpit.logs.query.matcher import Matcher
    from cockpit.logs.query.nodes import Node, Query
    from cockpit.logs.segment import Segment

    Mask = NDArray[np.bool_]

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_COLUMNS_COST, _TEXT_COST, _REGEX_COST = 0, 1, 2
_PATH_END = r"(?:[? ]|$)"


def compiled(query: Query) -> Matcher | None:
    """What finds the rows that a query asks for; None where it asks for all. Raises QueryError."""
    return None if query.node is None else _Compiled(_part(query.node))


class _Compiled:
    """A `Matcher` on one part."""

    def __init__(self, part: _Part) -> None:
        self._part = part

    @property
    def needs_text(self) -> bool:
        return self._part.cost > _COLUMNS_COST

    def matches(self, segment: Segment, names: Names) -> Mask:
        return self._part.rows(segment, names, np.ones(len(segment), np.bool_))

    def marks(self, text: str) -> Sequence[tuple[int, int]]:
        """Parts that touch or overlap are one."""
        found: list[tuple[int, int]] = []
        for start, end in sorted(mark for finder in self._part.finders() for mark in finder.marks(text)):
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            elif start < end:
                found.append((start, end))
        return found


class _Part(Protocol):
    """A part of a query. `cost` orders parts: the cheap ones leave fewer rows to the others."""

    cost: int

    def rows(self, segment: Segment, names: Names, among: Mask) -> Mask:
        """The rows of `among` that match; `among` itself stays as it is."""
        ...

    def finders(self) -> list[Finder]:
        """What finds the parts of a text that are the reason for a match."""
        ...


class _Column:
    """A part that columns decide."""

    cost = _COLUMNS_COST

    def __init__(self, test: Callable[[Segment, Names], Mask]) -> None:
        self._test = test

    def rows(self, segment: Segment, names: Names, among: Mask) -> Mask:
        return self._test(segment, names) & among

    def finders(self) -> list[Finder]:
        return []


class _InText:
    """A part that looks through the texts; for a word, also requests of a method with that name match."""

    def __init__(self, text: Text) -> None:
        regex, ignore_case = text.form is Form.REGEX, text.ignore_case
        self.cost = _REGEX_COST if regex else _TEXT_COST
        self._finder = Finder(text.pattern, regex=regex, ignore_case=ignore_case)
        method = text.pattern.upper() if ignore_case else text.pattern
        self._methods = _NameTest(lambda name: name == method) if text.form is Form.WORD else None

    def rows(self, segment: Segment, names: Names, among: Mask) -> Mask:
        if self._methods is None:
            return self._finder.rows(segment, among)
        named: Mask = self._methods.known(names.method)[segment.method] & among
        return named | self._finder.rows(segment, among & ~named)

    def finders(self) -> list[Finder]:
        return [self._finder]


class _Path:
    """A part that looks through what requests have for a text: "PATH?QUERY ORIGIN"."""

    cost = _TEXT_COST

    def __init__(self, name: Name) -> None:
        self._other = name.op == "!="
        self._finder = Finder(_path_pattern(name), regex=True, ignore_case=True)

    def rows(self, segment: Segment, names: Names, among: Mask) -> Mask:  # noqa: ARG002 - texts have the path
        requests = among & ((segment.statuses > 0) | (segment.method > 0))
        found = self._finder.rows(segment, requests)
        return requests & ~found if self._other else found

    def finders(self) -> list[Finder]:
        return []


class _All:
    def __init__(self, parts: Sequence[_Part]) -> None:
        self._parts = sorted(parts, key=lambda part: part.cost)
        self.cost = self._parts[-1].cost

    def rows(self, segment: Segment, names: Names, among: Mask) -> Mask:
        for part in self._parts:
            among = part.rows(segment, names, among)
            if not among.any():
                break
        return among

    def finders(self) -> list[Finder]:
        return [finder for part in self._parts for finder in part.finders()]


class _Any:
    def __init__(self, parts: Sequence[_Part]) -> None:
        self._parts = sorted(parts, key=lambda part: part.cost)
        self.cost = self._parts[-1].cost

    def rows(self, segment: Segment, names: Names, among: Mask) -> Mask:
        found = self._parts[0].rows(segment, names, among)
        for part in self._parts[1:]:
            found = found | part.rows(segment, names, among & ~found)
        return found

    def finders(self) -> list[Finder]:
        return [finder for part in self._parts for finder in part.finders()]


class _Without:
    def __init__(self, part: _Part, finders: list[Finder]) -> None:
        self._part = part
        self._finders = finders
        self.cost = part.cost

    def rows(self, segment: Segment, names: Names, among: Mask) -> Mask:
        return among & ~self._part.rows(segment, names, among)

    def finders(self) -> list[Finder]:
        return self._finders


class _NameTest:
    """Which numbers of a table have a name that passes a test; every name is tested once."""

    def __init__(self, test: Callable[[str], bool]) -> None:
        self._test = test
        self._table: Table | None = None
        self._known: Mask = np.empty(0, np.bool_)

    def known(self, table: Table) -> Mask:
        """By number, as long as the table."""
        if table is not self._table:
            self._table, self._known = table, np.empty(0, np.bool_)
        if len(table) > len(self._known):
            new = [bool(name) and self._test(name) for name in table.names[len(self._known) :]]
            self._known = np.concatenate((self._known, np.array(new, np.bool_)))
        return self._known


def _part(node: Node) -> _Part:
    match node:
        case And(parts):
            return _All([_part(part) for part in parts])
        case Or(parts):
            return _Any([_part(part) for part in parts])
        case Not(part):
            return _Without(_part(part), _part(part.part).finders() if isinstance(part, Not) else [])
        case Text():
            return _InText(node)
        case Name(field="path"):
            return _Path(node)
        case Name():
            return _named(node)
        case Level(op, severity):
            return _Column(lambda segment, _: _COMPARE[op](segment.severities, int(severity)))
        case Status():
            return _status(node)
        case Latency(op, seconds):
            bound = np.float32(seconds)
            return _Column(lambda segment, _: _COMPARE[op](segment.latencies, bound))
        case Trace(digits):
            low, high = trace_keys(digits)
            return _Column(lambda segment, _: (segment.traces >= low) & (segment.traces <= high))
        case Moment(side, at):
            holds = lt if side == "before" else ge
            return _Column(lambda segment, _: holds(segment.times, at))


def _status(node: Status) -> _Part:
    op, low, high = node.op, node.low, node.high

    def test(segment: Segment, _: Names) -> Mask:
        statuses = segment.statuses
        if op in ("=", "!="):
            found: Mask = (statuses >= low) & (statuses <= high)
            found = found if op == "=" else ~found
        else:
            found = _COMPARE[op](statuses, low)
        return found & (statuses > 0)

    return _Column(test)


def _named(node: Name) -> _Part:
    field, other = node.field, node.op == "!="
    wanted = re.compile(name_pattern(node), re.IGNORECASE | re.DOTALL)
    test = _NameTest(lambda name: (wanted.fullmatch(name) is None) is other)
    return _Column(lambda segment, names: test.known(getattr(names, field))[getattr(segment, field)])


def name_pattern(node: Name) -> str:
    """A regular expression for the whole of a name that is meant, ignoring case; by `!=`, that is not meant."""
    if "*" in node.value:
        return ".*".join(map(re.escape, re.split(r"\*+", node.value)))
    return re.escape(node.value) if node.op in ("=", "!=") else f".*{re.escape(node.value)}.*"


def trace_keys(digits: str) -> tuple[int, int]:
    """The lowest and the highest key of traces that begin with these digits; no trace has the key 0."""
    seen = digits[:TRACE_DIGITS]
    return max(1, int(seen.ljust(TRACE_DIGITS, "0"), 16)), int(seen.ljust(TRACE_DIGITS, "f"), 16)


def _path_pattern(node: Name) -> str:
    """Where a path is asked for with its query, it is looked for in both."""
    inside = "[^ ]*" if "?" in node.value else "[^? ]*"
    if "*" in node.value:
        return f"^{inside.join(map(re.escape, re.split(r'[*]+', node.value)))}{_PATH_END}"
    value = re.escape(node.value)
    return f"^{inside}{value}" if node.op == ":" else f"^{value}{_PATH_END}"
