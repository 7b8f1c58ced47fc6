"""histogram_quantile() and histogram_fraction() of classic histograms."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from cockpit.metrics.labels import NAME, value_of, without
from cockpit.metrics.promql.frames import Frame
from cockpit.metrics.promql.functions.buckets import bucket_fraction, bucket_quantile
from cockpit.metrics.promql.functions.kinds import InstantFunction
from cockpit.metrics.promql.functions.notes import bad_bucket, not_monotonic
from cockpit.metrics.promql.functions.quantiles import remarks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.promql.frames import Flags, Floats, Indexes
    from cockpit.metrics.promql.functions.kinds import Argument, Context

    Read = Callable[[Floats, Floats, Indexes], Floats]
    """Of bounds, counts (histograms × bounds) and the step of each histogram one value a histogram."""

BOUND = "le"


@dataclass(frozen=True, slots=True)
class Alike:
    """Histograms with the same bounds (ascending): their places in the result, and their rows × bounds."""

    bounds: Floats
    places: list[int]
    rows: list[list[int]]


def _histogram_quantile(arguments: Sequence[Argument], context: Context) -> Frame:
    quantile, vector = cast("tuple[Floats, Frame]", tuple(arguments))
    context.notes.update(remarks(quantile))

    def read(bounds: Floats, counts: Floats, steps: Indexes) -> Floats:
        found = bucket_quantile(quantile[steps], bounds, counts)
        if found.forced:
            context.notes.add(not_monotonic())
        return found.values

    return _read_each(vector, read, context)


def _histogram_fraction(arguments: Sequence[Argument], context: Context) -> Frame:
    lower, upper, vector = cast("tuple[Floats, Floats, Frame]", tuple(arguments))

    def read(bounds: Floats, counts: Floats, steps: Indexes) -> Floats:
        return bucket_fraction(lower[steps], upper[steps], bounds, counts)

    return _read_each(vector, read, context)


def _read_each(vector: Frame, read: Read, context: Context) -> Frame:
    """One series a histogram. Histograms with the same bounds, at all steps, are read together."""
    histograms = _histograms(vector, context)
    labels = tuple(without(key, (NAME,)) for key in histograms)
    values = np.zeros((len(labels), vector.values.shape[1]))
    present = np.zeros(values.shape, dtype=np.bool_)
    for alike in _alike(histograms):
        # Steps before buckets: one line of the matrix is one histogram at one step.
        counts = vector.values[alike.rows].swapaxes(1, 2)
        there = vector.present[alike.rows].swapaxes(1, 2)
        shape, width = counts.shape[:2], alike.bounds.size
        steps = np.tile(np.arange(shape[1]), shape[0])
        found = _read_present(alike.bounds, counts.reshape(-1, width), there.reshape(-1, width), steps, read)
        values[alike.places] = found.reshape(shape)
        present[alike.places] = there.any(axis=2)
    return Frame(labels, values, present)


def _read_present(bounds: Floats, counts: Floats, there: Flags, steps: Indexes, read: Read) -> Floats:
    """Read the buckets that are there; histograms that lack the same ones together."""
    if there.all():
        return read(bounds, counts, steps)
    found = np.zeros(steps.size)
    patterns, belongs = np.unique(there, axis=0, return_inverse=True)
    for number, columns in enumerate(patterns):
        cells = np.flatnonzero(belongs.ravel() == number)
        if columns.any():
            found[cells] = read(bounds[columns], counts[np.ix_(cells, columns)], steps[cells])
    return found


def _histograms(vector: Frame, context: Context) -> dict[Labels, list[tuple[float, int]]]:
    """The bounds and rows of each histogram, by its labels without the bound; one metric is not another."""
    histograms: dict[Labels, list[tuple[float, int]]] = {}
    for row, labels in enumerate(vector.labels):
        written = value_of(labels, BOUND)
        bound = _bound(written)
        if bound is not None:
            histograms.setdefault(without(labels, (BOUND,)), []).append((bound, row))
        elif vector.present[row].any():
            context.notes.add(bad_bucket(written))
    return histograms


@lru_cache(4096)
def _bound(written: str) -> float | None:
    # float() takes "1_000" and " 1 ", which Prometheus does not.
    if "_" in written or written != written.strip():
        return None
    try:
        bound = float(written)
    except ValueError:
        return None
    return None if np.isnan(bound) else bound


def _alike(histograms: dict[Labels, list[tuple[float, int]]]) -> Iterator[Alike]:
    found: dict[tuple[float, ...], Alike] = {}
    for place, buckets in enumerate(histograms.values()):
        bounds, rows = zip(*sorted(buckets), strict=True)
        alike = found.setdefault(bounds, Alike(np.array(bounds), [], []))
        alike.places.append(place)
        alike.rows.append(list(rows))
    yield from found.values()


HISTOGRAMS = (
    InstantFunction("histogram_fraction", _histogram_fraction),
    InstantFunction("histogram_quantile", _histogram_quantile),
)
