"""Values of one signal side by side: one unit and as many decimals for all of them, so that they line up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from cockpit.metrics.signals.signal import Kind
from cockpit.tui.charts.units import scale

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cockpit.metrics.signals.signal import Signal

MINUS = "\N{MINUS SIGN}"
_MANY = 1e6
"""From here on, and for what is smaller than its decimals, a number has an exponent."""


class Measure(NamedTuple):
    """How the values of a signal are written: as multiples of `size`, `unit` behind, with so many decimals."""

    size: float
    unit: str
    decimals: int

    def number(self, value: float) -> str:
        """A value without its unit; "–" for NaN."""
        if math.isnan(value):
            return "–"
        if math.isinf(value):
            return "∞" if value > 0 else f"{MINUS}∞"
        shown = value / self.size
        text = f"{shown:.3g}" if abs(shown) >= _MANY else f"{shown:.{self.decimals}f}"
        return text.replace("-", MINUS if float(text) else "")

    def signed(self, value: float) -> str:
        """A difference without its unit, with its sign: "+0.03", "−3.1"; "0.0" where it rounds to nothing."""
        text = self.number(value)
        return f"+{text}" if value > 0 and any(digit in "123456789∞" for digit in text) else text


def measure(signal: Signal, values: Iterable[float]) -> Measure:
    """How to write these values of a signal: three digits for the largest of them."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    size, unit = _scale(signal, largest)
    shown = largest / size
    return Measure(size, unit, _decimals(shown) if shown else 0)


def _decimals(largest: float) -> int:
    """As many as leave three digits, rounding included, and never more than three."""
    return next((digits for digits, size in enumerate((99.95, 9.995, 0.0995)) if largest >= size), 3)


def _scale(signal: Signal, largest: float) -> tuple[float, str]:
    if signal.kind is Kind.RATIO:
        return scale(largest, "ratio")
    if signal.kind is Kind.RATE:
        size, unit = scale(largest, signal.unit)
        return size, f"{unit}/s"
    if signal.unit == "ms":
        size, unit = scale(largest / 1000, "s")
        return size * 1000, unit
    return scale(largest, signal.unit)
