"""Windows and vectors for tests of functions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cockpit.metrics.labels import Labels, labels_of
from cockpit.metrics.promql.frames import Frame, Rolled, Window
from cockpit.metrics.promql.functions import INSTANT, RANGE, Context
from cockpit.metrics.promql.scope import Budget, Limits

Floats = NDArray[np.float64]


def window(
    columns: Sequence[Sequence[float]],
    times: Sequence[int],
    ends: Sequence[int],
    length: int,
    name: str = "x_total",
) -> Window:
    """Series with the samples of `columns` at `times`, in windows of `length` that end at `ends`; all in ms."""
    starts = np.array(ends, dtype=np.int64) - length
    held = np.array(times, dtype=np.int64)
    return Window(
        labels=tuple(labels_of({"__name__": name, "series": str(place)}) for place in range(len(columns))),
        times=held,
        values=np.array(columns, dtype=np.float64).reshape(len(columns), held.size).T,
        first=np.searchsorted(held, starts, side="right"),
        last=np.searchsorted(held, ends, side="right"),
        starts=starts,
        ends=np.array(ends, dtype=np.int64),
        steps=np.array(ends, dtype=np.int64),
    )


def roll(name: str, over: Window | Sequence[Window], *scalars: float) -> list[list[float | None]]:
    """What a range function makes of windows: series × steps, None where it has no value."""
    windows = [over] if isinstance(over, Window) else over
    steps = windows[0].first.size
    result = RANGE[name](windows, *(np.full(steps, scalar) for scalar in scalars))
    return _cells(result)


def _cells(result: Rolled | Frame) -> list[list[float | None]]:
    there = np.broadcast_to(result.present, result.values.shape)
    return [
        [float(value) if present else None for value, present in zip(values, presents, strict=True)]
        for values, presents in zip(result.values, there, strict=True)
    ]


def vector(series: dict[str, Sequence[float | None]] | Sequence[tuple[Labels, Sequence[float | None]]]) -> Frame:
    """A vector over steps from the values of each series, None where it has none; keys become `x{series=KEY}`."""
    if isinstance(series, dict):
        series = [(labels_of({"__name__": "x", "series": key}), values) for key, values in series.items()]
    present = [[value is not None for value in values] for _, values in series]
    held = [[0.0 if value is None else value for value in values] for _, values in series]
    return Frame(tuple(labels for labels, _ in series), np.array(held), np.array(present, dtype=np.bool_))


def apply(name: str, *arguments: Frame | Floats | str, at: Sequence[int] = (0,)) -> Frame:
    """An instant function of these arguments."""
    return INSTANT[name](arguments, _context(at))


def _context(at: Sequence[int]) -> Context:
    return Context(np.array(at, dtype=np.int64), set(), Budget(Limits()))


def noted(name: str, *arguments: Frame | Floats | str) -> set[str]:
    """What an instant function remarks on these arguments."""
    context = _context((0,))
    INSTANT[name](arguments, context)
    return context.notes


def cells(frame: Frame) -> list[list[float | None]]:
    """The values of a vector, series × steps, None where it has none."""
    return _cells(frame)
