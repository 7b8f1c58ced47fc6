"""How large something is, in words."""

from __future__ import annotations

_UNITS = ("KiB", "MiB", "GiB")


def size(amount: float) -> str:
    """Bytes with three significant digits: "812 KiB", "1.25 MiB"."""
    if amount < 1024:
        return f"{amount:.0f} B"
    for unit in _UNITS:
        amount /= 1024
        if amount < 999.5 or unit == _UNITS[-1]:
            break
    return f"{amount:.3g} {unit}" if amount < 999.5 else f"{amount:.0f} {unit}"
