"""Reads the scrapes of one target, each faster for those before."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cockpit.metrics.exposed import Exposed, ExpositionError
from cockpit.metrics.exposition.formats import grammar_of
from cockpit.metrics.exposition.grammar import MalformedError
from cockpit.metrics.exposition.mistaken import nothing, refusal
from cockpit.metrics.exposition.numbering import Numbering
from cockpit.metrics.exposition.scan import Scan, families_of, scan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cockpit.metrics.exposed import Family
    from cockpit.metrics.exposition.grammar import Grammar, Remark

T = TypeVar("T")

DEAD_FOR_ONE_ALIVE = 4
DEAD_AT_LEAST = 10_000

LINES_OF_ONE = 4
LINES_AT_LEAST = 10_000
"""Lines that are read, for each series that is taken: its own and what HELP, TYPE and UNIT say; and some more."""


class Reader:
    """Turns bodies into `Exposed`. One reader serves one target: what it remembers of a series is where its raw
    bytes stood before, so that later scrapes look up the bytes and parse the number only.

    It forgets, and starts another table, when the remembered far outnumber what the last scrape showed, and when
    the target changes its format.
    """

    def __init__(self, *, max_series: int = 200_000) -> None:
        self._max_series = max_series
        self._numbering: Numbering | None = None
        self._alive = 0
        self._remarks: list[Remark] = []
        self._families: Mapping[str, Family] = {}

    def read(self, body: bytes, content_type: str = "") -> Exposed:
        """One scrape. Raises ExpositionError for what is not metrics, is broken, or has too many series."""
        if not body:
            raise nothing()
        numbering = self._remembered(grammar_of(body, content_type))
        found = scan_of(body, numbering, self._max_series)
        self._alive = len(found.ids)
        if found.remarks != self._remarks:
            self._remarks, self._families = found.remarks, families_of(found.remarks)
        once = _newest(found)
        return Exposed(
            numbering.table,
            found.ids if once is None else found.ids[once],
            found.values if once is None else found.values[once],
            self._families,
            _moved(found.stamps, once),
            _moved(found.exemplars, once),
            0 if once is None else len(found.ids) - len(once),
            comment_of(found.remarks),
        )

    def _remembered(self, grammar: Grammar) -> Numbering:
        known = self._numbering
        limit = DEAD_FOR_ONE_ALIVE * self._alive + DEAD_AT_LEAST
        if known is None or known.grammar is not grammar or known.entries > limit:
            known = self._numbering = Numbering(grammar)
        return known


def scan_of(body: bytes, numbering: Numbering, max_series: int) -> Scan:
    """A body's samples by a numbering. Raises ExpositionError."""
    _bounded_lines(body, max_series)
    lines: Sequence[bytes] = ()
    try:
        lines = numbering.grammar.lines(body)
        _bounded(lines, max_series)
        try:
            return scan(lines, numbering)
        except MalformedError:
            rejoined = numbering.grammar.rejoined(body)
            if len(rejoined) == len(lines):
                raise
            lines = rejoined
            return scan(lines, numbering)
    except MalformedError as fault:
        raise refusal(body, lines or body.split(b"\n"), fault) from None


def comment_of(remarks: Sequence[Remark]) -> str:
    """The first comment that says something, "" without one."""
    return next((text for word, _, text, _ in remarks if not word and text not in ("", "EOF")), "")


def _bounded_lines(body: bytes, max_series: int) -> None:
    """Before they are taken apart: blank lines and comments are no series, and yet take time and memory."""
    count, most = body.count(b"\n"), LINES_OF_ONE * max_series + LINES_AT_LEAST
    if count > most:
        raise ExpositionError(f"{count:,} lines, more than the {most:,} that are read", "too-many-series")


def _bounded(lines: Sequence[bytes], max_series: int) -> None:
    if len(lines) <= max_series:
        return
    samples = sum(1 for line in lines if line and not line.startswith(b"#"))
    if samples > max_series:
        raise ExpositionError(
            f"{samples:,} series, more than the {max_series:,} that are taken", "too-many-series"
        )


def _newest(found: Scan) -> NDArray[np.int64] | None:
    """Positions of the samples to keep where series stand there twice: the newest by its own timestamp, else the
    first. None to keep all."""
    ids = found.ids
    if not len(ids) or np.bincount(ids).max() == 1:
        return None
    best: dict[int, int] = {}
    for position, number in enumerate(ids.tolist()):
        kept = best.setdefault(number, position)
        if found.stamps.get(position, 0) > found.stamps.get(kept, 0):
            best[number] = position
    return np.array(sorted(best.values()), np.int64)


def _moved(by_position: dict[int, T], once: NDArray[np.int64] | None) -> dict[int, T]:
    if once is None or not by_position:
        return by_position
    return {at: by_position[old] for at, old in enumerate(once.tolist()) if old in by_position}
