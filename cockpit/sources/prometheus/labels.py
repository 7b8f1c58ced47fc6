"""Our labels under the names another engine has for them: in what is asked, and back in what is answered.

An expression is not parsed and printed anew, as the other side may know more PromQL than we do: only the names of
labels are replaced, token by token, and everything else stays as it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cockpit.metrics.labels import labels_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cockpit.metrics.labels import Labels

_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
    |(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
    |(?P<number>\.?[0-9][\w.]*)
    |(?P<name>[A-Za-z_:][\w:]*)
    |(?P<mark>=~|!~|!=|==|.)""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_MATCHES = frozenset({"=", "!=", "=~", "!~"})
_GROUPINGS = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})
_OPENING, _CLOSING = frozenset("({["), frozenset(")}]")
_EVERY = 1 << 30
_ARGUMENTS: dict[str, tuple[range, ...]] = {
    "label_replace": (range(1, 2), range(3, 4)),
    "label_join": (range(1, 2), range(3, _EVERY)),
    "count_values": (range(0, 1),),
    "sort_by_label": (range(1, _EVERY),),
    "sort_by_label_desc": (range(1, _EVERY),),
}
"""Functions that are told labels by strings, and as which of their arguments, from 0."""


@dataclass(slots=True)
class _Token:
    """A piece of an expression; white space and comments are no pieces."""

    kind: str
    text: str
    at: int

    @property
    def label(self) -> str:
        """The label it would name."""
        return self.text[1:-1] if self.kind == "string" else self.text


@dataclass(slots=True)
class _Inside:
    """What an open bracket holds: a list of `labels`, or the arguments of a `function` that may be told some."""

    bracket: str
    labels: bool = False
    function: str = ""
    argument: int = 0

    def names_label(self, token: _Token, following: str) -> bool:
        """Whether a token in here is the name of a label, given the text of the one after it."""
        if self.bracket == "{":
            return following in _MATCHES
        if self.labels:
            return True
        places = _ARGUMENTS.get(self.function, ())
        return token.kind == "string" and any(self.argument in place for place in places)


@dataclass(frozen=True, slots=True)
class LabelNames:
    """What another engine calls our labels: by our name theirs.

    A label of theirs that bears one of our names without being it comes back as `exported_NAME`.
    """

    theirs: Mapping[str, str] = field(default_factory=dict)

    def asked(self, expression: str) -> str:
        """An expression in our labels, in theirs."""
        parts: list[str] = []
        done = 0
        for token in self._ours(expression):
            parts += (expression[done : token.at], _written(self.theirs[token.label], token))
            done = token.at + len(token.text)
        return "".join((*parts, expression[done:]))

    def place(self, expression: str, position: int) -> int:
        """Where in our expression a position in theirs (characters from 0) is."""
        shift = 0
        for token in self._ours(expression):
            begins, length = token.at + shift, len(_written(self.theirs[token.label], token))
            if position < begins:
                break
            if position < begins + length:
                return token.at
            shift += length - len(token.text)
        return max(0, min(position - shift, len(expression)))

    def answered(self, pairs: Mapping[str, str]) -> Labels:
        """A label set of theirs, in our labels."""
        if not self.theirs:
            return labels_of(pairs)
        ours = {theirs: name for name, theirs in self.theirs.items()}
        taken = {name: f"exported_{name}" for name in self.theirs}
        return labels_of({ours.get(name) or taken.get(name, name): value for name, value in pairs.items()})

    def _ours(self, expression: str) -> Iterator[_Token]:
        """The tokens that are names of our labels, in order."""
        tokens = _label_names(expression) if self.theirs else ()
        return (token for token in tokens if token.label in self.theirs)


def _label_names(expression: str) -> Iterator[_Token]:
    """Every token that names a label, in order."""
    tokens = [
        _Token(found.lastgroup or "", found[0], found.start())
        for found in _TOKEN.finditer(expression)
        if found.lastgroup != "space"
    ]
    inside = [_Inside("")]
    pending, grouping = "", False
    followers = (*(each.text for each in tokens[1:]), "")
    for token, following in zip(tokens, followers, strict=False):
        if token.text in _OPENING:
            inside.append(_Inside(token.text, grouping, "" if grouping else pending))
            pending, grouping = pending if grouping else "", False
        elif token.text in _CLOSING:
            del inside[max(1, len(inside) - 1) :]
        elif token.text == ",":
            inside[-1].argument += 1
        elif token.kind == "name" and following == "(" and inside[-1].bracket != "{":
            word = token.text.lower()
            grouping = word in _GROUPINGS
            pending = pending if grouping else word
        elif token.kind in ("name", "string") and inside[-1].names_label(token, following):
            yield token
        elif token.kind == "name":
            pending = token.text.lower()


def _written(name: str, token: _Token) -> str:
    """Their name where ours stood: quoted where that was a string, or where it cannot stand without."""
    if token.kind == "string":
        return f"{token.text[0]}{name}{token.text[0]}"
    return name if _PLAIN.fullmatch(name) else f'"{name}"'
