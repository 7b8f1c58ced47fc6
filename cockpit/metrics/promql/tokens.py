"""An expression in pieces: enough to say where an error stands, and how deep it nests before it is parsed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cockpit.metrics.promql.vocabulary import LISTING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*)
      | (?P<string>"(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | `[^`]*`)
      | (?P<number>0[xX][0-9a-fA-F_]+ | (?:\d[\d_]*\.?|\.\d)[\d_]*(?:[eE][-+]?\d+ | [a-z][\da-z]*)?)
      | (?P<word>[A-Za-z_:][\w:]*)
      | (?P<operator>==|!=|<=|>=|=~|!~|[-+*/%^<>=@])
      | (?P<open>[(\[{])
      | (?P<close>[)\]}])
      | (?P<comma>,)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_WORD_OPERATORS = frozenset({"and", "or", "unless", "atan2", "offset"})
_MODIFIERS = LISTING | {"bool"}


class Token(NamedTuple):
    """A piece of an expression; `at` counts characters from 0."""

    kind: str
    text: str
    at: int


def tokens(expression: str) -> Iterator[Token]:
    """The pieces, without what stands between them. A character that begins none is of the kind "other"."""
    for match in _TOKEN.finditer(expression):
        kind = match.lastgroup or "other"
        if kind != "space":
            yield Token(kind, match.group(), match.start())


def is_operator(token: Token) -> bool:
    """Whether it stands between two operands, or before one."""
    return token.kind == "operator" or (token.kind == "word" and token.text.lower() in _WORD_OPERATORS)


def unbalanced(expression: str) -> int | None:
    """Where the bracket stands that has no partner, None where all have one."""
    opened: list[Token] = []
    for token in tokens(expression):
        if token.kind == "open":
            opened.append(token)
        elif token.kind == "close" and (not opened or _CLOSING[opened.pop().text] != token.text):
            return token.at
    return opened[-1].at if opened else None


def misplaced(expression: str) -> int:
    """Where the first piece stands that cannot follow the one before it; the end where something is missing."""
    pieces = _outline(list(tokens(expression)))
    wants_operand, callable_before = True, False
    for token in pieces:
        if token.kind == "word" and token.text.lower() in _MODIFIERS:
            continue
        if is_operator(token) or token.kind == "comma":
            if wants_operand and token.text not in "+-":
                return token.at
            wants_operand = True
        elif token.kind == "open":
            if not wants_operand and not callable_before:
                return token.at
            wants_operand = True
        elif token.kind == "close":
            if wants_operand and not callable_before:
                return token.at
            wants_operand = False
        elif not wants_operand or token.kind == "other":
            return token.at
        else:
            wants_operand = False
        callable_before = token.kind in ("word", "open")
    return len(expression)


def _outline(pieces: list[Token]) -> list[Token]:
    """The pieces but for what stands in braces, in square brackets and in the lists of by, on and their like."""
    kept: list[Token] = []
    index = 0
    while index < len(pieces):
        token = pieces[index]
        listed = token.text == "(" and index > 0 and pieces[index - 1].text.lower() in LISTING
        if token.text in ("{", "[") or listed:
            closing = _CLOSING[token.text]
            end = next((i for i in range(index, len(pieces)) if pieces[i].text == closing), len(pieces))
            before = pieces[index - 1] if index else token
            alone = token.text == "{" and (before.kind != "word" or is_operator(before))
            kept += [token._replace(kind="word")] if alone else []
            index = end
        else:
            kept.append(token)
        index += 1
    return kept
