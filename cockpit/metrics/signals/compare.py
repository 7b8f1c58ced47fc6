"""The canary against the stable revision: the difference, how sure it is, and what it means."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from cockpit.metrics.signals.estimate import difference
from cockpit.metrics.signals.reading import Difference, Verdict
from cockpit.metrics.signals.signal import Better, Kind

if TYPE_CHECKING:
    from cockpit.metrics.signals.reading import Estimate
    from cockpit.metrics.signals.signal import Signal

NOTHING = Difference(math.nan, math.nan, math.nan, Verdict.NO_DATA)


def compare(signal: Signal, stable: Estimate | None, canary: Estimate | None) -> Difference:
    """How the canary differs; None stands for a revision without data, and no data is never a pass.

    WORSE or BETTER: the difference is more than trivial for the signal, and surely on that side: signals are read
    over and over, so that what is only likely would be said of equal revisions many times an hour. LIKELY_WORSE:
    more than trivial, and the 95 % interval leaves no room for anything else. SAME: it leaves no room for more
    than a trivial worsening. Else UNCERTAIN.
    """
    if stable is None or canary is None:
        return NOTHING
    value, low, high = difference(stable, canary)
    if signal.better is Better.NEITHER:
        return Difference(value, low, high, Verdict.NOT_JUDGED)
    _, least, most = difference(stable.surely, canary.surely)
    if signal.better is Better.HIGHER:
        verdict = _verdict(-value, (-most, -least), (-high, -low), _trivial(signal, stable))
    else:
        verdict = _verdict(value, (least, most), (low, high), _trivial(signal, stable))
    return Difference(value, low, high, verdict)


def _trivial(signal: Signal, stable: Estimate) -> float:
    """The difference that does not matter, in the unit of the values."""
    return signal.trivial if signal.kind is Kind.RATIO else signal.trivial * abs(stable.value)


def _verdict(
    worsening: float, surely: tuple[float, float], likely: tuple[float, float], trivial: float
) -> Verdict:
    """What a worsening means that surely lies between two bounds, and likely between two closer ones."""
    if worsening > trivial and likely[0] > 0:
        return Verdict.WORSE if surely[0] > 0 else Verdict.LIKELY_WORSE
    if -worsening > trivial and surely[1] < 0:
        return Verdict.BETTER
    return Verdict.SAME if likely[1] <= trivial else Verdict.UNCERTAIN
