"""The two kinds of functions that PromQL has here, as the evaluator calls them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.promql.frames import Frame, Rolled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cockpit.metrics.promql.frames import Floats, Indexes, Window
    from cockpit.metrics.promql.scope import Budget

    Argument = Frame | Floats | str
    """An evaluated argument: an instant vector, a scalar (float64, one value a step) or a string."""


def silent(windows: Sequence[Window], *scalars: Floats) -> Iterable[str]:  # noqa: ARG001
    """The hints of a function that has none to give."""
    return ()


@dataclass(frozen=True, slots=True)
class RangeFunction:
    """A function of a range vector, like rate(), of all its windows at once: each has other times, same steps.

    Scalars are float64, one value a step. `window_argument` is the position of the range among the arguments in
    PromQL; the scalars follow in their own order. The evaluator drops the metric's name unless `keeps_name`.
    """

    name: str
    roll: Callable[..., Rolled]
    keeps_name: bool = False
    window_argument: int = 0
    hints: Callable[..., Iterable[str]] = silent
    """What Prometheus would remark on these arguments, as notes of the answer; called like the function itself."""

    def __call__(self, windows: Sequence[Window], *scalars: Floats) -> Rolled:
        """One value a series and step, where the window there has what the function needs.

        The series are those of all the windows in their order. One window at least, and a point in each.
        """
        with np.errstate(all="ignore"):
            return self.roll(windows, *scalars)


def each(roll: Callable[..., Rolled]) -> Callable[..., Rolled]:
    """A function of all windows from one of a single window."""

    def over(windows: Sequence[Window], *scalars: Floats) -> Rolled:
        if len(windows) == 1:
            rolled: Rolled = roll(windows[0], *scalars)
            return rolled
        parts = [roll(window, *scalars) for window in windows]
        present = [np.broadcast_to(part.present, part.values.shape) for part in parts]
        return Rolled(np.concatenate([part.values for part in parts]), np.concatenate(present))

    return over


@dataclass(frozen=True, slots=True)
class Context:
    """What a function knows beside its arguments: the steps, in epoch milliseconds; where it leaves notes; and
    where it accounts for the labels it writes."""

    steps: Indexes
    notes: set[str]
    budget: Budget


@dataclass(frozen=True, slots=True)
class InstantFunction:
    """A function of instant vectors, scalars and strings.

    It drops the metric's name itself where PromQL says so, and may give one label set to several series: whether
    they can be one is the evaluator's to decide. Raises QueryError("evaluation").
    """

    name: str
    apply: Callable[[Sequence[Argument], Context], Frame]

    def __call__(self, arguments: Sequence[Argument], context: Context) -> Frame:
        """The instant vector that the arguments come to."""
        with np.errstate(all="ignore"):
            return self.apply(arguments, context)
