"""PromQL's functions, by name: those of range vectors and those of instant vectors.

Those that are not here need the expression itself and not only its arguments' values (absent(), scalar(),
vector(), sort(), time(), timestamp() and their kin): the evaluator has them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from cockpit.metrics.promql.functions.arithmetic import ARITHMETIC
from cockpit.metrics.promql.functions.dates import DATES
from cockpit.metrics.promql.functions.histograms import HISTOGRAMS
from cockpit.metrics.promql.functions.kinds import Context, InstantFunction, RangeFunction
from cockpit.metrics.promql.functions.over_time import OVER_TIME
from cockpit.metrics.promql.functions.rates import RATES
from cockpit.metrics.promql.functions.relabel import RELABEL
from cockpit.metrics.promql.functions.trends import TRENDS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["INSTANT", "RANGE", "Context", "InstantFunction", "RangeFunction"]

RANGE: Mapping[str, RangeFunction] = MappingProxyType(
    {function.name: function for function in (*RATES, *OVER_TIME, *TRENDS)}
)
INSTANT: Mapping[str, InstantFunction] = MappingProxyType(
    {function.name: function for function in (*ARITHMETIC, *DATES, *HISTOGRAMS, *RELABEL)}
)
