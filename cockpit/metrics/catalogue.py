"""The metrics there are, as one who looks through them wants to find them: an entry a metric, not a suffix."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cockpit.metrics.exposed import Family, MetricKind

if TYPE_CHECKING:
    from collections.abc import Mapping

COMPOSED = frozenset({MetricKind.HISTOGRAM, MetricKind.GAUGE_HISTOGRAM, MetricKind.SUMMARY})
"""Kinds whose metrics are several samples each, under names of their own."""

_ENDINGS = {
    MetricKind.HISTOGRAM: ("_count", "_bucket", "_sum", "_created"),
    MetricKind.GAUGE_HISTOGRAM: ("_gcount", "_bucket", "_gsum"),
    MetricKind.SUMMARY: ("_count", "_sum", "", "_created"),
    MetricKind.COUNTER: ("", "_total", "_created"),
    MetricKind.INFO: ("", "_info"),
}
"""What the names of a metric's samples add to the metric's own, by kind. The first is in each of its series."""

_COUNTING = ("_total", "_count", "_sum", "_bucket")
_UNITS = {"seconds": "s", "milliseconds": "ms", "bytes": "bytes", "ratio": "ratio", "percent": "%"}


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. `name` is what its samples are called; of histograms and summaries what `_count` is put behind.

    `unit` is one that charts know ("s", "bytes", "ratio"), any other word, or "". `series` counts how many it has
    now, None where that is not known.
    """

    name: str
    kind: MetricKind = MetricKind.UNKNOWN
    help: str = ""
    unit: str = ""
    series: int | None = None

    @property
    def counts(self) -> bool:
        """Whether it only grows, by what is told of it, else by its name."""
        guessed = self.kind is MetricKind.UNKNOWN and self.name.endswith(_COUNTING)
        return self.kind is MetricKind.COUNTER or guessed

    @property
    def sample_name(self) -> str:
        """The samples that bear every label of the metric, once for each set of them."""
        return self.name + _ENDINGS[self.kind][0] if self.kind in COMPOSED else self.name


def catalogue(families: Mapping[str, Family], counts: Mapping[str, int] | None = None) -> tuple[Metric, ...]:
    """Every metric, by name. `counts` are the series now by the name of their samples, None where nobody knows.

    What has samples and no family is there too, a histogram put together from its parts.
    """
    found: dict[str, Metric] = {}
    claimed: set[str] = set()
    for family in families.values():
        metric = _of_family(family, counts)
        found.setdefault(metric.name, metric)
        claimed |= names_of_samples(family)
    for name, count in (counts or {}).items():
        if name not in claimed:
            metric = _untold(name, count, counts or {})
            found.setdefault(metric.name, metric)
    return tuple(sorted(found.values(), key=lambda metric: metric.name))


def names_of_samples(family: Family) -> frozenset[str]:
    """What the samples of a metric may be called."""
    return frozenset(family.name + ending for ending in _ENDINGS.get(family.kind, ("",)))


def sample_names(metrics: tuple[Metric, ...], counts: Mapping[str, int] | None = None) -> tuple[str, ...]:
    """The names an expression may ask for, sorted: those that have samples, or what the metrics would have."""
    if counts:
        return tuple(sorted(counts))
    names: set[str] = set()
    for metric in metrics:
        endings = _ENDINGS[metric.kind] if metric.kind in COMPOSED else ("",)
        names.update(metric.name + ending for ending in endings if ending != "_created")
    return tuple(sorted(names))


def _of_family(family: Family, counts: Mapping[str, int] | None) -> Metric:
    name = family.name if family.kind in COMPOSED else _name_of_samples(family, counts)
    metric = Metric(name, family.kind, family.help, _unit(family))
    return metric if counts is None else replace(metric, series=counts.get(metric.sample_name, 0))


def _name_of_samples(family: Family, counts: Mapping[str, int] | None) -> str:
    """OpenMetrics names the family without the ending that its samples have; the older text names the samples."""
    endings = [each for each in _ENDINGS.get(family.kind, ("",)) if each != "_created"]
    there = (family.name + ending for ending in endings if counts and family.name + ending in counts)
    last = endings[-1]
    return next(there, family.name if family.name.endswith(last) else family.name + last)


def _untold(name: str, count: int, counts: Mapping[str, int]) -> Metric:
    stem = next((name.removesuffix(end) for end in _ENDINGS[MetricKind.HISTOGRAM][:3] if name.endswith(end)), "")
    if stem and all(f"{stem}{end}" in counts for end in _ENDINGS[MetricKind.HISTOGRAM][:3]):
        family = Family(stem, MetricKind.HISTOGRAM)
        return Metric(stem, family.kind, "", _unit(family), counts[f"{stem}_count"])
    return Metric(name, unit=_unit(Family(name)), series=count)


def _unit(family: Family) -> str:
    """The unit that is told, else the one that ends the name, as Prometheus' conventions have it."""
    stem = family.name.removesuffix("_total").removesuffix("_sum")
    word = family.unit or stem.rpartition("_")[2]
    return _UNITS.get(word, family.unit)
