"""Signals that an endpoint's metrics lend themselves to, so that a fresh service shows something useful."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.labels import value_of
from cockpit.metrics.signals import known
from cockpit.metrics.signals.signal import Better, Kind, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from cockpit.metrics.exposed import Family
    from cockpit.metrics.labels import Labels

    LabelsOf = Callable[[str], Collection[Labels]]

QUANTILES = (0.5, 0.95, 0.99)
MORE_TIMES = 4
"""How many histograms beside the main one get a row."""

CACHE_TOLERANCE = 0.03
_PLAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9_:]*")
_STATUS = re.compile(r"[1-5](?:\d\d|xx)")


def asked_for(families: Mapping[str, Family]) -> tuple[str, ...]:
    """The metrics whose label sets `discover` will ask for: little, where asking costs a request each."""
    names = _Names(families)
    return tuple(dict.fromkeys(filter(None, (names.first(known.REQUESTS, names.counts), names.by_path()))))


def discover(
    families: Mapping[str, Family], labels_of: LabelsOf, paths: Collection[str] = ()
) -> tuple[Signal, ...]:
    """The signals to show by default, the most telling first: requests, errors, times, caches, then the process.

    `families` are what the endpoint tells of its metrics; `labels_of` gives the label sets of a metric that
    `asked_for` names; what they lack yet, as a status before the first request, is not found, so ask again when
    they change. Requests to `paths`, from which metrics are scraped, are left out where a label says so.
    """
    names = _Names(families)
    found = _Found()
    requests = names.first(known.REQUESTS, names.counts)
    if requests:
        found.add(_requests(requests, labels_of(requests), paths))
    times = names.first(known.DURATIONS, names.histograms)
    if times:
        own = _own_scrapes(labels_of(names.by_path()), paths) if names.by_path() else ""
        found.add(_times(f"{times}{_braced(own)}", "", QUANTILES))
    for stem, parts in names.outcomes():
        main = not found.has("errors")
        found.add(_outcome(stem, parts, main=main))
        spans = names.spans_of(stem) if main else ""
        found.add(_times(spans, "", QUANTILES) if spans else ())
    found.add(_hit_rate(stem, *pair, alone=alone) for stem, pair, alone in names.caches())
    found.add(_recalls(names.counts))
    rest = [name for name in sorted(names.histograms) if name.endswith(known.SPANS) and not found.uses(name)]
    for name, words in _apart(rest[:MORE_TIMES]).items():
        found.add(_times(name, words, (0.95,)))
    found.add(_process(names))
    return tuple(found.signals)


class _Names:
    """The metrics by what they are, under the names that their samples bear; those that need quotes left out."""

    def __init__(self, families: Mapping[str, Family]) -> None:
        kinds = {name: one.kind for name, one in families.items() if _PLAIN.fullmatch(name)}
        untyped = {name for name, kind in kinds.items() if kind is MetricKind.UNKNOWN}
        self.histograms = {name for name, kind in kinds.items() if kind is MetricKind.HISTOGRAM}
        self.counters = {name for name in untyped if name.endswith("_total")}
        for name, kind in kinds.items():
            if kind is MetricKind.COUNTER:
                # OpenMetrics names the family without the ending that its samples have.
                self.counters.add(name if name.endswith("_total") else f"{name}_total")
        self.counts = self.counters | {f"{name}_count" for name in self.histograms}
        self.gauges = untyped | {name for name, kind in kinds.items() if kind is MetricKind.GAUGE}

    def first(self, endings: Iterable[str], among: Collection[str]) -> str:
        """The metric that bears the best known of some names, else the shortest that ends in it."""
        for ending in endings:
            fits = [name for name in among if name == ending or name.endswith(f"_{ending}")]
            if fits:
                return min(fits, key=lambda name: (len(name), name))
        return ""

    def by_path(self) -> str:
        """The counts of the main histogram, whose labels may tell our own scrapes apart."""
        times = self.first(known.DURATIONS, self.histograms)
        return f"{times}_count" if times else ""

    def pairs(self, endings: Iterable[tuple[str, str]]) -> Iterator[tuple[str, tuple[str, str]]]:
        """Stems with the two counters that end in a pair of endings."""
        for one, other in endings:
            for name in sorted(self.counters):
                stem = name.removesuffix(one)
                if stem != name and f"{stem}{other}" in self.counters:
                    yield stem, (name, f"{stem}{other}")

    def outcomes(self) -> Iterator[tuple[str, tuple[tuple[str, ...], tuple[str, ...]]]]:
        """Stems with the counters of failures and those of the total."""
        for stem, (good, bad) in self.pairs(known.FAILURES):
            yield stem, ((bad,), (good, bad))
        for stem, (total, bad) in self.pairs(known.SHARES):
            yield stem, ((bad,), (total,))

    def caches(self) -> Iterator[tuple[str, tuple[str, str], bool]]:
        """Stems with the counters of hits and of misses, and whether there is but one such cache."""
        found = list(self.pairs(known.HITS))
        for stem, pair in found:
            yield stem, pair, len(found) == 1

    def spans_of(self, stem: str) -> str:
        """The histogram of times that shares a stem."""
        return next((f"{stem}{end}" for end in known.SPANS if f"{stem}{end}" in self.histograms), "")


class _Found:
    """The signals so far: each id once, and nothing under two names."""

    def __init__(self) -> None:
        self.signals: list[Signal] = []

    def add(self, signals: Iterable[Signal]) -> None:
        for signal in signals:
            same = (signal.kind, signal.source, signal.total, signal.quantile)
            known_ones = ((one.kind, one.source, one.total, one.quantile) for one in self.signals)
            if not self.has(signal.id) and same not in known_ones:
                self.signals.append(signal)

    def has(self, identity: str) -> bool:
        return any(one.id == identity for one in self.signals)

    def uses(self, metric: str) -> bool:
        return any(source.partition("{")[0] == metric for one in self.signals for source in one.source)


def _requests(metric: str, labels: Collection[Labels], paths: Collection[str]) -> Iterator[Signal]:
    own = _own_scrapes(labels, paths)
    total = f"{metric}{_braced(own)}"
    yield Signal("requests", "requests", Kind.RATE, (total,))
    faults = _faults(labels)
    if faults:
        events = f"{metric}{_braced(own, faults)}"
        yield Signal("errors", "errors", Kind.RATIO, (events,), (total,), better=Better.LOWER)


def _faults(labels: Collection[Labels]) -> str:
    """The matcher of what is the server's fault, "" where no label tells."""
    for name in known.STATUS_LABELS:
        values = [value for value in (value_of(one, name) for one in labels) if value]
        if values and all(map(_STATUS.fullmatch, values)):
            return f'{name}=~"5.."'
    if any(value_of(one, known.GRPC_LABEL) for one in labels):
        return f'{known.GRPC_LABEL}=~"{known.GRPC_FAULTS}"'
    return ""


