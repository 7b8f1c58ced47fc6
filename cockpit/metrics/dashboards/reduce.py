"""One value out of many: Grafana's reduce calculations.

packages/grafana-data/src/transformations/fieldReducer.ts in grafana/grafana. NaN is no value, as it is there: the
Prometheus data source turns it into null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Values = NDArray[np.float64]

OLD_NAMES = {"current": "lastNotNull", "avg": "mean", "total": "sum"}
"""What Grafana called them before."""


def reduced(values: Values, calculation: str) -> float | None:
    """What a calculation comes to, in ascending time; None where it comes to nothing, or is not known.

    Truths, as `allIsNull`, are 1 and 0.
    """
    name = OLD_NAMES.get(calculation, calculation)
    if name in _OF_ALL:
        return _OF_ALL[name](values)
    there = values[~np.isnan(values)]
    if name in _COUNTING:
        return _COUNTING[name](there)
    percentile = _percentile(name)
    if not there.size or (percentile is None and name not in _OF_SOME):
        return None
    found = _OF_SOME[name](there) if percentile is None else float(np.percentile(there, percentile))
    return None if found is None or np.isnan(found) else found


def is_known(calculation: str) -> bool:
    """Whether a calculation of this name can be done."""
    name = OLD_NAMES.get(calculation, calculation)
    return name in _OF_ALL or name in _COUNTING or name in _OF_SOME or _percentile(name) is not None


def counts(calculation: str) -> bool:
    """Whether what comes out is a count or a truth, and has no unit of the values."""
    name = OLD_NAMES.get(calculation, calculation)
    return name in _UNITLESS


def title(calculation: str) -> str:
    """What a calculation is called in a legend: "last", "max", "p95"."""
    name = OLD_NAMES.get(calculation, calculation)
    return _TITLES.get(name, name)


def _percentile(name: str) -> int | None:
    """The number of "p95"."""
    digits = name.removeprefix("p")
    return int(digits) if name != digits and digits.isascii() and digits.isdigit() and len(digits) <= 2 else None


def _at(values: Values, place: int) -> float | None:
    return None if not values.size or np.isnan(values[place]) else float(values[place])


def _delta(values: Values) -> float:
    """The growth of a counter: from a drop on it is counted from zero."""
    steps = np.diff(values)
    return float(np.where(steps < 0, values[1:], steps).sum())


def _least_above_zero(values: Values) -> float | None:
    above = values[values > 0]
    return float(above.min()) if above.size else None


_OF_ALL: dict[str, Callable[[Values], float | None]] = {
    "last": lambda values: _at(values, -1),
    "first": lambda values: _at(values, 0),
    "count": lambda values: float(values.size),
    "allIsNull": lambda values: float(bool(np.isnan(values).all())),
}
_COUNTING: dict[str, Callable[[Values], float]] = {
    "sum": lambda values: float(values.sum()),
    "allIsZero": lambda values: float(bool(values.size) and not values.any()),
    "changeCount": lambda values: float(np.count_nonzero(np.diff(values))),
    "distinctCount": lambda values: float(np.unique(values).size),
}
_OF_SOME: dict[str, Callable[[Values], float | None]] = {
    "lastNotNull": lambda values: float(values[-1]),
    "firstNotNull": lambda values: float(values[0]),
    "min": lambda values: float(values.min()),
    "max": lambda values: float(values.max()),
    "mean": lambda values: float(values.mean()),
    "median": lambda values: float(np.median(values)),
    "range": lambda values: float(values.max() - values.min()),
    "diff": lambda values: float(values[-1] - values[0]),
    "diffperc": lambda values: float((values[-1] - values[0]) / values[0]) if values[0] else None,
    "delta": _delta,
    "step": lambda values: float(np.diff(values).min()) if values.size > 1 else None,
    "logmin": _least_above_zero,
    "stdDev": lambda values: float(values.std()),
    "variance": lambda values: float(values.var()),
}
_UNITLESS = {"count", "changeCount", "distinctCount", "allIsNull", "allIsZero"}
_TITLES = {
    "lastNotNull": "last",
    "firstNotNull": "first",
    "sum": "total",
    "diffperc": "difference %",
    "diff": "difference",
    "logmin": "min > 0",
    "allIsNull": "all null",
    "allIsZero": "all zero",
    "changeCount": "changes",
    "distinctCount": "distinct",
    "stdDev": "std dev",
}
