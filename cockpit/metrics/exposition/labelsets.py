"""Label sets from their notation, `name{label="value"}` or `{"name", "label"="value"}`."""

from __future__ import annotations

import re

from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.exposition.floats import canonical
from cockpit.metrics.exposition.grammar import LABEL, METRIC, QUOTED, MalformedError, decoded, name_of, unescaped
from cockpit.metrics.labels import NAME, Labels

Pair = tuple[str, str]

_PLAIN_NAME = re.compile(METRIC)
_PLAIN_PAIR = re.compile(rb'(%b)="([^"\\\n]*+)' % LABEL)
_PARTS = rb"(?P<name>%b|%b){0}(?:(?P<equals>=){0}(?P<value>%b)?{0})?(?P<comma>,)?{0}" % (LABEL, QUOTED, QUOTED)
_TERM = {
    True: re.compile(_PARTS.replace(b"{0}", rb"[ \t]*+"), re.DOTALL),
    False: re.compile(_PARTS.replace(b"{0}", b"")),
}
_BOUNDS = {MetricKind.HISTOGRAM: "le", MetricKind.SUMMARY: "quantile"}


class LabelSets:
    """Reads label sets, and lets those with a pair in common share it: most pairs stand in many sets."""

    def __init__(self) -> None:
        self._pairs: dict[bytes, Pair] = {}

    def __len__(self) -> int:
        return len(self._pairs)

    def read(self, series: bytes, *, spaced: bool) -> Labels:
        """The label set of one series. Raises MalformedError; so do two labels of one name."""
        pairs = self._plain(series)
        if pairs is None:
            pairs = self._shared(pairs_of(series, spaced=spaced, named=True))
        if len({name for name, _ in pairs}) < len(pairs):
            raise MalformedError("a label name that stands there twice")
        return tuple(sorted(pair for pair in pairs if pair[1]))

    def _plain(self, series: bytes) -> list[Pair] | None:
        """The pairs of a usual series; None where it has quoted names, escapes, blanks or an error in it."""
        name, brace, block = series.partition(b"{")
        if brace and (b"\\" in block or not block.endswith(b'"}')):
            return None
        pairs: list[Pair] = []
        for piece in (name, *(block[:-2].split(b'",') if brace else ())):
            pair = self._pairs.get(piece) or self._new(piece, named=not pairs)
            if pair is None:
                return None
            pairs.append(pair)
        return pairs

    def _new(self, piece: bytes, *, named: bool) -> Pair | None:
        if named:
            pair = (NAME, piece.decode()) if _PLAIN_NAME.fullmatch(piece) else None
        else:
            match = _PLAIN_PAIR.fullmatch(piece)
            pair = (match[1].decode(), decoded(match[2])) if match else None
        if pair:
            self._pairs[piece] = pair
        return pair

    def _shared(self, pairs: list[Pair]) -> list[Pair]:
        return [self._pairs.setdefault(f'"{name}"="{value}'.encode(), (name, value)) for name, value in pairs]


def pairs_of(notation: bytes, *, spaced: bool, named: bool) -> list[Pair]:
    """Names and values in their order, that of the metric first; with `named` False there is no metric.

    `spaced` lets blanks stand between the parts, and commas be missing. Raises MalformedError.
    """
    outside, brace, _ = notation.partition(b"{")
    metric = outside.strip(b" \t").decode()
    pairs: list[Pair] = []
    at, end = len(outside) + 1, len(notation) - 1
    if spaced and brace:
        at = end - len(notation[at:end].lstrip(b" \t"))
    while brace and at < end:
        term = _TERM[spaced].match(notation, at, end)
        if term is None:
            raise MalformedError(f"no label name at character {at + 1}")
        at = term.end()
        if term["value"]:
            if not spaced and not term["comma"] and at < end:
                raise MalformedError(f"no comma between labels at character {at + 1}")
            pairs.append((name_of(term["name"]), unescaped(term["value"][1:-1])))
        elif term["equals"] or not named or not term["name"].startswith(b'"') or not (term["comma"] or at == end):
            raise MalformedError(
                f"no value for the label {term['name'].decode(errors='replace')} at character {at + 1}"
            )
        elif metric:
            raise MalformedError("two metric names")
        else:
            metric = name_of(term["name"])
    if named and not metric:
        raise MalformedError("no metric name")
    if any(not name for name, _ in pairs):
        raise MalformedError("an empty label name")
    return [(NAME, metric), *pairs] if named else pairs


def is_bounded(labels: Labels) -> bool:
    """Whether the type of its metric may change how the label set reads."""
    return any(name in _BOUNDS.values() and canonical(value) != value for name, value in labels)


def settled(labels: Labels, kind: MetricKind) -> Labels:
    """The label set with the bucket's bound or the quantile as Prometheus 3 writes it."""
    bound = _BOUNDS.get(kind)
    if bound is None:
        return labels
    return tuple((name, canonical(value) if name == bound else value) for name, value in labels)
