"""PromQL's words, each with what it does in a few words, for those that write expressions."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTING = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})
"""Words that a list of labels follows, in parentheses."""

FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        "abs": "without the sign",
        "absent": "1 where there is no such series",
        "absent_over_time": "1 where a range has no samples",
        "acos": "arc cosine, in radians",
        "acosh": "inverse hyperbolic cosine",
        "asin": "arc sine, in radians",
        "asinh": "inverse hyperbolic sine",
        "atan": "arc tangent, in radians",
        "atanh": "inverse hyperbolic tangent",
        "avg_over_time": "mean of a range",
        "ceil": "rounded up to a whole number",
        "changes": "how often the value changed in a range",
        "clamp": "(v, min, max) kept between two bounds",
        "clamp_max": "(v, max) no more than a bound",
        "clamp_min": "(v, min) no less than a bound",
        "cos": "cosine of radians",
        "cosh": "hyperbolic cosine",
        "count_over_time": "samples in a range",
        "day_of_month": "1 to 31, of Unix seconds in UTC",
        "day_of_week": "0 (Sunday) to 6, of Unix seconds in UTC",
        "day_of_year": "1 to 366, of Unix seconds in UTC",
        "days_in_month": "28 to 31, of Unix seconds in UTC",
        "deg": "radians to degrees",
        "delta": "difference between a range's ends; for gauges",
        "deriv": "slope of a range per second; for gauges",
        "exp": "e to the power",
        "first_over_time": "oldest sample of a range",
        "floor": "rounded down to a whole number",
        "histogram_fraction": "(lower, upper, b) share of observations between two values",
        "histogram_quantile": "(q, b) quantile of a histogram's buckets by le",
        "hour": "0 to 23, of Unix seconds in UTC",
        "idelta": "difference of the last two samples; for gauges",
        "increase": "growth of a counter over a range",
        "irate": "growth of a counter per second, by its last two samples",
        "label_join": "(v, dst, separator, src…) a label made of others",
        "label_replace": "(v, dst, replacement, src, regex) a label made by a regex",
        "last_over_time": "newest sample of a range",
        "ln": "natural logarithm",
        "log10": "decimal logarithm",
        "log2": "binary logarithm",
        "max_over_time": "largest of a range",
        "min_over_time": "smallest of a range",
        "minute": "0 to 59, of Unix seconds in UTC",
        "month": "1 to 12, of Unix seconds in UTC",
        "pi": "3.14159…",
        "predict_linear": "(v, seconds) where a gauge's trend leads; for gauges",
        "present_over_time": "1 where a range has samples",
        "quantile_over_time": "(q, v) quantile of a range",
        "rad": "degrees to radians",
        "rate": "growth of a counter per second, over a range",
        "resets": "how often a counter started anew in a range",
        "round": "(v, to) rounded to a multiple, else to a whole number",
        "scalar": "the value of the only series",
        "sgn": "-1, 0 or 1 by sign",
        "sin": "sine of radians",
        "sinh": "hyperbolic sine",
        "sort": "smallest first; of a table",
        "sort_desc": "largest first; of a table",
        "sqrt": "square root",
        "stddev_over_time": "standard deviation of a range",
        "stdvar_over_time": "variance of a range",
        "sum_over_time": "sum of a range",
        "tan": "tangent of radians",
        "tanh": "hyperbolic tangent",
        "time": "now, in Unix seconds",
        "timestamp": "when each sample was taken, in Unix seconds",
        "vector": "a number as a series without labels",
        "year": "of Unix seconds in UTC",
    }
)

AGGREGATIONS: Mapping[str, str] = MappingProxyType(
    {
        "sum": "of each group",
        "avg": "mean of each group",
        "min": "smallest of each group",
        "max": "largest of each group",
        "count": "series of each group",
        "count_values": '("label", v) series by their value',
        "group": "1 for each group",
        "quantile": "(q, v) quantile of each group",
        "stddev": "standard deviation of each group",
        "stdvar": "variance of each group",
        "topk": "(k, v) the k largest",
        "bottomk": "(k, v) the k smallest",
    }
)

OPERATORS: Mapping[str, str] = MappingProxyType(
    {
        "and": "left where right has its labels, too",
        "or": "left, and what only right has",
        "unless": "left where right has not its labels",
        "atan2": "angle of two values, in radians",
        "offset": "as it was some time ago",
        "bool": "0 or 1 in place of filtering",
        "on": "match by these labels",
        "ignoring": "match by all labels but these",
        "group_left": "many left to one right",
        "group_right": "one left to many right",
    }
)
"""What may stand behind an operand, or behind the operator that follows one."""

GROUPINGS: Mapping[str, str] = MappingProxyType(
    {"by": "one series for each set of these labels", "without": "one series for each set of all other labels"}
)

DURATIONS: Mapping[str, str] = MappingProxyType(
    {
        "1m": "a minute",
        "5m": "5 minutes",
        "30s": "30 seconds",
        "15m": "15 minutes",
        "30m": "30 minutes",
        "1h": "an hour",
        "6h": "6 hours",
        "1d": "a day",
    }
)
