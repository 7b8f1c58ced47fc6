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

    WORSE or BETTER: the 95 % interval lies wholly on that side, and the difference is more than trivial for the
    signal. SAME: the interval leaves no room for more than a trivial worsening. Else UNCERTAIN.
    """
    if stable is None or canary is None:
        return NOTHING
    value, low, high = difference(stable, canary)
    if signal.better is Better.NEITHER:
        return Difference(value, low, high, Verdict.NOT_JUDGED)
    trivial = signal.trivial if signal.kind is Kind.RATIO else signal.trivial * abs(stable.value)
    lower_is_better = signal.better is Better.LOWER
    worsening, least, most = (value, low, high) if lower_is_better else (-value, -high, -low)
    return Difference(value, low, high, _verdict(worsening, least, most, trivial))


def _verdict(worsening: float, least: float, most: float, trivial: float) -> Verdict:
    if least > 0 and worsening > trivial:
        return Verdict.WORSE
    if most < 0 and -worsening > trivial:
        return Verdict.BETTER
    return Verdict.SAME if most <= trivial else Verdict.UNCERTAIN
