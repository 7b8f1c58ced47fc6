"""What is done to frames whatever is computed: empty ones, joined ones, and series that turn out to be one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cockpit.metrics.engine import QueryError
from cockpit.metrics.labels import NOTHING, notation
from cockpit.metrics.promql.frames import Frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cockpit.metrics.labels import Labels
    from cockpit.metrics.promql.frames import Flags, Floats, Indexes


def empty(steps: int) -> Frame:
    """No series."""
    return Frame((), np.zeros((0, steps)), np.zeros((0, steps), dtype=np.bool_))


def single(values: Floats, labels: Labels = NOTHING) -> Frame:
    """One series that has a value at every step."""
    return Frame((labels,), values[np.newaxis, :], np.ones((1, values.size), dtype=np.bool_))


def stacked(frames: Sequence[Frame], steps: int) -> Frame:
    """The series of all of them, in order."""
    if len(frames) == 1:
        return frames[0]
    if not frames:
        return empty(steps)
    labels = tuple(each for frame in frames for each in frame.labels)
    values = np.concatenate([frame.values for frame in frames])
    return Frame(labels, values, np.concatenate([frame.present for frame in frames]))


def spread(array: NDArray[Any], shape: tuple[int, int]) -> NDArray[Any]:
    """A row or column that stands for all, at full size; numpy takes microseconds where there is nothing to do."""
    return array if array.shape == shape else np.broadcast_to(array, shape)


def taken(frame: Frame, rows: Indexes) -> Frame:
    """These series, in this order."""
    return Frame(tuple(frame.labels[row] for row in rows.tolist()), frame.values[rows], frame.present[rows])


def renamed(frame: Frame, labels: Iterable[Labels]) -> Frame:
    """The frame under other label sets; series that these make one become one. Raises QueryError("evaluation")."""
    return united(Frame(tuple(labels), frame.values, frame.present))


def united(frame: Frame) -> Frame:
    """The frame with every label set once: series that share one are one, unless both have a sample at a step.

    Raises QueryError("evaluation") then.
    """
    first = dict(zip(reversed(frame.labels), range(len(frame.labels) - 1, -1, -1), strict=True))
    if len(first) == len(frame.labels):
        return frame
    values, present = np.copy(frame.values), np.copy(frame.present)
    for row, labels in enumerate(frame.labels):
        into = first[labels]
        if into == row:
            continue
        check_apart(present[into], present[row], labels)
        np.copyto(values[into], values[row], where=present[row])
        present[into] |= present[row]
    return taken(Frame(frame.labels, values, present), np.array(sorted(first.values()), dtype=np.int64))


def check_apart(one: Flags, other: Flags, labels: Labels) -> None:
    """Raise QueryError("evaluation") where two series of one label set have a sample at the same step."""
    if (one & other).any():
        message = f"vector cannot contain metrics with the same labelset: {notation(labels)} is there twice"
        raise QueryError(message, "evaluation", "aggregate them, or select one metric name")
