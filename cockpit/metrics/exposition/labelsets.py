"""Label sets from their notation, `name{label="value"}` or `{"name", "label"="value"}`."""

from __future__ import annotations

import re

from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.exposition.floats import canonical
from cockpit.metrics.exposition.grammar import LABEL, METRIC, QUOTED, MalformedError, decoded, name_of, unescaped
from cockpit.metrics.labels import NAME, Labels

Pair = tuple[str, str]

_PLAIN_NAME = re.compile(METRIC)
_PLAIN_PAIR = re.compile(rb'(%b)="([^"\\\n]++)' % LABEL)
_PARTS = rb"(?P<name>%b|%b){0}(?:(?P<equals>=){0}(?P<value>%b)?{0})?(?P<comma>,)?{0}" % (LABEL, QUOTED, QUOTED)
_TERM = {
    True: re.compile(_PARTS.replace(b"{0}", rb"[ \t]*+"), re.DOTALL),
    False: re.compile(_PARTS.replace(b"{0}", b"")),
}
_BOUNDS = {MetricKind.HISTOGRAM: "le", MetricKind.SUMMARY: "quantile"}
_BOUND_NAMES = frozenset(_BOUNDS.values())


class LabelSets:
    """Reads label sets, and lets those with a pair in common share it: most pairs stand in many sets."""

    def __init__(self) -> None:
        self._names: dict[bytes, Pair] = {}
        self._pairs: dict[bytes, Pair] = {}

    def __len__(self) -> int:
        return max(len(self._names), len(self._pairs))

    def plain(self, series: bytes) -> Labels | None:
        """The label set of a usual series; None where it has quoted names, escapes, blanks or an error in it."""
        name, brace, block = series.partition(b"{")
        if brace and (b"\\" in block or not block.endswith(b'"}')):
            return None
        pieces = block[:-2].split(b'",') if brace else []
        pairs = [self._names.get(name) or self._name(name), *map(self._pairs.get, pieces)]
        if not all(pairs):
            pairs[1:] = [known or self._pair(piece) for known, piece in zip(pairs[1:], pieces, strict=True)]
        found = list(filter(None, pairs))
        if len(dict(found)) < len(pairs):
            return None
        found.sort()
        return tuple(found)

    def read(self, series: bytes, *, spaced: bool) -> Labels:
        """The label set of any series. Raises MalformedError; so do two labels of one name."""
        pairs = pairs_of(series, spaced=spaced, named=True)
        if len(dict(pairs)) < len(pairs):
            raise MalformedError("a label name that stands there twice")
        return tuple(sorted(self._shared(pair) for pair in pairs if pair[1]))

    def _name(self, piece: bytes) -> Pair | None:
        if not _PLAIN_NAME.fullmatch(piece):
            return None
        return self._names.setdefault(piece, (NAME, piece.decode()))

    def _pair(self, piece: bytes) -> Pair | None:
        match = _PLAIN_PAIR.fullmatch(piece)
        if match is None:
            return None
        return self._pairs.setdefault(piece, (match[1].decode(), decoded(match[2])))

    def _shared(self, pair: Pair) -> Pair:
        name, value = pair
        return self._pairs.setdefault(f'"{name}"="{value}'.encode(), pair)


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
    return any(name in _BOUND_NAMES and canonical(value) != value for name, value in labels)


def settled(labels: Labels, kind: MetricKind) -> Labels:
    """The label set with the bucket's bound or the quantile as Prometheus 3 writes it."""
    bound = _BOUNDS.get(kind)
    if bound is None:
        return labels
    return tuple((name, canonical(value) if name == bound else value) for name, value in labels)
