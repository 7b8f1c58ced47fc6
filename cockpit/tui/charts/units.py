"""Numbers with their units, as short as people read them."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from cockpit.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence


class Scale(NamedTuple):
    """From `size` on, values are shown as multiples of it, with `suffix` behind."""

    size: float
    suffix: str


_PLAIN = Scale(1.0, "")
_SI = (
    Scale(1e12, "T"),
    Scale(1e9, "G"),
    Scale(1e6, "M"),
    Scale(1e3, "k"),
    _PLAIN,
    Scale(1e-6, "µ"),
    Scale(1e-9, "n"),
)
_BINARY = (Scale(2.0**40, "Ti"), Scale(2.0**30, "Gi"), Scale(2.0**20, "Mi"), Scale(2.0**10, "Ki"), _PLAIN)
_SHORT_TIMES = (Scale(1.0, "s"), Scale(1e-3, "ms"), Scale(1e-6, "µs"), Scale(1e-9, "ns"))
_LONG_TIMES = (Scale(86400.0, "d"), Scale(3600.0, "h"), Scale(60.0, "min"))

_LEAST, _MOST = 1e-10, 1e15
"""Beyond these no prefix helps, and the number has an exponent."""
_PLAIN_FROM = 1e-3
"""From here on a number below one is written out: 0.02 requests/s, but 20 µs."""
_LONG_SECONDS = 120.0
"""Below, nobody wants to read minutes."""

_BYTES = {"B": "B", "bytes": "B", "B/s": "B/s", "bytes/s": "B/s"}
_SECONDS = {"s", "seconds"}
_SYMBOLS = {"ratio", *_BYTES, *_SECONDS}
_SHORT_UNIT = 3
_MOST_DECIMALS = 4
"""Ticks that need more, as they lie close together far from zero, are written without a prefix."""


def scale(largest: float, unit: str) -> Scale:
    """How numbers up to `largest` are shown.

    `unit` is "s", "ratio" (shown as %), "bytes", "bytes/s", any other word, or "" for a bare number.
    """
    if unit == "ratio":
        return Scale(0.01, "%")
    if unit == "%":
        return Scale(1.0, "%")
    if unit in _SECONDS:
        times = _SHORT_TIMES if largest < _LONG_SECONDS else _LONG_TIMES
        return _step(largest, times, Scale(1.0, "s"))
    if unit in _BYTES:
        size, prefix = _step(largest, _BINARY, _PLAIN)
        return Scale(size, f"{prefix}{_BYTES[unit]}")
    size, prefix = _PLAIN if _PLAIN_FROM <= largest < 1 else _step(largest, _SI, _PLAIN)
    return Scale(size, f"{prefix} {clean(unit)}".strip())


def labelled(ticks: Sequence[float], unit: str) -> list[str]:
    """The labels of an axis: one scale for all ticks, and as many decimals as tell one from the next.

    A unit that is a word is left out: it would take the chart's room, and stands beside its values already.
    """
    largest = max(map(abs, ticks), default=0.0)
    unit = unit if len(unit) <= _SHORT_UNIT or unit in _SYMBOLS else ""
    step = min((abs(b - a) for a, b in pairwise(ticks)), default=0.0)
    if not step or _is_extreme(largest):
        return [formatted(tick, unit) for tick in ticks]
    size, suffix = scale(largest, unit)
    if (decimals := _decimals(step / size)) > _MOST_DECIMALS:
        size, suffix = scale(1.0, unit)
        decimals = _decimals(step / size)
    return [_joined(_fixed(tick / size, decimals), suffix) for tick in ticks]


def formatted(value: float, unit: str) -> str:
    """One value with three significant digits: "1.23 ms", "14.8 %", "3.2 MiB"; "–" for NaN."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size, suffix = scale(abs(value), unit)
    shown = value / size
    if _is_extreme(abs(value)):
        return _joined(f"{shown:.3g}".replace("e+", "e").replace("-", "−"), suffix)
    magnitude = math.floor(math.log10(abs(shown))) if shown else 0
    text = _fixed(shown, max(0, 2 - magnitude))
    return _joined(text.rstrip("0").rstrip(".") if "." in text else text, suffix)


def _step(largest: float, steps: Sequence[Scale], plain: Scale) -> Scale:
    """The largest step that leaves a digit before the point; `plain` where no step helps."""
    if not largest or _is_extreme(largest):
        return plain
    return next((step for step in steps if largest >= step.size * 0.9995), steps[-1])


def _is_extreme(size: float) -> bool:
    return bool(size) and not _LEAST < size < _MOST


def _fixed(value: float, decimals: int) -> str:
    text = f"{value:.{decimals}f}"
    return text.replace("-", "−" if float(text) else "")


def _joined(number: str, suffix: str) -> str:
    return f"{number} {suffix}".rstrip()


def _decimals(step: float) -> int:
    """How many decimals multiples of a step need; more than nine are not worth their room."""
    exact = (digits for digits in range(9) if step * 10**digits > 0.5 and _is_whole(step * 10**digits))
    return next(exact, 9)


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) <= 1e-6 * max(1.0, abs(value))
