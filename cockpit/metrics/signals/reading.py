"""What a signal reads, by revision, and how the canary differs from the stable revision."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.metrics.signals.signal import Signal


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval, which may be open (±inf), and the number of samples it stands on.

    Samples are requests or other events; for a gauge they are instances. `sure` are the bounds that an alarm is
    raised on (`estimate.SURE`), None where they are the same.
    """

    value: float
    low: float
    high: float
    n: float
    sure: tuple[float, float] | None = None

    @property
    def surely(self) -> Estimate:
        """The value within the bounds that an alarm is raised on."""
        return self if self.sure is None else Estimate(self.value, *self.sure, self.n)


@dataclass(frozen=True, slots=True)
class Reading:
    """One signal as it was read: by revision the estimate now, and its course, oldest first, for a sparkline.

    A revision without data has no entry; a step without data is NaN. `at` is the moment of the reading, on the
    clock of whoever shows its age. `problem` is why there is nothing: its expression cannot be answered.
    """

    signal: Signal
    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    courses: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    at: float | None = None
    problem: str = ""


class Verdict(Enum):
    """How the canary stands against the stable revision (see `compare`); WORSE is sure, SAME and BETTER a pass.

    LIKELY_WORSE: its 95 % interval says so, which chance alone does several times an hour. UNCERTAIN: too few data
    to tell. NOT_JUDGED: the signal has no better side.
    """

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    LIKELY_WORSE = "likely worse"
    UNCERTAIN = "too few data"
    NO_DATA = "no data"
    NOT_JUDGED = "not judged"


@dataclass(frozen=True, slots=True)
class Difference:
    """Canary less stable, with its 95 % interval; NaN all three where one of them has no data."""

    value: float
    low: float
    high: float
    verdict: Verdict

    @property
    def margin(self) -> float:
        """What stands behind ±: how far the interval reaches towards no difference, inf where one side is open.

        An interval of shares is lopsided; half its width would say that no difference is likely where it is not.
        """
        if math.isinf(self.high - self.low):
            return math.inf
        return self.value - self.low if self.value > 0 else self.high - self.value
