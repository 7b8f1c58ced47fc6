"""How far apart the values of a question are, and what `$__interval`, `$__rate_interval` and `$__range` are.

pkg/promlib/models/query.go and packages/grafana-data/src/datetime/rangeutil.ts in grafana/grafana;
https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.times import duration, milliseconds

if TYPE_CHECKING:
    from cockpit.metrics.dashboards.model import Variable

MOST_STEPS = 11_000
"""Values of one line that Prometheus gives at most."""

_RATE = ("$__rate_interval", "${__rate_interval}", "$__rate_interval_ms", "${__rate_interval_ms}")
_INTERVAL = ("$__interval", "${__interval}", "$__interval_ms", "${__interval_ms}")
_LIMITS = (
    *(10, 15, 35, 75, 150, 350, 750, 1500, 3500, 7500, 12_500, 17_500, 25_000, 45_000, 90_000, 210_000, 450_000),
    *(750_000, 1_050_000, 1_500_000, 2_700_000, 5_400_000, 9_000_000, 16_200_000, 32_400_000, 86_400_000),
    *(604_800_000, 1_814_400_000, 3_628_800_000),
)
_ROUND = (
    *(1, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000, 300_000),
    *(600_000, 900_000, 1_200_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000),
    *(86_400_000, 604_800_000, 2_592_000_000, 31_536_000_000),
)
_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Window:
    """What is asked for: from `start` to `end` (epoch milliseconds) about `points` values a line. `scrape` is the
    interval of the samples in milliseconds: no question goes below it."""

    start: int
    end: int
    points: int = 500
    scrape: int = 15_000

    @property
    def length(self) -> int:
        """Milliseconds."""
        return max(0, self.end - self.start)


@dataclass(frozen=True, slots=True)
class Interval:
    """Milliseconds between the values of a question, and those that `$__rate_interval` is for it."""

    step: int
    rate: int


def round_interval(span: float) -> int:
    """The round interval that is nearest to a span in milliseconds."""
    return _ROUND[bisect_right(_LIMITS, span)]


def interval(window: Window, *, panel_step: str = "", target_step: str = "", factor: int = 1) -> Interval:
    """The interval of a question, with the least ones that its panel and its target name: "30s", "$__interval"."""
    least = milliseconds(panel_step) or window.scrape
    safe = -(-window.length // MOST_STEPS)
    wanted = max(round_interval(window.length / max(1, window.points)), least, safe, 1)
    own = milliseconds(target_step)
    step = max(wanted, own or 0)
    if target_step in _RATE:
        rate = _rate(step, window.scrape)
        return Interval(rate, rate)
    scrape = step if target_step in _INTERVAL else own or window.scrape
    return Interval(step * factor, _rate(wanted, scrape))


def built_in(window: Window, found: Interval) -> dict[str, str]:
    """The variables that every expression knows."""
    seconds = round(window.length / 1000)
    return {
        "__interval": duration(found.step),
        "__interval_ms": str(found.step),
        "__rate_interval": duration(found.rate),
        "__rate_interval_ms": str(found.rate),
        "__range": f"{seconds}s",
        "__range_s": str(seconds),
        "__range_ms": str(window.length),
        "__from": str(window.start),
        "__to": str(window.end),
    }


def auto(variable: Variable, window: Window) -> str:
    """What the choice "auto" of an interval variable is: so many steps over the range, and not below its least."""
    least = milliseconds(variable.auto_min) or 0
    return duration(max(round_interval(window.length / max(1, variable.auto)), least))


def _rate(step: int, scrape: int) -> int:
    return max(step + scrape, 4 * scrape)
