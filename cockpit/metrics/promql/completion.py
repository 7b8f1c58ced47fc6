"""What can be typed at a place of an expression that is not finished yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from cockpit.metrics.promql.tokens import Token, is_operator, tokens
from cockpit.metrics.promql.vocabulary import AGGREGATIONS, FUNCTIONS, GROUPINGS, LISTING

if TYPE_CHECKING:
    from collections.abc import Sequence

_QUOTES = "\"'`"
_CLOSING = {")": "(", "]": "[", "}": "{"}
_MATCHING = LISTING - GROUPINGS.keys() | {"bool"}
_WORD = re.compile(r"[\w:.]*")
_DURATION = re.compile(r"[\[:]\s*(\w*)$")


class Wanted(Enum):
    """What a place of an expression wants: an operand, what can follow one, or a part of either."""

    OPERAND = "operand"
    OPERATOR = "operator"
    GROUPING = "grouping"
    LABEL = "label"
    VALUE = "value"
    DURATION = "duration"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is typed: it takes the place of the characters from `start` to `end`.

    `typed` is what of it stands before the cursor. `metrics` are the words that may be the metric whose labels are
    meant; `label` is the one whose value is. `quote` opens and closes a value, "" where that is typed already.
    """

    wanted: Wanted
    start: int
    end: int
    typed: str = ""
    metrics: tuple[str, ...] = ()
    label: str = ""
    quote: str = ""


def place_at(expression: str, cursor: int) -> Place | None:
    """What the place before the cursor (characters from 0) wants; None where nothing can be suggested."""
    before = expression[:cursor]
    if "#" in _last_line_outside_strings(before):
        return None
    pieces = list(tokens(before))
    opened = next((n for n, each in enumerate(pieces) if each.kind == "other" and each.text in _QUOTES), None)
    if opened is not None:
        return _in_string(pieces[:opened], pieces[opened], expression, cursor)
    if pieces and pieces[-1].kind in ("word", "number") and _ends(pieces[-1]) == cursor:
        word, pieces = pieces[-1], pieces[:-1]
    else:
        word = Token("word", "", cursor)
    rest = _WORD.match(expression, cursor)
    end = rest.end() if rest else cursor
    inner = _innermost(pieces)
    bracket = pieces[inner].text if inner is not None else ""
    if bracket == "[":
        typed = _DURATION.search(before)
        return Place(Wanted.DURATION, cursor - len(typed[1]), end, typed[1]) if typed else None
    if bracket == "{" and inner is not None:
        return _in_braces(pieces, inner, word, end)
    if bracket == "(" and inner and pieces[inner - 1].text.lower() in LISTING:
        return _in_list(pieces, expression, word, end)
    if wanted := _outside(pieces, word):
        return Place(wanted, word.at, end, word.text)
    return None


def metrics_in(expression: str) -> tuple[str, ...]:
    """The words of an expression that may be metrics: those that are neither called nor labels."""
    pieces = list(tokens(expression))
    found: dict[str, None] = {}
    holds_labels = [False]
    for number, piece in enumerate(pieces):
        if piece.kind == "open":
            listed = number > 0 and pieces[number - 1].text.lower() in LISTING
            holds_labels.append(listed or piece.text in "{[")
        elif piece.kind == "close":
            holds_labels = holds_labels[:-1] or [False]
        elif piece.kind == "word" and not holds_labels[-1] and not _is_spoken_for(pieces, number):
            found[piece.text] = None
    return tuple(found)


def _is_spoken_for(pieces: Sequence[Token], number: int) -> bool:
    """Whether a word is an operator, an aggregation, the head of a list or a function that is called."""
    word = pieces[number]
    called = number + 1 < len(pieces) and pieces[number + 1].text == "("
    return called or word.text in AGGREGATIONS or is_operator(word) or word.text.lower() in LISTING


def _last_line_outside_strings(text: str) -> str:
    line = text.rpartition("\n")[2]
    return re.sub(r"\"(?:\\.|[^\"\\])*\"?|'(?:\\.|[^'\\])*'?|`[^`]*`?", "", line)


