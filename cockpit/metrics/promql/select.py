"""Selectors: from blocks of samples to the newest at each step, and to the windows of a range."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.promql.frames import Frame, Window
from cockpit.metrics.promql.nodes import Edge
from cockpit.metrics.promql.shapes import spread, stacked
from cockpit.metrics.series import is_absent, is_stale

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cockpit.metrics.promql.frames import Flags, Floats, Indexes
    from cockpit.metrics.promql.nodes import MatrixSelector, Subquery, VectorSelector
    from cockpit.metrics.promql.scope import Scope
    from cockpit.metrics.series import Block

    Found = tuple[Floats, Indexes, Flags]
    """Values, times and whether there is one, series × steps or what spreads to that."""


def moments(node: VectorSelector | Subquery, scope: Scope) -> Indexes:
    """The moment that is looked at for each step: the step itself, or what offset and @ make of it."""
    at = node.at
    if at is None:
        return scope.steps - node.offset
    if isinstance(at, Edge):
        at = scope.start if at is Edge.START else scope.end
    return np.full(scope.steps.size, at - node.offset, dtype=np.int64)


def newest(node: VectorSelector, scope: Scope) -> Frame:
    """The newest sample of each series at every step, where one is within the lookback."""
    found = ((block, values, present) for block, (values, _, present) in _newest(node, scope))
    return _framed(found, scope.steps.size)


def newest_times(node: VectorSelector, scope: Scope) -> Frame:
    """When those samples were taken, in seconds since the epoch."""
    found = ((block, times / 1000, present) for block, (_, times, present) in _newest(node, scope))
    return _framed(found, scope.steps.size)


def _framed(found: Iterable[tuple[Block, Floats, Flags]], steps: int) -> Frame:
    """Of what each block has at the steps, at full size or not, one frame."""
    frames = []
    for block, values, present in found:
        shape = (len(block.labels), steps)
        frames.append(Frame(block.labels, spread(values, shape), spread(present, shape)))
    return stacked(frames, steps)


def _newest(node: VectorSelector, scope: Scope) -> Iterator[tuple[Block, Found]]:
    ends = moments(node, scope)
    # A selector with @ says the same at every step.
    asked = ends if node.at is None else ends[:1]
    for block in _blocks(node, scope, int(asked.min()) - scope.lookback, int(asked.max())):
        scope.budget.take(len(block.labels), ends.size)
        yield block, _looked_up(block, asked, scope.lookback)


def _blocks(node: VectorSelector, scope: Scope, start: int, end: int) -> Sequence[Block]:
    """The blocks that have samples. How many series there are is checked before anything is made of them."""
    blocks = scope.storage.select(node.matchers, start, end)
    scope.budget.take(sum(len(block.labels) for block in blocks), 0)
    return [block for block in blocks if block.times.size and block.labels]


def _looked_up(block: Block, ends: Indexes, lookback: int) -> Found:
    """The newest samples at the ends, within the lookback."""
    newest = block.times.searchsorted(ends, "right") - 1
    rows = np.maximum(newest, 0)
    values = block.values[rows]
    times = block.times[rows]
    fresh = (newest >= 0) & (times > ends - lookback)
    if not np.isnan(values.min(initial=0.0)):
        return values.T, times[np.newaxis, :], fresh[np.newaxis, :]
    absent = is_absent(values)
    if absent.any():
        return _filled(block, newest, ends, lookback)
    return values.T, times[np.newaxis, :], (fresh[:, np.newaxis] & ~is_stale(values)).T


def _filled(block: Block, newest: Indexes, ends: Indexes, lookback: int) -> Found:
    """The same where series have gaps: each one's newest sample is in a row of its own."""
    own = np.where(is_absent(block.values), -1, np.arange(block.times.size)[:, np.newaxis])
    np.maximum.accumulate(own, axis=0, out=own)
    rows = np.where(newest[:, np.newaxis] >= 0, own[np.maximum(newest, 0)], -1)
    found = np.maximum(rows, 0)
    values = np.take_along_axis(block.values, found, axis=0)
    times = block.times[found]
    fresh = (rows >= 0) & (times > (ends - lookback)[:, np.newaxis]) & ~is_stale(values)
    return values.T, times.T, fresh.T


def windows(node: MatrixSelector, scope: Scope) -> Iterator[Window]:
    """The samples of a range at every step, stale markers left out."""
    ends = moments(node.vector, scope)
    start, end = int(ends.min()) - node.range, int(ends.max())
    for block in _blocks(node.vector, scope, start, end):
        scope.budget.take(len(block.labels), block.times.size)
        missing = None
        if np.isnan(block.values.min()):
            missing = is_absent(block.values) | is_stale(block.values)
        yield from dense(block, missing, ends, node.range, scope.steps)


def dense(block: Block, missing: Flags | None, ends: Indexes, length: int, steps: Indexes) -> Iterator[Window]:
    """The windows of a block's series, those that miss the same samples together. `missing` is points × series."""
    starts = ends - length
    for rows, columns in _patterns(missing):
        if rows is None:
            labels, times, values = block.labels, block.times, block.values
        else:
            labels = tuple(block.labels[column] for column in columns.tolist())
            times, values = block.times[rows], block.values[np.ix_(rows, columns)]
        first, last = times.searchsorted(starts, "right"), times.searchsorted(ends, "right")
        yield Window(labels, times, values, first, last, starts, ends, steps)


def _patterns(missing: Flags | None) -> Iterator[tuple[Indexes | None, Indexes]]:
    """Rows and columns of the samples that series have in common; no rows where all have all."""
    everything = np.empty(0, dtype=np.int64)
    if missing is None or not missing.any():
        yield None, everything
        return
    packed = np.packbits(missing, axis=0).T.tobytes()
    width = (missing.shape[0] + 7) // 8
    columns: dict[bytes, list[int]] = {}
    for column in range(missing.shape[1]):
        columns.setdefault(packed[column * width : (column + 1) * width], []).append(column)
    for alike in columns.values():
        rows = np.flatnonzero(~missing[:, alike[0]])
        if rows.size:
            yield rows, np.array(alike, dtype=np.int64)
