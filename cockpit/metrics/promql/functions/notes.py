"""What Prometheus remarks beside an answer, in its words: operators search for these lines."""

from __future__ import annotations

import math

WARNING = "PromQL warning: "
INFO = "PromQL info: "


def not_a_counter(metric: str) -> str:
    """rate() and increase() of something that is not named as a counter is."""
    return f'{INFO}metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "{metric}"'


def quantile_out_of_range(quantile: float) -> str:
    """A quantile that none can be."""
    return f"{WARNING}quantile value should be between 0 and 1, got {_number(quantile)}"


def bad_bucket(bound: str) -> str:
    """A series given to histogram_quantile() that is no bucket."""
    return f'{WARNING}bucket label "le" is missing or has a malformed value of "{bound}"'


def not_monotonic() -> str:
    """Buckets that held less than smaller ones do."""
    return (
        f"{INFO}input to histogram_quantile needed to be fixed for monotonicity (see "
        "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)"
    )


def range_has_no_order() -> str:
    """sort() in a range query."""
    return f"{WARNING}sort is ineffective for range queries since results are always ordered by labels"


def _number(value: float) -> str:
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return "NaN" if math.isnan(value) else f"{value:g}"
