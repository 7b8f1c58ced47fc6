"""Fuzzy matching for instant lists: letters in order, whole words and word starts first.

Textual's own matcher tries every alignment, which costs up to 5 ms a name; this one takes the best substring or
the tightest of the first alignments, linear in the name, so that a thousand names filter between two keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Match:
    """How well a text answers a query (more is better), and which of its characters did."""

    score: float
    positions: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """Match every word of `query` against `text`, without regard to case; None where one of them is not found."""
    lowered = text.lower()
    found = [_match_word(word, lowered) for word in query.lower().split()]
    if any(part is None for part in found):
        return None
    parts = [part for part in found if part is not None]
    positions = sorted({position for part in parts for position in part.positions})
    return Match(sum(part.score for part in parts), tuple(positions))


def ranked(query: str, items: Iterable[Item], text: Callable[[Item], str]) -> list[tuple[Item, Match]]:
    """The items that match, best first; equal ones keep their order."""
    found = ((item, match(query, text(item))) for item in items)
    hits = [(item, hit) for item, hit in found if hit is not None]
    return sorted(hits, key=lambda pair: -pair[1].score)


def _match_word(word: str, text: str) -> Match | None:
    start = _best_substring(word, text)
    positions = tuple(range(start, start + len(word))) if start >= 0 else _subsequence(word, text)
    return None if positions is None else Match(_score(positions, text), positions)


def _best_substring(word: str, text: str) -> int:
    """Where the word stands in the text, at the start of a word if it can be; -1 where it does not."""
    first = at = text.find(word)
    while at >= 0:
        if _starts_word(text, at):
            return at
        at = text.find(word, at + 1)
    return first


def _subsequence(word: str, text: str) -> tuple[int, ...] | None:
    """The letters in order: forward to the first possible end, then backward from there, which tightens them."""
    end = -1
    for letter in word:
        end = text.find(letter, end + 1)
        if end < 0:
            return None
    positions = []
    at = end + 1
    for letter in reversed(word):
        at = text.rfind(letter, 0, at)
        positions.append(at)
    return tuple(reversed(positions))


def _starts_word(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()


def _score(positions: tuple[int, ...], text: str) -> float:
    """Two points a letter at a word's start or right after the letter before it, one elsewhere; a text that is
    little more than the query wins ties."""
    points = 0
    last = -2
    for at in positions:
        points += 2 if at == last + 1 or _starts_word(text, at) else 1
        last = at
    whole = len(positions) == len(text)
    return points / len(positions) + len(positions) / (len(text) + 1) + (1 if whole else 0)