def _ends(piece: Token) -> int:
    return piece.at + len(piece.text)


def _innermost(pieces: Sequence[Token]) -> int | None:
    """Which of the pieces opened the bracket that is open at their end; None where all are closed."""
    opened: list[int] = []
    for number, piece in enumerate(pieces):
        if piece.kind == "open":
            opened.append(number)
        elif piece.kind == "close" and opened and pieces[opened[-1]].text == _CLOSING[piece.text]:
            opened.pop()
    return opened[-1] if opened else None


def _in_string(pieces: Sequence[Token], quote: Token, expression: str, cursor: int) -> Place | None:
    """Inside quotes: a label's value in braces, anything at all elsewhere."""
    inner = _innermost(pieces)
    if inner is None or pieces[inner].text != "{" or len(pieces) < inner + 3:
        return None
    label, operator = pieces[-2:]
    if label.kind not in ("word", "string") or operator.kind != "operator":
        return None
    closing = re.compile(rf"[^{quote.text}\n,}}]*{quote.text}?").match(expression, cursor)
    end = closing.end() if closing and closing[0].endswith(quote.text) else cursor
    typed = expression[quote.at + 1 : cursor]
    return Place(Wanted.VALUE, quote.at, end, typed, _metric(pieces, inner), _unquoted(label), quote.text)


def _in_braces(pieces: Sequence[Token], inner: int, word: Token, end: int) -> Place | None:
    before = pieces[-1]
    if before.text in ("{", ","):
        return Place(Wanted.LABEL, word.at, end, word.text, _metric(pieces, inner))
    if before.kind == "operator" and not word.text and len(pieces) > inner + 1:
        metric, label = _metric(pieces, inner), _unquoted(pieces[-2])
        return Place(Wanted.VALUE, word.at, end, "", metric, label, '"')
    return None


def _in_list(pieces: Sequence[Token], expression: str, word: Token, end: int) -> Place | None:
    """In the list of by, on and their like: the labels of every metric the expression names."""
    if pieces[-1].text not in ("(", ","):
        return None
    return Place(Wanted.LABEL, word.at, end, word.text, metrics_in(expression))


def _outside(pieces: Sequence[Token], word: Token) -> Wanted | None:
    """Outside braces and lists: what the piece before the word leaves to be said."""
    before = pieces[-1] if pieces else None
    if before is None or before.kind in ("open", "comma"):
        return Wanted.OPERAND
    if before.text == "offset":
        return Wanted.DURATION
    if before.kind == "operator" or is_operator(before):
        return None if before.text == "@" else Wanted.OPERAND
    if word.kind == "number":
        return None
    if before.text in AGGREGATIONS:
        return Wanted.GROUPING
    if before.text == ")":
        return _behind_parenthesis(pieces)
    if before.text.lower() in _MATCHING:
        return Wanted.OPERAND
    return None if before.text in FUNCTIONS or before.text in GROUPINGS else Wanted.OPERATOR


def _behind_parenthesis(pieces: Sequence[Token]) -> Wanted | None:
    """Behind a list of labels stands an operand, or what is aggregated in parentheses; else an operator."""
    opening = _opening(pieces)
    caller = pieces[opening - 1].text.lower() if opening else ""
    if caller in GROUPINGS:
        return None if opening > 1 and pieces[opening - 2].text in AGGREGATIONS else Wanted.OPERATOR
    if caller in _MATCHING:
        return Wanted.OPERAND
    return Wanted.OPERATOR


def _opening(pieces: Sequence[Token]) -> int:
    """Where the bracket was opened that the last piece closes; 0 where nobody did."""
    depth = 0
    for number in range(len(pieces) - 1, -1, -1):
        depth += {"close": 1, "open": -1}.get(pieces[number].kind, 0)
        if not depth:
            return number
    return 0


def _metric(pieces: Sequence[Token], inner: int) -> tuple[str, ...]:
    before = pieces[inner - 1] if inner else None
    return (before.text,) if before is not None and before.kind == "word" and not is_operator(before) else ()


def _unquoted(piece: Token) -> str:
    return piece.text.strip(_QUOTES)
