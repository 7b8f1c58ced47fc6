"""Windows read in two ways: at their edges for all steps at once, or one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.promql.frames import Rolled

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.metrics.promql.frames import Flags, Floats, Indexes, Window


def sizes(window: Window) -> Indexes:
    """How many samples the window of each step has."""
    return window.last - window.first


def rows_from_start(window: Window, offset: int = 0) -> Indexes:
    """The row of each window's first sample, or some after it; another row where the window has none."""
    return np.minimum(window.first + offset, window.times.size - 1)


def rows_from_end(window: Window, offset: int = 0) -> Indexes:
    """The row of each window's last sample, or some before it; another row where the window has none."""
    return np.maximum(window.last - 1 - offset, 0)


def rolled(by_step: Floats, present: Flags) -> Rolled:
    """The result from values of steps × series, and where the steps have one."""
    return Rolled(by_step.T, present[np.newaxis, :])


def one_by_one(window: Window, fold: Callable[[Floats], Floats]) -> Rolled:
    """Each window that has samples, folded: from samples × series to one value a series.

    A loop over the steps, as numpy's own windows (reduceat) are slower by half an order and more.
    """
    return steps_one_by_one(window, lambda samples, _: fold(samples))


def steps_one_by_one(window: Window, fold: Callable[[Floats, int], Floats]) -> Rolled:
    """The same where the fold needs the number of the step, too."""
    by_step = np.zeros((window.first.size, len(window.labels)))
    present = sizes(window) > 0
    for step in np.flatnonzero(present).tolist():
        by_step[step] = fold(window.values[window.first[step] : window.last[step]], step)
    return rolled(by_step, present)
