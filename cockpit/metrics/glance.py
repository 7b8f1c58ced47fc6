"""The values of many metrics now, in as few questions as engines take: a list asks for what is in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.breakdown import REVISION
from cockpit.metrics.labels import NAME, value_of
from cockpit.metrics.measures import expression, measures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cockpit.metrics.catalogue import Metric
    from cockpit.metrics.engine import Answer

MOST = 20
"""Metrics in one question: our own evaluator takes 250 operators and brackets, of which each has up to 12."""

SERIES_BY_NAME = f'count by ({NAME}) ({{{NAME}=~".+"}})'
"""How many series there are now by the name of their samples."""

_PLACE = "place"


def question(metrics: Sequence[Metric], window: str) -> str:
    """One expression for the first measure of each metric by revision; MOST of them at most."""
    parts = [expression(each, measures(each)[0], (REVISION,), window) for each in metrics]
    return " or ".join(f'label_replace({part}, "{_PLACE}", "{n}", "", "")' for n, part in enumerate(parts))


def values(metrics: Sequence[Metric], answer: Answer) -> Mapping[str, Mapping[str, float]]:
    """What the answer to the question says of each metric, by name and revision; "" is no revision's."""
    found: dict[str, dict[str, float]] = {metric.name: {} for metric in metrics}
    names = {str(n): metric.name for n, metric in enumerate(metrics)}
    for sample in answer.samples:
        if (name := names.get(value_of(sample.labels, _PLACE))) is not None:
            found[name][value_of(sample.labels, REVISION)] = sample.value
    return found


def series_by_name(answer: Answer) -> Mapping[str, int]:
    """What the answer to SERIES_BY_NAME says."""
    return {name: round(each.value) for each in answer.samples if (name := value_of(each.labels, NAME))}
