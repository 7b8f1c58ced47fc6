"""What PromQL knows and this evaluator does not: experimental functions, and those of native histograms."""

from __future__ import annotations

from cockpit.metrics.engine import QueryError

EXPERIMENTAL = frozenset(
    {
        "double_exponential_smoothing",
        "end",
        "histogram_quantiles",
        "holt_winters",
        "info",
        "mad_over_time",
        "max_of",
        "min_of",
        "range",
        "sort_by_label",
        "sort_by_label_desc",
        "start",
        "start_timestamp",
        "step",
        "ts_of_first_over_time",
        "ts_of_last_over_time",
        "ts_of_max_over_time",
        "ts_of_min_over_time",
    }
)
NATIVE = frozenset({"histogram_avg", "histogram_count", "histogram_stddev", "histogram_stdvar", "histogram_sum"})


def refuse_unsupported(name: str, position: int | None = None) -> None:
    """Raise QueryError("unsupported") for a function that Prometheus has and this evaluator has not."""
    if name in EXPERIMENTAL:
        reason, mend = "is experimental in Prometheus", "query an engine that has it enabled"
    elif name in NATIVE:
        reason, mend = "is for native histograms", "use the series NAME_bucket, NAME_sum and NAME_count"
    else:
        return
    raise QueryError(f"{name}() {reason} and not supported here", "unsupported", mend, position)
