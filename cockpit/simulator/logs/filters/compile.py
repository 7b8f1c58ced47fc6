"""A filter, compiled once to a predicate over raw log entries and the span of time it can match."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias, TypeVar

from cockpit.simulator.logs.filters import functions, syntax
from cockpit.simulator.logs.filters.comparisons import LiteralError, comparison, nanoseconds
from cockpit.simulator.logs.filters.fields import Kind, UnknownFieldError, resolve, texts
from cockpit.simulator.logs.filters.syntax import FilterError, Node
from cockpit.simulator.logs.messages import LogEntry

Matches: TypeAlias = Callable[[LogEntry], bool]
_Built = TypeVar("_Built")

BEGINNING, END = 0, 2**63 - 1
"""All of time, in Unix nanoseconds."""


@dataclass(frozen=True, slots=True)
class Filter:
    """`matches` tells whether an entry passes.

    No entry outside `since <= timestamp < until` (Unix nanoseconds) passes, so a search need not look there.
    """

    matches: Matches
    since: int
    until: int


def compile_filter(source: str) -> Filter:
    """Raises FilterError with the line and column for what the service would refuse as INVALID_ARGUMENT."""
    tree = syntax.parse(source)
    compiler = _Compiler(source)
    matches = compiler.node(tree)
    since, until = compiler.span(tree)
    return Filter(matches, since, until)


class _Compiler:
    """Turns nodes into closures; keeps the source only to say where an error is."""

    def __init__(self, source: str) -> None:
        self._source = source

    def node(self, node: Node) -> Matches:
        match node:
            case syntax.And(parts):
                return _all([self.node(part) for part in parts])
            case syntax.Or(parts):
                return _any(self._alternatives(parts))
            case syntax.Not(part):
                inner = self.node(part)
                return lambda entry: not inner(entry)
            case syntax.Anywhere(value):
                wanted = value.text.casefold()
                return lambda entry: any(wanted in text.casefold() for text in texts(entry))
            case syntax.Call():
                return self._call(node)
            case syntax.Comparison():
                return self._comparison(node)

    def span(self, node: Node) -> tuple[int, int]:
        """The times that a conjunction's own `timestamp` comparisons leave open, as [since, until)."""
        since, until = BEGINNING, END
        for part in node.parts if isinstance(node, syntax.And) else (node,):
            if not isinstance(part, syntax.Comparison) or part.path != ("timestamp",) or part.value.text == "*":
                continue
            at = nanoseconds(part.value.text)
            if part.op in ("=", ">=", ">"):
                since = max(since, at)
            if part.op in ("=", "<=", "<"):
                until = min(until, at + 1)
        return since, until

    def _alternatives(self, parts: tuple[Node, ...]) -> list[Matches]:
        """Neighbours that ask one text field for equality, as `f=("a" OR "b")`, become one look into a set."""
        matches: list[Matches] = []
        for path, group in groupby(parts, _equality_path):
            nodes = list(group)
            if path is None or len(nodes) == 1:
                matches += [self.node(node) for node in nodes]
            else:
                matches.append(self._one_of(path, nodes))
        return matches

    def _one_of(self, path: tuple[str, ...], nodes: list[Node]) -> Matches:
        comparisons = [node for node in nodes if isinstance(node, syntax.Comparison)]
        field = self._located(lambda: resolve(path), comparisons[0].at)
        if field.kind is not Kind.TEXT:
            return _any([self.node(node) for node in comparisons])
        read, wanted = field.read, frozenset(node.value.text.casefold() for node in comparisons)

        def matches(entry: LogEntry) -> bool:
            value = read(entry)
            return value is not None and value.casefold() in wanted

        return matches

    def _comparison(self, node: syntax.Comparison) -> Matches:
        field = self._located(lambda: resolve(node.path), node.at)
        if node.op == ":" and node.value.text == "*" and not node.value.quoted:
            return field.present
        test = self._located(lambda: comparison(field.kind, node.op, node.value.text), node.value.at)
        read = field.read
        if field.kind in (Kind.JSON, Kind.MESSAGE):
            return lambda entry: any(test(value) for value in read(entry))

        def matches(entry: LogEntry) -> bool:
            value = read(entry)
            return value is not None and test(value)

        return matches

    def _call(self, node: syntax.Call) -> Matches:
        return self._located(lambda: functions.call(node), node.at)

    def _located(self, build: Callable[[], _Built], at: int) -> _Built:
        try:
            return build()
        except UnknownFieldError as error:
            reason = f"field not found: '{error.args[0]}'"
        except LiteralError as error:
            reason = str(error)
        raise FilterError(f"Unparseable filter: {reason} at {syntax.place(self._source, at)}")


def _equality_path(node: Node) -> tuple[str, ...] | None:
    return node.path if isinstance(node, syntax.Comparison) and node.op == "=" else None


def _all(parts: list[Matches]) -> Matches:
    if len(parts) == 1:
        return parts[0]

    def matches(entry: LogEntry) -> bool:
        for part in parts:  # noqa: SIM110 - a generator for all() would cost as much as two of the parts
            if not part(entry):
                return False
        return True

    return matches


def _any(parts: list[Matches]) -> Matches:
    if len(parts) == 1:
        return parts[0]

    def matches(entry: LogEntry) -> bool:
        for part in parts:  # noqa: SIM110 - as in _all
            if part(entry):
                return True
        return False

    return matches
