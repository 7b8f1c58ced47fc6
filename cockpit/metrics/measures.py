"""What can be charted of a metric, by its kind, as PromQL that a person would write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.labels import NAME, label_name, notation, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cockpit.metrics.catalogue import Metric

BOUND = "le"


@dataclass(frozen=True, slots=True)
class Measure:
    """One way to look at a metric: `title` in a word or two, and the `unit` its values have.

    `form` is the expression with places: {by} for the grouping, {by_le} for one with a histogram's bounds,
    {window} for the time looked back over, and {name} for the metric, or {name_bucket} and its like for its parts.
    """

    title: str
    form: str
    unit: str = ""


def measures(metric: Metric) -> tuple[Measure, ...]:
    """The ways to look at a metric, the most telling first."""
    unit = metric.unit
    match metric.kind:
        case MetricKind.HISTOGRAM:
            return (*_quantiles("rate({name_bucket}[{window}])", unit), *_observations(unit))
        case MetricKind.GAUGE_HISTOGRAM:
            return _quantiles("{name_bucket}", unit)
        case MetricKind.SUMMARY:
            return (*_observations(unit), Measure("by quantile", "avg{by_quantile}({name})", unit))
        case MetricKind.INFO | MetricKind.STATE_SET:
            return (Measure("sum", "sum{by}({name})"),)
    if metric.counts:
        return (
            Measure("rate", "sum{by}(rate({name}[{window}]))", f"{unit}/s"),
            Measure("increase", "sum{by}(increase({name}[{window}]))", unit),
            Measure("total", "sum{by}({name})", unit),
        )
    return tuple(
        Measure(title, f"{operator}{{by}}({{name}})", unit)
        for title, operator in (("mean", "avg"), ("sum", "sum"), ("max", "max"), ("min", "min"))
    )


def expression(metric: Metric, measure: Measure, by: Iterable[str], window: str) -> str:
    """The measure of a metric, one line for each set of the labels `by`; `window` as PromQL writes it, "1m"."""
    labels = tuple(by)
    return measure.form.format(
        by=_grouping(labels),
        by_le=_grouping((*labels, BOUND)),
        by_quantile=_grouping((*labels, "quantile")),
        window=window,
        name=selector(metric.name),
        name_bucket=selector(f"{metric.name}_bucket"),
        name_count=selector(f"{metric.name}_count"),
        name_sum=selector(f"{metric.name}_sum"),
    )


def selector(name: str) -> str:
    """A metric by its name, which not every engine lets be quoted."""
    return name if notation(((NAME, name),)) == name else f"{{{NAME}={quoted(name)}}}"


def _grouping(labels: tuple[str, ...]) -> str:
    return f" by ({', '.join(map(label_name, labels))}) " if labels else ""


def _quantiles(buckets: str, unit: str) -> tuple[Measure, ...]:
    return tuple(
        Measure(f"P{100 * q:g}", f"histogram_quantile({q:g}, sum{{by_le}}({buckets}))", unit)
        for q in (0.95, 0.5, 0.99)
    )


def _observations(unit: str) -> tuple[Measure, ...]:
    both = "sum{{by}}(rate({{name_{}}}[{{window}}]))"
    return (
        Measure("mean", f"{both.format('sum')} / {both.format('count')}", unit),
        Measure("rate", both.format("count"), "/s"),
    )
