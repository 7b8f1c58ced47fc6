"""What can be typed at a place of a query that is not finished yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.logs.query.fields import FIELDS, LEVELS
from cockpit.logs.query.nodes import value_of
from cockpit.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cockpit.logs.query.fields import Field

MOST = 50
"""Candidates that are given at once."""

_JOINING = {"and": "both; a space says the same", "or": "either, or both"}
_NEGATING = {"NOT": "what the next does not match; so does -"}
_OPERATORS = {
    ":": "has this part",
    "=": "is",
    "!=": "is another",
    ">": "above",
    ">=": "at least",
    "<": "below",
    "<=": "at most",
}
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_IN_PHRASE = re.compile(r'(?:\A|[\s(-])"')
_NAME = rf"(?:\A|[\s(])-*({'|'.join(FIELDS)})"
_VALUE = re.compile(rf'{_NAME}\s*(?:>=|<=|!=|[:=<>])\s*("(?:[^"\\]|\\.)*|[^\s"()]*)\Z', re.IGNORECASE)
_OPERATOR = re.compile(rf"{_NAME}(!?)\Z", re.IGNORECASE)
_WORD = re.compile(r"(?:\A|[\s(])-*(\w*)\Z")
_REST = re.compile(r'[^\s()"]*"?')


@dataclass(frozen=True, slots=True)
class Candidate:
    """What can be inserted, and what it is in a few words."""

    text: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """Candidates for the characters from `start` to `end`, which one of them takes the place of."""

    start: int
    end: int
    candidates: tuple[Candidate, ...] = ()


def complete(text: str, cursor: int, names: Mapping[str, Sequence[str]]) -> Completion:
    """What can stand where the cursor is (characters from 0).

    `names` are those at hand by field: revisions, instances, logs, methods and agents, in the order in which they
    are to be offered. What begins with what is typed comes before what has it inside.
    """
    before = _STRING.sub(lambda string: "_" * len(string[0]), text[:cursor])
    rest = _REST.match(text, cursor)
    end = rest.end() if rest else cursor
    if _IN_PHRASE.search(before):
        return Completion(cursor, cursor)
    if value := _VALUE.search(before):
        return _completion(value.start(2), end, _values(FIELDS[value[1].lower()], value[2].lstrip('"'), names))
    if operator := _OPERATOR.search(before):
        return _completion(operator.start(1), end, _operators(FIELDS[operator[1].lower()], operator[2]))
    if word := _WORD.search(before):
        return _completion(word.start(1), end, _words(word[1], before[: word.start(1)]))
    return Completion(cursor, cursor)


def _completion(start: int, end: int, candidates: Iterable[Candidate]) -> Completion:
    return Completion(start, end, tuple(candidates)[:MOST])


def _values(field: Field, typed: str, names: Mapping[str, Sequence[str]]) -> Iterator[Candidate]:
    """The field's own examples, or names that are at hand and can be typed."""
    at_hand = [name for name in names.get(field.name, ()) if name and clean(name) == name]
    known = LEVELS if field.name == "severity" else at_hand
    wanted = typed.lower()
    found = [value for value in known or field.examples if wanted in value.lower()]
    for value in sorted(found, key=lambda value: not value.lower().startswith(wanted)):
        yield Candidate(value_of(value))


def _operators(field: Field, typed: str) -> Iterator[Candidate]:
    for op in field.operators:
        if op.startswith(typed):
            yield Candidate(f"{field.name}{op}", _OPERATORS[op])


def _words(typed: str, before: str) -> Iterator[Candidate]:
    """Fields with their usual operator; and between terms, where something is typed, what joins them."""
    wanted = typed.lower()
    for field in FIELDS.values():
        if field.name.startswith(wanted):
            yield Candidate(f"{field.name}{field.operators[0]}", field.about)
    if wanted and not before.endswith("-"):
        joining = _JOINING if before.strip("( ") else {}
        for word, about in (joining | _NEGATING).items():
            if word.lower().startswith(wanted):
                yield Candidate(word, about)
