"""Numbers for series, from the raw bytes left of their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.exposed import SeriesTable
from cockpit.metrics.exposition.labelsets import LabelSets, is_bounded, settled

if TYPE_CHECKING:
    from cockpit.metrics.exposed import MetricKind
    from cockpit.metrics.exposition.grammar import Grammar, Remark
    from cockpit.metrics.labels import Labels


class Numbering:
    """What one reader remembers of one format. `known` answers raw bytes for which nothing else matters;
    `number` the rest. Remarks are kept by their lines, as they hardly ever change."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.table = SeriesTable()
        self.known: dict[bytes, int] = {}
        self._typed: dict[tuple[MetricKind, bytes], int] = {}
        self._numbers: dict[Labels, int] = {}
        self._remarks: dict[bytes, Remark] = {}
        self._sets = LabelSets()

    @property
    def entries(self) -> int:
        """How much is remembered, dead or alive: the longest of the caches."""
        return max(len(self.known) + len(self._typed), len(self.table.labels), len(self._remarks), len(self._sets))

    def number(self, series: bytes, kind: MetricKind) -> int:
        """The number of a series that stands behind a TYPE of `kind`. Raises MalformedError."""
        found = self.known.get(series)
        if found is None:
            found = self._typed.get((kind, series))
        return self._new(series, kind) if found is None else found

    def remark(self, line: bytes) -> Remark:
        """What a line behind "#" says. Raises MalformedError."""
        remark = self._remarks.get(line)
        if remark is None:
            remark = self._remarks[line] = self.grammar.remark(line)
        return remark

    def _new(self, series: bytes, kind: MetricKind) -> int:
        labels = self._sets.read(series, spaced=self.grammar.spaced)
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
