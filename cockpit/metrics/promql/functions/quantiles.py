"""Which quantiles there are, and what the others come to, alike in all functions and aggregations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.promql.functions.notes import quantile_out_of_range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.metrics.promql.frames import Flags, Floats


def is_quantile(asked: Floats) -> Flags:
    """Whether it is from 0 to 1."""
    sensible: Flags = (asked >= 0) & (asked <= 1)
    return sensible


def beyond(asked: Floats) -> Floats:
    """What one comes to that is none: below 0 −Inf, above 1 +Inf, and NaN is NaN, as Prometheus has it."""
    return np.where(asked < 0, -np.inf, np.where(asked > 1, np.inf, np.nan))


def remarks(asked: Floats) -> Iterator[str]:
    """A warning for each value that is no quantile."""
    for value in np.unique(asked[~is_quantile(asked)]).tolist():
        yield quantile_out_of_range(value)
