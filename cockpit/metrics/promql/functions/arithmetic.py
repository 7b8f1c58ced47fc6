"""Functions of each value by itself: powers and logarithms, angles, rounding, bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from cockpit.metrics.promql.frames import Frame
from cockpit.metrics.promql.functions.kinds import InstantFunction
from cockpit.metrics.promql.functions.naming import nameless

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.metrics.promql.frames import Floats
    from cockpit.metrics.promql.functions.kinds import Argument, Context

    Elementwise = Callable[[Floats], Floats]

ELEMENTWISE: dict[str, Elementwise] = {
    "abs": np.abs,
    "acos": np.arccos,
    "acosh": np.arccosh,
    "asin": np.arcsin,
    "asinh": np.arcsinh,
    "atan": np.arctan,
    "atanh": np.arctanh,
    "ceil": np.ceil,
    "cos": np.cos,
    "cosh": np.cosh,
    "deg": np.rad2deg,
    "exp": np.exp,
    "floor": np.floor,
    "ln": np.log,
    "log10": np.log10,
    "log2": np.log2,
    "rad": np.deg2rad,
    "sgn": np.sign,
    "sin": np.sin,
    "sinh": np.sinh,
    "sqrt": np.sqrt,
    "tan": np.tan,
    "tanh": np.tanh,
}


def _elementwise(name: str, function: Elementwise) -> InstantFunction:
    def apply(arguments: Sequence[Argument], _: Context) -> Frame:
        [vector] = arguments
        return _with_values(cast("Frame", vector), function(cast("Frame", vector).values))

    return InstantFunction(name, apply)


def _round(arguments: Sequence[Argument], _: Context) -> Frame:
    """To the nearest multiple, halves upwards."""
    vector = cast("Frame", arguments[0])
    # The inverse is kept, as 1 / 0.1 is exact where 0.1 is not.
    inverse = 1 / cast("Floats", arguments[1]) if len(arguments) > 1 else np.ones(1)
    return _with_values(vector, np.floor(vector.values * inverse + 0.5) / inverse)


def _clamp(arguments: Sequence[Argument], _: Context) -> Frame:
    """Nothing where the bounds cross."""
    vector, least, greatest = cast("tuple[Frame, Floats, Floats]", tuple(arguments))
    bounded = _with_values(vector, _at_least(least, _at_most(greatest, vector.values)))
    return Frame(bounded.labels, bounded.values, bounded.present & ~(greatest < least))


def _clamp_min(arguments: Sequence[Argument], _: Context) -> Frame:
    vector, least = cast("tuple[Frame, Floats]", tuple(arguments))
    return _with_values(vector, _at_least(least, vector.values))


def _clamp_max(arguments: Sequence[Argument], _: Context) -> Frame:
    vector, greatest = cast("tuple[Frame, Floats]", tuple(arguments))
    return _with_values(vector, _at_most(greatest, vector.values))


def _at_least(bound: Floats, values: Floats) -> Floats:
    """The greater of the two. To Go, and so to Prometheus, nothing exceeds +Inf, a NaN included."""
    endless = np.isposinf(bound) | np.isposinf(values)
    return np.where(endless, np.inf, np.maximum(bound, values))


def _at_most(bound: Floats, values: Floats) -> Floats:
    """The smaller of the two; -Inf beside a NaN."""
    return -_at_least(-bound, -values)


def _with_values(vector: Frame, values: Floats) -> Frame:
    return Frame(nameless(vector), values, vector.present)


ARITHMETIC = (
    *(_elementwise(name, function) for name, function in ELEMENTWISE.items()),
    InstantFunction("clamp", _clamp),
    InstantFunction("clamp_max", _clamp_max),
    InstantFunction("clamp_min", _clamp_min),
    InstantFunction("round", _round),
)
