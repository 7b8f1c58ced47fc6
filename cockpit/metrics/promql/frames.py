"""The two shapes that PromQL's vectors have while they are evaluated over all steps at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cockpit.metrics.labels import Labels

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Indexes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """An instant vector at every step: `values` (float64) and `present` (bool) are series × steps.

    Where `present` is False there is no sample and the value means nothing; a NaN that is present is a sample.
    """

    labels: tuple[Labels, ...]
    values: Floats
    present: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A range vector at every step, of series that have their samples at the same times and all of them.

    `times` (int64, points) are epoch milliseconds, `values` (float64) is points × series: dense, as series with
    gaps are given a window of their own. At step s the window is `times[first[s]:last[s]]`, which are those in
    starts[s] < time <= ends[s]; it may be empty. `steps` are the moments that are answered for: `ends` before
    any offset and @, which predict_linear() looks ahead from.
    """

    labels: tuple[Labels, ...]
    times: Indexes
    values: Floats
    first: Indexes
    last: Indexes
    starts: Indexes
    ends: Indexes
    steps: Indexes


class Rolled(NamedTuple):
    """What a range function makes of a window: `values` is series × steps, `present` the same or one row."""

    values: Floats
    present: Flags
