"""The two kinds of functions that PromQL has here, as the evaluator calls them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.promql.frames import Frame, Rolled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cockpit.metrics.promql.frames import Floats, Indexes, Window

    Argument = Frame | Floats | str
    """An evaluated argument: an instant vector, a scalar (float64, one value a step) or a string."""


def silent(window: Window, *scalars: Floats) -> Iterable[str]:  # noqa: ARG001
    """The hints of a function that has none to give."""
    return ()


@dataclass(frozen=True, slots=True)
class RangeFunction:
    """A function of a range vector, like rate(); the evaluator calls it once a window.

    Scalars are float64, one value a step. `window_argument` is the window's position among the arguments in
    PromQL; the scalars follow in their own order. The evaluator drops the metric's name unless `keeps_name`.
    """

    name: str
    roll: Callable[..., Rolled]
    keeps_name: bool = False
    window_argument: int = 0
    hints: Callable[..., Iterable[str]] = silent
    """What Prometheus would remark on these arguments, as notes of the answer; called like the function itself."""

    def __call__(self, window: Window, *scalars: Floats) -> Rolled:
        """One value a series and step, where the window there has what the function needs."""
        if not window.times.size:
            return _nothing(window)
        with np.errstate(all="ignore"):
            return self.roll(window, *scalars)


def _nothing(window: Window) -> Rolled:
    shape = len(window.labels), window.first.size
    return Rolled(np.zeros(shape), np.zeros(shape, dtype=np.bool_))


@dataclass(frozen=True, slots=True)
class Context:
    """What a function knows beside its arguments: the steps, in epoch milliseconds; and where it leaves notes."""

    steps: Indexes
    notes: set[str] = field(default_factory=set)


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
