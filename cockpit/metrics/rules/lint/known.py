"""The series that rules are held against: an endpoint's, or an engine's."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from cockpit.metrics.exposed import Family, MetricKind
from cockpit.metrics.labels import NAME, value_of, without

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cockpit.metrics.exposed import Exposed
    from cockpit.metrics.labels import Labels

ALWAYS = frozenset({"up", "ALERTS", "ALERTS_FOR_STATE", "scrape_duration_seconds", "scrape_samples_scraped"})
"""Metrics that whoever scrapes or evaluates rules adds."""

TARGET_LABELS = frozenset({"service", "revision", "tag", "instance", "job"})
"""Labels that whoever scrapes adds to every series."""

_SUFFIXES = ("_total", "_bucket", "_count", "_sum", "_created", "_info", "_gcount", "_gsum")
_COUNTING = frozenset({"_total", "_bucket", "_count", "_sum"})


class KnownSeries:
    """Label sets by metric, and what is told about the metrics.

    `added` are labels that every series has although these label sets do not show them, with values that nobody
    knows here.
    """

    def __init__(
        self, series: Iterable[Labels], families: Mapping[str, Family], *, added: Iterable[str] = ()
    ) -> None:
        self.added = frozenset(added)
        self._families = families
        self._sets: dict[str, set[Labels]] = defaultdict(set)
        stamp = tuple((name, "") for name in sorted(self.added))
        for labels in series:
            shown = {name for name, _ in labels}
            lacking = tuple(pair for pair in stamp if pair[0] not in shown)
            self._sets[value_of(labels, NAME)].add(tuple(sorted((*without(labels, (NAME,)), *lacking))))

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics that have series, and those that are only told about."""
        return tuple(sorted({*self._sets, *self._families}))

    def sets(self, metric: str) -> frozenset[Labels]:
        """The label sets of a metric, without its name; a label that was added has the value ""."""
        return frozenset(self._sets.get(metric, ()))

    def family(self, metric: str) -> Family | None:
        """What is told about a metric, or about the one whose part it is, as a histogram's buckets are."""
        stems = (metric.removesuffix(suffix) for suffix in _SUFFIXES if metric.endswith(suffix))
        return next((self._families[name] for name in (metric, *stems) if name in self._families), None)

    def kind(self, metric: str) -> MetricKind:
        """The type of one series: the buckets, count and sum of a histogram are counters."""
        family = self.family(metric)
        if family is None:
            return MetricKind.UNKNOWN
        suffix = metric.removeprefix(family.name)
        if family.kind in (MetricKind.HISTOGRAM, MetricKind.SUMMARY) and suffix in _COUNTING:
            return MetricKind.COUNTER
        return family.kind


def exposed_series(exposed: Exposed) -> KnownSeries:
    """The series of one scrape, to which whoever scrapes adds labels of its own."""
    found = (exposed.table.labels[number] for number in exposed.ids.tolist())
    return KnownSeries(found, exposed.families, added=TARGET_LABELS)
