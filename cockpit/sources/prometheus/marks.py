"""Where an expression names labels and where it selects series, told without parsing it.

Another engine may know more PromQL than we do, so that its expressions are read token by token, and only as far as
it takes to tell a metric from a function, a keyword or a label.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from cockpit.metrics.promql.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.metrics.promql.tokens import Token

_MATCHES = frozenset({"=", "!=", "=~", "!~"})
_AGGREGATED = frozenset({"by", "without"})
_GROUPINGS = _AGGREGATED | {"on", "ignoring", "group_left", "group_right"}
_NUMBERS = frozenset({"inf", "nan"})
_EVERY = 1 << 30
_ARGUMENTS: dict[str, tuple[range, ...]] = {
    "label_replace": (range(1, 2), range(3, 4)),
    "label_join": (range(1, 2), range(3, _EVERY)),
    "count_values": (range(0, 1),),
    "sort_by_label": (range(1, _EVERY),),
    "sort_by_label_desc": (range(1, _EVERY),),
}
"""Functions that are told labels by strings, and as which of their arguments, from 0."""


class Role(Enum):
    """What a token is. LABEL: the name of a label, in quotes or not. METRIC: a name that is a whole selector.
    MATCHERS: what stands before the matchers of a selector, which are in braces."""

    LABEL = "label"
    METRIC = "metric"
    MATCHERS = "matchers"


class Mark(NamedTuple):
    """A token that has a role, and the text of the one after it, "" at the end."""

    role: Role
    token: Token
    following: str


def marks(expression: str) -> Iterator[Mark]:
    """Every token that has a role, in order; of what is no PromQL at least some."""
    pieces = list(tokens(expression))
    followers = (*(each.text for each in pieces[1:]), "")
    reader = _Reader()
    for token, following in zip(pieces, followers, strict=False):
        role = reader.role(token, following)
        if role is not None:
            yield Mark(role, token, following)


@dataclass(slots=True)
class _Inside:
    """What an open bracket holds: a list of `labels`, or the arguments of a `function` that may be told some.

    `wants` is whether an operand comes next, and not an operator.
    """

    bracket: str
    labels: bool = False
    function: str = ""
    argument: int = 0
    wants: bool = True

    def told_label(self) -> bool:
        """Whether a string here tells the function a label."""
        return any(self.argument in place for place in _ARGUMENTS.get(self.function, ()))


class _Reader:
    """Reads tokens from left to right. `_word` and `_listing` are about the bracket that may open next: which
    function's it is, and whether it holds a list of labels."""

    def __init__(self) -> None:
        self._stack = [_Inside("")]
        self._word = ""
        self._listing = False

    def role(self, token: Token, following: str) -> Role | None:
        """The role of the next token, None where it has none."""
        inside = self._stack[-1]
        match token.kind:
            case "open":
                return self._opened(token.text)
            case "close":
                self._closed()
            case "comma":
                inside.argument += 1
                inside.wants = True
            case "string" | "word" if inside.bracket == "{":
                return _among_matchers(token, following)
            case "string" | "word" if inside.labels:
                return Role.LABEL
            case "string":
                inside.wants = False
                return Role.LABEL if inside.told_label() else None
            case "word" if inside.bracket != "[":
                return self._named(token.text.lower(), following.lower())
            case "number":
                inside.wants = False
            case _:
                inside.wants = True
        return None

    def _opened(self, bracket: str) -> Role | None:
        self._stack.append(_Inside(bracket, self._listing, "" if self._listing else self._word))
        # The arguments of an aggregation may come after its list of labels.
        self._word, self._listing = self._word if self._listing else "", False
        return Role.MATCHERS if bracket == "{" else None

    def _closed(self) -> None:
        closed = self._stack.pop() if len(self._stack) > 1 else self._stack[0]
        if not closed.labels:
            self._stack[-1].wants = False

    def _named(self, word: str, following: str) -> Role | None:
        """The role of a word that is neither a label nor in square brackets."""
        inside = self._stack[-1]
        self._listing = word in _GROUPINGS and following == "("
        if self._listing:
            return None
        self._word = word
        if not inside.wants:  # it joins two operands, like `and` and `offset`
            inside.wants = True
            return None
        if following == "(" or following in _AGGREGATED or word in _GROUPINGS or word == "bool":
            return None
        inside.wants = False
        return None if word in _NUMBERS or following == "{" else Role.METRIC


def _among_matchers(token: Token, following: str) -> Role | None:
    """The role of a token in braces. VictoriaMetrics takes several lists of matchers there, with `or` between."""
    if following in _MATCHES:
        return Role.LABEL
    return Role.MATCHERS if token.text.lower() == "or" else None
