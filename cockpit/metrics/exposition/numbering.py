"""Numbers for series, from the raw bytes left of their values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.exposed import SeriesTable
from cockpit.metrics.exposition.labelsets import LabelSets, is_bounded, settled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cockpit.metrics.exposed import MetricKind
    from cockpit.metrics.exposition.grammar import Grammar, Remark
    from cockpit.metrics.exposition.layout import Layout
    from cockpit.metrics.labels import Labels


@dataclass(frozen=True, slots=True, eq=False)
class Last:
    """The last scrape, where it can serve as a pattern for the next."""

    layout: Layout
    ids: NDArray[np.int64]
    remarks: list[Remark]


class Numbering:
    """What one reader remembers of one format. `known` answers raw bytes for which nothing else matters;
    `number` the rest. Remarks are kept by their lines, as they hardly ever change."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.table = SeriesTable()
        self.known: dict[bytes, int] = {}
        self.last: Last | None = None
        self._typed: dict[tuple[MetricKind, bytes], int] = {}
        self._numbers: dict[Labels, int] = {}
        self._remarks: dict[bytes, Remark] = {}
        self._sets = LabelSets()

    @property
    def entries(self) -> int:
        """How much is remembered, dead or alive: the longest of the caches."""
        return max(len(self.known) + len(self._typed), len(self.table.labels), len(self._remarks), len(self._sets))

    def usual(self, series: bytes, kind: MetricKind) -> int | None:
        """As `number`, for a series without quoted names, escapes and blanks; None for others, or what is none."""
        found = self._typed.get((kind, series))
        if found is None:
            labels = self._sets.plain(series)
            found = None if labels is None else self._enter(series, labels, kind)
        return found

    def number(self, series: bytes, kind: MetricKind) -> int:
        """The number of a series that stands behind a TYPE of `kind`. Raises MalformedError."""
        found = self.known.get(series)
        if found is None:
            found = self._typed.get((kind, series))
        if found is None:
            found = self._enter(series, self._sets.read(series, spaced=self.grammar.spaced), kind)
        return found

    def remark(self, line: bytes) -> Remark:
        """What a line behind "#" says. Raises MalformedError."""
        remark = self._remarks.get(line)
        if remark is None:
            remark = self._remarks[line] = self.grammar.remark(line)
        return remark

    def _enter(self, series: bytes, labels: Labels, kind: MetricKind) -> int:
        # Every name of a label that the type bears on, le and quantile, has "le" in it.
        bounded = b"le" in series and is_bounded(labels)
        if bounded:
            labels = settled(labels, kind)
        number = self._numbers.setdefault(labels, len(self._numbers))
        if number == len(self.table.labels):
            self.table.labels.append(labels)
        if bounded:
            self._typed[kind, series] = number
        else:
            self.known[series] = number
        return number
