"""A query as a tree. `str` of a node is the query in its plainest words, which mean the same again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from typing import TypeAlias

from cockpit.logs.entry import Severity
from cockpit.logs.moment import rfc3339

_BARE = re.compile(r"(?!~)[^\s()\"\\]+")


def quoted(text: str) -> str:
    """A text in quotes, for a query: `"she said \\"no\\""`."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class Form(Enum):
    """How a text was written: `word`, `"phrase"` or `/regex/`."""

    WORD = "word"
    PHRASE = "phrase"
    REGEX = "regex"


@dataclass(frozen=True, slots=True)
class Text:
    """Entries whose text holds this, for a word also requests of that method."""

    pattern: str
    form: Form = Form.WORD

    @property
    def ignore_case(self) -> bool:
        """Case is ignored while all is lower case; `\\S` and its kind in a regular expression are no capitals."""
        letters = re.sub(r"\\.", "", self.pattern) if self.form is Form.REGEX else self.pattern
        return letters == letters.lower()

    def __str__(self) -> str:
        if self.form is Form.REGEX:
            return f"/{self.pattern}/"
        return quoted(self.pattern) if self.form is Form.PHRASE else self.pattern


@dataclass(frozen=True, slots=True)
class Name:
    """Entries whose `field` (revision, instance, log, method, agent or path) has a name like this.

    `:` is a part of it, `=` all of it, `!=` another one; with `*` for anything, `:` is all of it, too. Case is
    ignored. An entry without the field is none of them.
    """

    field: str
    op: str
    value: str

    def __str__(self) -> str:
        return f"{self.field}{self.op}{value_of(self.value)}"


@dataclass(frozen=True, slots=True)
class Level:
    """Entries of a severity that compares like this: `=`, `!=`, `<`, `<=`, `>` or `>=`."""

    op: str
    severity: Severity

    def __str__(self) -> str:
        return f"severity{self.op}{self.severity.name}"


@dataclass(frozen=True, slots=True)
class Status:
    """Requests whose status compares like this; `=` and `!=` have the statuses from `low` to `high` in mind."""

    op: str
    low: int
    high: int

    def __str__(self) -> str:
        low, high = f"{self.low:03}", f"{self.high:03}"
        digits = "".join(one if one == other else "x" for one, other in zip(low, high, strict=True))
        return f"status{self.op}{digits}"


@dataclass(frozen=True, slots=True)
class Latency:
    """Requests whose latency compares like this: `<`, `<=`, `>` or `>=`, to the precision of a float32."""

    op: str
    seconds: float

    def __str__(self) -> str:
        return f"latency{self.op}{in_seconds(self.seconds)}"


@dataclass(frozen=True, slots=True)
class Trace:
    """Entries of a trace whose name begins with these hexadecimal digits; the first 16 of them are looked at."""

    digits: str

    def __str__(self) -> str:
        return f"trace:{self.digits}"


@dataclass(frozen=True, slots=True)
class Moment:
    """Entries `after` a moment (Unix ns), or at it; or `before` it."""

    side: str
    at: int

    def __str__(self) -> str:
        return f"{self.side}:{rfc3339(self.at)}"


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not match."""

    part: Node

    def __str__(self) -> str:
        return f"-{_grouped(self.part)}"


@dataclass(frozen=True, slots=True)
class And:
    """What every part matches."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        said = _grouped(self.parts[0])
        for left, right in pairwise(self.parts):
            said += f"{' and ' if _might_take(left, right) else ' '}{_grouped(right)}"
        return said


@dataclass(frozen=True, slots=True)
class Or:
    """What at least one part matches."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " or ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


Leaf: TypeAlias = Text | Name | Level | Status | Latency | Trace | Moment
Node: TypeAlias = Leaf | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query; without a node it matches everything."""

    node: Node | None = None

    def __str__(self) -> str:
        return "" if self.node is None else str(self.node)

    def also(self, other: Query) -> Query:
        """What both match."""
        if self.node is None or other.node is None:
            return other if self.node is None else self
        parts = (part for node in (self.node, other.node) for part in _conjuncts(node))
        return Query(And(tuple(parts)))


def in_seconds(seconds: float) -> str:
    """A length of time as "1.5s", with all its digits."""
    return f"{Decimal(repr(seconds)):f}".removesuffix(".0") + "s"


def _conjuncts(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, And) else (node,)


def _grouped(node: Node) -> str:
    return f"({node})" if isinstance(node, And | Or) else str(node)


def _might_take(left: Node, right: Node) -> bool:
    """Whether a word would take what follows it as its own: `severity`, a word, before `>x`, and `not`."""
    while isinstance(left, Not):
        left = left.part
    if not isinstance(left, Text) or left.form is not Form.WORD:
        return False
    return left.pattern == "not" or str(right).startswith((":", "=", "!", "<", ">"))


def value_of(text: str) -> str:
    """A value as it is written behind an operator: in quotes where it needs them."""
    return text if _BARE.fullmatch(text) else quoted(text)
