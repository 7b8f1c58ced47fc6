"""Numbers with decimals as Grafana rounds them.

packages/grafana-data/src/valueFormats/valueFormats.ts in grafana/grafana.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MINUS = "\N{MINUS SIGN}"
_EXACT = 1e15
"""From here on a number has no decimals worth writing."""
_TINY = 1e-6
_HUGE = 1e21


class Formatted(NamedTuple):
    """A value in parts, so that its number can be drawn larger than what stands around it."""

    text: str
    prefix: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        return f"{self.prefix}{self.text}{self.suffix}"


def fixed(value: float, decimals: int | None) -> str:
    """A number with so many decimals; without, with three significant digits and no zeros at its end."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    if decimals is not None:
        return _signed(_rounded(value, decimals))
    text = _rounded(value, _decimals(value))
    return _signed(text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text)


def plain(suffix: str = "", prefix: str = "") -> Callable[[float, int | None], Formatted]:
    """Numbers as they are, with something behind or before."""
    return lambda value, decimals: Formatted(fixed(value, decimals), prefix, suffix)


def scaled(factor: float, suffixes: Sequence[str], offset: int = 0) -> Callable[[float, int | None], Formatted]:
    """Numbers as multiples of powers of a factor; `offset` is the place of the suffix of the number itself."""
    logarithm = math.log(factor)

    def write(value: float, decimals: int | None) -> Formatted:
        if not value or not math.isfinite(value):
            return Formatted(fixed(value, decimals), suffix=suffixes[offset] if not value else "")
        # Logarithms of whole powers come out a little below them.
        power = math.floor(math.log(abs(value)) / logarithm + 1e-9)
        power = min(max(power, -offset), len(suffixes) - offset - 1)
        return Formatted(fixed(value / factor**power, decimals), suffix=suffixes[offset + power])

    return write


def currency(symbol: str, *, behind: bool = False) -> Callable[[float, int | None], Formatted]:
    """Money, with its sign before its symbol."""
    write = scaled(1000, ("", "K", "M", "B", "T"))

    def money(value: float, decimals: int | None) -> Formatted:
        found = write(abs(value), decimals)
        sign = MINUS if value < 0 else ""
        if behind:
            return Formatted(found.text, sign, f"{found.suffix} {symbol}")
        return Formatted(found.text, sign + symbol, found.suffix)

    return money


def scientific(value: float, decimals: int | None) -> Formatted:
    """A number with an exponent."""
    if not math.isfinite(value):
        return Formatted(fixed(value, decimals))
    text = f"{value:e}" if decimals is None else f"{value:.{decimals}e}"
    digits, _, power = text.partition("e")
    digits = digits.rstrip("0").rstrip(".") if decimals is None and "." in digits else digits
    return Formatted(f"{digits}e{int(power):+d}".replace("-", MINUS))


def grouped(value: float, decimals: int | None) -> Formatted:
    """A number with its thousands set apart."""
    if not math.isfinite(value):
        return Formatted(fixed(value, decimals))
    text = f"{value:,.{3 if decimals is None else decimals}f}"
    return Formatted(_signed(text.rstrip("0").rstrip(".") if "." in text else text))


def hexadecimal(prefix: str) -> Callable[[float, int | None], Formatted]:
    """A whole number to the base of 16."""

    def write(value: float, decimals: int | None) -> Formatted:
        if not math.isfinite(value):
            return Formatted(fixed(value, decimals))
        sign = MINUS if value < 0 else ""
        return Formatted(f"{sign}{prefix}{round(abs(value)):X}")

    return write


def truth(yes: str, no: str) -> Callable[[float, int | None], Formatted]:
    """One word for zero, and another for everything else."""
    return lambda value, _decimals: Formatted(yes if value else no)


def _decimals(value: float) -> int:
    """As many as leave three digits that count; none for a whole number."""
    if value == int(value) or abs(value) >= _EXACT:
        return 0
    return max(0, 2 - math.floor(math.log10(abs(value))))


def _rounded(value: float, decimals: int) -> str:
    if value and (abs(value) < _TINY or abs(value) >= _HUGE):
        return f"{value:.3g}".replace("e-0", "e-").replace("e+", "e")
    factor = 10.0**decimals
    # Halves are rounded up, as JavaScript does it.
    rounded = math.floor(value * factor + 0.5) / factor if abs(value) < _EXACT else value
    return f"{rounded:.{decimals}f}"


def _signed(text: str) -> str:
    negative = text.startswith("-")
    shown = any(digit in "123456789∞" for digit in text)
    return text.replace("-", MINUS if shown else "") if negative else text.replace("-", MINUS)
