"""The buckets of a heatmap over time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.dashboards.model import TargetFormat
from cockpit.metrics.dashboards.options import HeatmapOptions
from cockpit.metrics.dashboards.units.catalogue import formatted
from cockpit.metrics.labels import value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cockpit.metrics.dashboards.model import Panel
    from cockpit.metrics.dashboards.series import Series

MOST_BUCKETS = 200
_MADE = 12
"""Buckets that values are counted into."""


@dataclass(frozen=True, slots=True, eq=False)
class Buckets:
    """Counts of buckets over time, `counts[bucket, time]` with NaN for none, the lowest bucket first.

    `bounds` are the upper ones (the lower ones where the panel says so), NaN for buckets that are no numbers;
    `times` are epoch milliseconds, ascending. `left_out` counts the buckets that were too many.
    """

    names: tuple[str, ...]
    bounds: NDArray[np.float64]
    times: NDArray[np.int64]
    counts: NDArray[np.float64]
    left_out: int = 0


def buckets_of(panel: Panel, series: Sequence[Series]) -> Buckets:
    """The buckets of a heatmap panel: its series by their label `le`, or their values counted.

    Targets in the format of a heatmap are cumulative, as Prometheus' buckets are: what falls into each is the
    difference to the one below it.
    """
    options = panel.options if isinstance(panel.options, HeatmapOptions) else HeatmapOptions()
    times = np.unique(np.concatenate([each.times for each in series])) if series else np.array([], dtype=np.int64)
    if not options.buckets:
        return _counted(options, series, times)
    rows: dict[tuple[float, str], NDArray[np.float64]] = {}
    for each in series:
        name = value_of(each.labels, "le") or each.name
        row = rows.setdefault((_bound(name), name), np.full(times.size, np.nan))
        at = np.searchsorted(times, each.times)
        row[at] = np.where(np.isnan(row[at]), each.values, row[at] + np.nan_to_num(each.values))
    ordered = sorted(rows, key=lambda key: (math.isnan(key[0]), 0.0 if math.isnan(key[0]) else key[0], key[1]))
    kept = ordered[:MOST_BUCKETS]
    counts = np.array([rows[key] for key in kept]).reshape(len(kept), times.size)
    if any(target.format is TargetFormat.HEATMAP for target in panel.targets) and len(kept) > 1:
        counts = np.concatenate([counts[:1], np.maximum(np.diff(counts, axis=0), 0.0)])
    names = tuple(_named(bound, name, options) for bound, name in kept)
    return Buckets(names, np.array([bound for bound, _ in kept]), times, counts, len(ordered) - len(kept))


def _counted(options: HeatmapOptions, series: Sequence[Series], times: NDArray[np.int64]) -> Buckets:
    """Values counted into buckets of one width."""
    values = np.concatenate([each.values for each in series]) if series else np.array([])
    finite = values[np.isfinite(values)]
    if not finite.size:
        return Buckets((), np.array([]), times, np.empty((0, times.size)))
    low, high = float(finite.min()), float(finite.max())
    edges = np.linspace(low, high if high > low else low + 1.0, _MADE + 1)
    counts = np.zeros((_MADE, times.size))
    for each in series:
        there = np.isfinite(each.values)
        bucket = np.clip(np.searchsorted(edges, each.values[there], side="right") - 1, 0, _MADE - 1)
        np.add.at(counts, (bucket, np.searchsorted(times, each.times[there])), 1.0)
    names = tuple(str(formatted(float(edge), options.unit, options.decimals)) for edge in edges[1:])
    return Buckets(names, edges[1:], times, counts)


def _bound(name: str) -> float:
    try:
        return float(name) if "_" not in name else math.nan
    except ValueError:
        return math.nan


def _named(bound: float, name: str, options: HeatmapOptions) -> str:
    if math.isnan(bound) or math.isinf(bound):
        return name
    return str(formatted(bound, options.unit, options.decimals))
