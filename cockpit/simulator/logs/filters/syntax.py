"""The Logging query language as a tree: tokens, precedence (NOT, then OR, then AND) and positions of errors.

Grammar after https://cloud.google.com/logging/docs/view/logging-query-language and AIP-160.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

LONGEST_FILTER = 20_000
"""Characters, as the service counts them."""

_DEEPEST_NESTING = 60


class FilterError(ValueError):
    """A filter the service would refuse; the message names the place."""


@dataclass(frozen=True, slots=True)
class Value:
    """The right side of a comparison. `quoted` tells `"*"` from `*`; `at` is the offset in the filter."""

    text: str
    quoted: bool
    at: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """`path op value`; `at` is the offset of the path."""

    path: tuple[str, ...]
    op: str
    value: Value
    at: int


@dataclass(frozen=True, slots=True)
class Anywhere:
    """A value without a field: any field of the entry may contain it."""

    value: Value


@dataclass(frozen=True, slots=True)
class Member:
    """A dotted name or a literal, as an argument of a function."""

    path: tuple[str, ...]
    value: Value


@dataclass(frozen=True, slots=True)
class Call:
    """`name(argument, …)`."""

    name: str
    arguments: tuple[Member, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Not:
    """Everything that `part` does not match."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """Every part matches; no parts match everything."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part matches."""

    parts: tuple[Node, ...]


Node: TypeAlias = Comparison | Anywhere | Call | Not | And | Or


def parse(source: str) -> Node:
    """The tree of a filter; an empty one matches everything. Raises FilterError."""
    if len(source) > LONGEST_FILTER:
        raise FilterError(f"Filter is too long: {len(source)} characters, at most {LONGEST_FILTER} are allowed")
    return _Parser(source).parse()


def place(source: str, at: int) -> str:
    """Where an offset stands, as people count: `line 1, column 14`."""
    line = source.count("\n", 0, at) + 1
    return f"line {line}, column {at - source.rfind(chr(10), 0, at)}"


_STRING = r'"(?:[^"\\]|\\.)*"'
_TEXT = r"[\w/$%@#&*+?;|^{}\[\]`-]+"
_TOKEN = re.compile(
    rf"""
      (?P<space>\s+|--[^\n]*)
    | (?P<op>!=|<=|>=|=~|!~|[=<>:])
    | (?P<minus>-(?=["(]))
    | (?P<member>(?:{_STRING}|{_TEXT})(?:\.(?:{_STRING}|{_TEXT}))*)
    | (?P<punctuation>[(),])
    """,
    re.VERBOSE | re.DOTALL,
)
_SEGMENT = re.compile(rf"{_STRING}|{_TEXT}", re.DOTALL)
_ESCAPE = re.compile(r'\\(?:([\\"nrt])|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))')
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def _unquote(segment: str) -> str:
    """The text of a segment. Unknown escapes stay as they are, so that a regular expression keeps its `\\d`."""
    if not segment.startswith('"'):
        return segment

    def decode(match: re.Match[str]) -> str:
        plain, *code = match.groups()
        return _PLAIN_ESCAPES.get(plain, plain) if plain else chr(int(code[0] or code[1], 16))

    return _ESCAPE.sub(decode, segment[1:-1])


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    raw: str
    at: int

    @property
    def segments(self) -> tuple[str, ...]:
        return tuple(_unquote(segment) for segment in _SEGMENT.findall(self.raw))

    @property
    def value(self) -> Value:
        quoted = self.raw.startswith('"')
        return Value(".".join(self.segments) if quoted else self.raw, quoted, self.at)


_KEYWORDS = frozenset({"AND", "OR", "NOT"})


def _tokens(source: str) -> Iterator[_Token]:
    at = 0
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise FilterError(f"Unparseable filter: syntax error at {place(source, at)}, token '{source[at]}'")
        kind, raw = str(match.lastgroup), match.group()
        if (kind == "member" and raw in _KEYWORDS) or kind in ("op", "punctuation"):
            kind = raw
        if kind != "space":
            yield _Token(kind, raw, at)
        at = match.end()
    yield _Token("end", "", len(source))


_OPERATORS = frozenset({"=", "!=", "<", "<=", ">", ">=", ":", "=~", "!~"})


class _Parser:
    """Recursive descent over the tokens of one filter."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = list(_tokens(source))
        self._next = 0
        self._depth = 0

    def parse(self) -> Node:
        if self._peek.kind == "end":
            return And(())
        tree = self._conjunction(self._restriction)
        if self._peek.kind != "end":
            raise self._unexpected()
        return tree

    @property
    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _skip(self, kind: str) -> bool:
        if self._peek.kind != kind:
            return False
        self._next += 1
        return True

    def _expect(self, kind: str) -> _Token:
        if self._peek.kind != kind:
            raise self._unexpected()
        return self._take()

    def _unexpected(self) -> FilterError:
        token = self._peek
        where = place(self._source, token.at)
        found = "unexpected end of filter" if token.kind == "end" else f"token '{token.raw}'"
        return FilterError(f"Unparseable filter: syntax error at {where}, {found}")

    def _conjunction(self, leaf: Callable[[], Node]) -> Node:
        parts = [self._disjunction(leaf)]
        while self._peek.kind not in ("end", ")"):
            self._skip("AND")
            parts.append(self._disjunction(leaf))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _disjunction(self, leaf: Callable[[], Node]) -> Node:
        parts = [self._term(leaf)]
        while self._skip("OR"):
            parts.append(self._term(leaf))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _term(self, leaf: Callable[[], Node]) -> Node:
        negated = False
        while self._skip("NOT") or self._skip("minus"):
            negated = not negated
        part = self._group(leaf) if self._peek.kind == "(" else leaf()
        return Not(part) if negated else part

    def _group(self, leaf: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST_NESTING:
            raise FilterError(f"Unparseable filter: nested too deeply at {place(self._source, self._peek.at)}")
        self._expect("(")
        part = self._conjunction(leaf)
        self._expect(")")
        self._depth -= 1
        return part

    def _restriction(self) -> Node:
        token = self._expect("member")
        if token.raw.startswith("-") and len(token.raw) > 1:
            self._next -= 1
            self._tokens[self._next] = replace(token, raw=token.raw[1:], at=token.at + 1)
            return Not(self._restriction())
        if self._peek.kind in _OPERATORS:
            return self._comparison(token)
        if self._peek.kind == "(" and self._peek.at == token.at + len(token.raw):
            return self._call(token)
        return Anywhere(token.value)

    def _comparison(self, field: _Token) -> Node:
        op = self._take().kind

        def leaf() -> Node:
            return Comparison(field.segments, op, self._expect("member").value, field.at)

        return self._group(leaf) if self._peek.kind == "(" else leaf()

    def _call(self, name: _Token) -> Node:
        self._expect("(")
        arguments: list[Member] = []
        while self._peek.kind != ")":
            if arguments:
                self._expect(",")
            token = self._expect("member")
            arguments.append(Member(token.segments, token.value))
        self._expect(")")
        return Call(name.raw, tuple(arguments), name.at)
