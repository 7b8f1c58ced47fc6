"""What series are called: legendFormat, and what Grafana chooses where there is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cockpit.metrics.labels import NAME, notation, without

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.metrics.labels import Labels

AUTO = "__auto"
_HOLE = re.compile(r"\{\{([^{}]{1,200})\}\}")
_FIELD = re.compile(
    r"""\$\{__(?:field|series)\.(name|displayName|labels(?:\.([^}"]{1,200})|\["([^"}]{1,200})"\])?)\}"""
)
_WORDS = re.compile(r"\$__(field_name|series_name|cell_0)\b")


def series_names(legend: str, expression: str, sets: Sequence[Labels]) -> list[str]:
    """What the series of one answer are called.

    `{{label}}` is the label's value; "" is the series as Prometheus writes it, "__auto" what tells it from the
    others; a series without labels is called as the expression.
    """
    if legend and legend != AUTO:
        return [_filled(legend, labels) for labels in sets]
    if legend == AUTO:
        return _telling(sets, expression)
    return [notation(labels) if labels else expression for labels in sets]


def display_name(template: str, name: str, labels: Labels) -> str:
    """A displayName: `${__field.name}` is the series' own name, `${__field.labels.job}` a label of it."""

    def put(match: re.Match[str]) -> str:
        if match[1] in ("name", "displayName"):
            return name
        wanted = match[2] or match[3]
        return dict(labels).get(wanted, "") if wanted else notation(without(labels, (NAME,)))

    return _WORDS.sub(lambda _: name, _FIELD.sub(put, template))


def _filled(legend: str, labels: Labels) -> str:
    values = dict(labels)
    return _HOLE.sub(lambda hole: values.get(hole[1].strip(), ""), legend)


def _telling(sets: Sequence[Labels], expression: str) -> list[str]:
    """By the labels that differ; by all, where there is one series only."""
    values: dict[str, set[str]] = {}
    for labels in sets:
        for name, value in labels:
            values.setdefault(name, set()).add(value)
    common = {
        name
        for name, found in values.items()
        if len(found) == 1 and len(sets) > 1 and all(name in dict(labels) for labels in sets)
    }
    kept = [
        without(labels, common | {NAME}) if len(values) - len(common) > 1 else without(labels, common)
        for labels in sets
    ]
    names = {name for labels in kept for name, _ in labels}
    if len(names) == 1:
        return [labels[0][1] if labels else expression for labels in kept]
    return [notation(labels) if labels else expression for labels in kept]
