"""Which rows' texts contain something: asked of a segment's whole block, not of row after row."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cockpit.logs.rowtext import ROW_END, in_block
from cockpit.logs.rowwise import quoted, rowwise, runs_of, search_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cockpit.logs.rowwise import Search
    from cockpit.logs.segment import Segment

    Mask = NDArray[np.bool_]

_FEW = 16
"""Fewer rows than one in so many are looked at one by one."""

_FREQUENT = 64
"""After so many single matches in a block, whole runs of matching rows are looked for."""

_SPECIAL = frozenset("\\.+*?()|[]{}^$")


class Finder:
    """Finds a pattern in texts: as it stands, or by `regex` as RE2 has regular expressions, in linear time.

    Line breaks in a pattern are those inside a text; what `^`, `$`, `.` and `\\s` mean stands in logs/rowwise.py.
    Case is ignored as RE2 does it, character by character: é finds É, and İ only itself. Raises QueryError for
    what is no regular expression, at position 0.
    """

    def __init__(self, pattern: str, *, regex: bool = False, ignore_case: bool = False) -> None:
        if regex and not _SPECIAL.isdisjoint(pattern):
            self._looks: _Looks = _Expression(rowwise(pattern), ignore_case)
        elif ignore_case and not pattern.isascii():
            self._looks = _Expression(quoted(pattern), ignore_case)
        else:
            self._looks = _Literal(in_block(pattern), ignore_case)

    def rows(self, segment: Segment, among: Mask | None = None) -> Mask:
        """Which rows' texts contain it; with `among`, which of these rows'."""
        block, starts = segment.block, segment.starts
        if among is None:
            return self._looks.all(block, starts)
        count = int(np.count_nonzero(among))
        if count * _FEW > len(segment):
            return self._looks.all(block, starts) & among
        found = np.zeros(len(segment), np.bool_)
        if count:
            rows = np.flatnonzero(among)
            found[rows] = self._looks.some(block, starts[rows].tolist(), (starts[rows + 1] - 1).tolist())
        return found

    def marks(self, text: str) -> list[tuple[int, int]]:
        """Where it is in a text, as (start, end) in characters: in order, without overlaps, none of them empty."""
        line = in_block(text)
        places = [place for place in self._looks.places(line) if place[0] < place[1]]
        return places if line.isascii() else _in_characters(line, places)


class _Looks(Protocol):
    """A way of looking through blocks; `starts` are where rows begin, and where the last one's line has ended."""

    def all(self, block: bytes, starts: NDArray[np.uint32]) -> Mask:
        """Which rows contain it."""
        ...

    def some(self, block: bytes, starts: list[int], ends: list[int]) -> list[bool]:
        """Which of these rows contain it."""
        ...

    def places(self, line: bytes) -> list[tuple[int, int]]:
        """Where it is in one row, which is all there is; in bytes, without overlaps."""
        ...


class _Literal:
    """Bytes as they stand, or in ASCII whatever their case."""

    def __init__(self, needle: bytes, ignore_case: bool) -> None:
        self._ignore_case = ignore_case
        self._needle = self._folded(needle)

    def _folded(self, block: bytes) -> bytes:
        return block.lower() if self._ignore_case else block

    def all(self, block: bytes, starts: NDArray[np.uint32]) -> Mask:
        found = np.full(len(starts) - 1, not self._needle)
        if self._needle:
            found[np.searchsorted(starts, self._begins(block), side="right") - 1] = True
        return found

    def _begins(self, block: bytes) -> NDArray[np.int64]:
        """Where it begins: its places are between the parts that it splits a block in."""
        parts = self._folded(block).split(self._needle)
        lengths = np.fromiter(map(len, parts), np.int64, len(parts))
        return np.cumsum(lengths[:-1] + len(self._needle)) - len(self._needle)

    def some(self, block: bytes, starts: list[int], ends: list[int]) -> list[bool]:
        find, needle = self._folded(block).find, self._needle
        return [find(needle, start, end) >= 0 for start, end in zip(starts, ends, strict=True)]

    def places(self, line: bytes) -> list[tuple[int, int]]:
        if not self._needle:
            return []
        return [(start, start + len(self._needle)) for start in self._begins(line).tolist()]


class _Expression:
    """A regular expression for blocks."""

    def __init__(self, pattern: str, ignore_case: bool) -> None:
        self._pattern, self._ignore_case = pattern, ignore_case
        self._search = search_in(pattern, ignore_case=ignore_case)

    @cached_property
    def _search_run(self) -> Search:
        return search_in(runs_of(self._pattern), ignore_case=self._ignore_case)

    def all(self, block: bytes, starts: NDArray[np.uint32]) -> Mask:
        """A match costs a call, however short the way to it: where there are many, a call finds a run of rows."""
        rows = len(starts) - 1
        firsts, ends = _matches(self._search, block, 0, _FREQUENT)
        if len(firsts) == _FREQUENT:
            at = ends[-1]
            more = (
                _runs(self._search_run, block, at, rows)
                if _is_utf8(block)
                else _matches(self._search, block, at, rows)
            )
            firsts, ends = firsts + more[0], ends + more[1]
        first = np.searchsorted(starts, firsts, side="right") - 1
        behind = np.searchsorted(starts, ends)
        opened = np.bincount(first, minlength=rows + 1) - np.bincount(behind, minlength=rows + 1)
        return np.cumsum(opened)[:rows] > 0

    def some(self, block: bytes, starts: list[int], ends: list[int]) -> list[bool]:
        search = self._search
        return [search(block, start, end)[0][0] >= 0 for start, end in zip(starts, ends, strict=True)]

    def places(self, line: bytes) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        at = 0
        while at < len(line):
            ((start, end),) = self._search(line, at, len(line))
            if start < 0:
                break
            found.append((start, end))
            at = end if end > at else at + 1
        return found


def _matches(search: Search, block: bytes, at: int, most: int) -> tuple[list[int], list[int]]:
    """Where the first match of a row begins, and where that row's line has ended, of at most so many rows."""
    length, line_end = len(block), block.find
    firsts: list[int] = []
    ends: list[int] = []
    for _ in range(most):
        ((start, end),) = search(block, at, length)
        if not 0 <= start < length:
            break
        at = line_end(ROW_END, end) + 1
        firsts.append(start)
        ends.append(at)
    return firsts, ends


def _runs(search: Search, block: bytes, at: int, most: int) -> tuple[list[int], list[int]]:
    """The same of runs of rows: where the first match begins, and where the last row's line has ended."""
    length = len(block)
    firsts: list[int] = []
    ends: list[int] = []
    for _ in range(most):
        ((start, at),) = search(block, at, length)
        if start < 0:
            break
        firsts.append(start)
        ends.append(at)
    return firsts, ends


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def _in_characters(line: bytes, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places counted in bytes as places counted in characters."""
    found: list[tuple[int, int]] = []
    characters = at = 0
    for start, end in places:
        begin = characters + len(line[at:start].decode())
        characters = begin + len(line[start:end].decode())
        found.append((begin, characters))
        at = end
    return found
