"""Aggregations: sum, avg, min, max, count, group, stddev, stdvar, quantile, topk, bottomk, count_values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.engine import QueryError
from cockpit.metrics.labels import NAME, NOTHING, labels_of
from cockpit.metrics.promql.folds import FOLDS, quantiles
from cockpit.metrics.promql.frames import Frame
from cockpit.metrics.promql.functions.quantiles import remarks
from cockpit.metrics.promql.grouping import grouped_by
from cockpit.metrics.promql.shapes import empty, taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.promql.frames import Flags, Floats, Indexes
    from cockpit.metrics.promql.nodes import Aggregation
    from cockpit.metrics.promql.scope import Scope

SLAB = 1 << 21
"""Samples that are folded at a time, so that what comes up on the way stays small."""

RANKED = frozenset({"topk", "bottomk"})


def aggregate(node: Aggregation, frame: Frame, parameter: Floats | str | None, scope: Scope) -> Frame:
    """The frame made one series a group; topk and bottomk leave the series they choose.

    `parameter` is a scalar (one value a step) for topk, bottomk and quantile, a label for count_values. Raises
    QueryError("evaluation").
    """
    if node.operator == "count_values":
        return _count_values(node, frame, str(parameter), scope)
    if node.operator in RANKED:
        return _ranked(node, frame, np.asarray(parameter, dtype=np.float64), scope)
    if node.operator == "quantile":
        scope.notes.update(remarks(np.asarray(parameter)))
    if not frame.labels:
        return frame
    numbers, groups = _groups(node, frame.labels)
    scope.budget.take(len(groups), scope.steps.size)
    values = np.zeros((len(groups), scope.steps.size))
    present = np.zeros(values.shape, dtype=np.bool_)
    for members, of in _alike(numbers, len(groups)):
        for steps in _slabs(len(numbers), scope.steps.size):
            samples = frame.values[:, steps][members]
            there = frame.present[:, steps][members]
            present[of, steps] = there.any(axis=0)
            if node.operator == "quantile":
                values[of, steps] = quantiles(samples, there, np.asarray(parameter)[steps])
            else:
                values[of, steps] = FOLDS[node.operator](samples, there)
    return Frame(groups, values, present)


def _groups(node: Aggregation, labels: tuple[Labels, ...]) -> tuple[Indexes, tuple[Labels, ...]]:
    """The number of each series' group, and the groups' label sets."""
    if not node.without and not node.labels:
        return np.zeros(len(labels), dtype=np.int64), (NOTHING,)
    key = grouped_by(node.labels, excluded=node.without)
    groups: dict[Labels, int] = {}
    numbers = [groups.setdefault(key(each), len(groups)) for each in labels]
    return np.array(numbers, dtype=np.int64), tuple(groups)


def _alike(numbers: Indexes, count: int) -> Iterator[tuple[Indexes, Indexes]]:
    """Groups of one size at a time: their members, as rows (size × groups), and their numbers."""
    sizes = np.bincount(numbers, minlength=count)
    order = np.argsort(numbers, kind="stable")
    begins = np.cumsum(sizes) - sizes
    for size in np.unique(sizes).tolist():
        of = np.flatnonzero(sizes == size)
        yield order[begins[of][np.newaxis, :] + np.arange(size)[:, np.newaxis]], of


def _slabs(series: int, steps: int) -> Iterator[slice]:
    width = max(1, SLAB // max(series, 1))
    for begin in range(0, steps, width):
        yield slice(begin, begin + width)


def _ranked(node: Aggregation, frame: Frame, counts: Floats, scope: Scope) -> Frame:
    """The greatest or least of each group; in an instant query in their order."""
    if np.isnan(counts).any():
        raise QueryError("Parameter value is NaN", "evaluation", f"give {node.operator}() a number")
    if not frame.labels or not (counts >= 1).any():
        return empty(scope.steps.size)
    scope.budget.take(len(frame.labels), scope.steps.size)
    numbers, groups = _groups(node, frame.labels)
    counts = np.trunc(counts)
    chosen = np.zeros(frame.present.shape, dtype=np.bool_)
    places = np.zeros(frame.present.shape, dtype=np.int64)
    for members, _ in _alike(numbers, len(groups)):
        for steps in _slabs(len(numbers), scope.steps.size):
            there = frame.present[:, steps][members]
            ranks = _ranks(frame.values[:, steps][members], there, descending=node.operator == "topk")
            places[members, steps] = ranks
            chosen[members, steps] = there & (ranks < counts[steps])
    result = Frame(frame.labels, frame.values, chosen)
    if not scope.instant:
        return result
    rows = np.flatnonzero(chosen[:, 0])
    return taken(result, rows[np.lexsort((places[rows, 0], numbers[rows]))])


def _ranks(samples: Floats, there: Flags, *, descending: bool) -> Indexes:
    """Each sample's place in its group, from 0; NaN comes after every number, and what is not there last."""
    order = np.lexsort((-samples if descending else samples, np.isnan(samples), ~there), axis=0)
    ranks = np.empty(order.shape, dtype=np.int64)
    places = np.arange(order.shape[0]).reshape(-1, *([1] * (order.ndim - 1)))
    np.put_along_axis(ranks, order, np.broadcast_to(places, order.shape), axis=0)
    return ranks


def _count_values(node: Aggregation, frame: Frame, label: str, scope: Scope) -> Frame:
    """How many series of each group have each value: one series a group and value that are there."""
    if not label:
        raise QueryError(f"invalid label name {label!r}", "evaluation", "name a label in count_values()")
    # The label is overwritten, so it groups nothing; `without` may then take it away again.
    names = {*node.labels, label} if node.without else {*node.labels} - {label}
    is_shown = not (node.without and label in (*node.labels, NAME))
    numbers, groups = _groups(replace(node, labels=tuple(names)), frame.labels)
    series, steps = np.nonzero(frame.present)
    values, which = _distinct(frame.values[series, steps] if is_shown else np.zeros(series.size))
    kinds, of = np.unique(numbers[series] * values.size + which, return_inverse=True)
    scope.budget.take(kinds.size, scope.steps.size)
    written = list(map(_written, values.tolist()))
    labels = [
        labels_of({**dict(groups[kind // values.size]), label: written[kind % values.size] if is_shown else ""})
        for kind in kinds.tolist()
    ]
    counts = np.zeros((kinds.size, scope.steps.size))
    np.add.at(counts, (of, steps), 1.0)
    return Frame(tuple(labels), counts, counts > 0)


def _distinct(values: Floats) -> tuple[Floats, Indexes]:
    """Each value once, by its bits, as 0 is not written like -0; and which of them each is."""
    bits = np.where(np.isnan(values), np.nan, values).view(np.int64)
    found, which = np.unique(bits, return_inverse=True)
    return found.view(np.float64), which


def _written(value: float) -> str:
    """A number as Go's FormatFloat(value, 'f', -1, 64) writes it."""
    if np.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return "NaN" if np.isnan(value) else np.format_float_positional(value, trim="-")