def _own_scrapes(labels: Collection[Labels], paths: Collection[str]) -> str:
    """The matchers that leave out requests to the paths we scrape, "" where no label names one."""
    for name in known.PATH_LABELS:
        met = sorted({value_of(one, name) for one in labels} & set(paths))
        if met:
            return ",".join(f'{name}!="{_escaped(path)}"' for path in met)
    return ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _braced(*matchers: str) -> str:
    given = ",".join(filter(None, matchers))
    return f"{{{given}}}" if given else ""


def _outcome(stem: str, parts: tuple[tuple[str, ...], tuple[str, ...]], *, main: bool) -> Iterator[Signal]:
    events, total = parts
    words, slug = _words(stem), _slug(stem)
    yield Signal(slug, words, Kind.RATE, total)
    identity, title = ("errors", "errors") if main else (f"{slug}-errors", f"{words} errors")
    yield Signal(identity, title, Kind.RATIO, events, total, better=Better.LOWER)


def _times(source: str, words: str, quantiles: Iterable[float]) -> Iterator[Signal]:
    name = source.partition("{")[0]
    unit = "ms" if name.endswith("_milliseconds") else "s"
    for q in quantiles:
        title = f"P{q * 100:g}"
        yield Signal(
            id=f"{_slug(name)}-{title.lower()}" if words else title.lower(),
            title=f"{title} {words}".strip(),
            kind=Kind.QUANTILE,
            source=(source,),
            quantile=q,
            unit=unit,
            better=Better.LOWER,
        )


def _hit_rate(stem: str, hits: str, misses: str, *, alone: bool) -> Signal:
    identity, title = ("cache-hit", "cache hit") if alone else (f"{_slug(stem)}-hit", f"{_words(stem)} hit")
    return Signal(
        identity,
        title,
        Kind.RATIO,
        (hits,),
        (hits, misses),
        better=Better.HIGHER,
        tolerance=CACHE_TOLERANCE,
    )


def _recalls(counts: Collection[str]) -> Iterator[Signal]:
    """Of emergence-app: how much of what its users do with a recall is to dismiss it."""
    met = "concept_recall_interactions_total"
    if met in counts:
        dismissed = f'{met}{{action="dismissed"}}'
        yield Signal("dismissed", "dismissed", Kind.RATIO, (dismissed,), (met,), better=Better.LOWER)


def _process(names: _Names) -> Iterator[Signal]:
    """CPU follows the load an instance gets, so it is not judged."""
    cpu = next((name for name in known.CPU if name in names.counters), "")
    if cpu:
        yield Signal("cpu", "CPU cores", Kind.GAUGE, (f"rate({cpu}[{{window}}])",))
    memory = next((name for name in known.MEMORY if name in names.gauges), "")
    if memory:
        yield Signal("memory", "memory", Kind.GAUGE, (memory,), unit="bytes", better=Better.LOWER)


def _words(name: str) -> str:
    stem = next((name.removesuffix(end) for end in known.SPANS if name.endswith(end)), name)
    return stem.replace("_", " ").replace(":", " ").strip()


def _apart(metrics: Collection[str]) -> dict[str, str]:
    """Each metric in words, without the first words that all of them share."""
    words = {metric: _words(metric).split() for metric in metrics}
    shared = 0
    if len(words) > 1:
        for column in zip(*words.values(), strict=False):
            if len(set(column)) > 1:
                break
            shared += 1
    return {metric: " ".join(own[shared:] or own) for metric, own in words.items()}


def _slug(name: str) -> str:
    return name.lower().replace("_", "-").replace(":", "-").strip("-")
