"""The labels of a metric: their values, and into how many lines each would split its chart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.metrics.labels import NAME, only

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from cockpit.metrics.labels import Labels

REVISION = "revision"
MOST_VALUES = 20
"""Values of a label that a chart may be split by."""
MOST_LINES = 40
"""Lines of a chart that is split by several labels."""

_OURS = ("tag", "instance", "service")
"""What the cockpit adds beside the revision: of less interest than what the service says itself."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a metric: its values, each with how many series have it, the most frequent first."""

    name: str
    values: tuple[tuple[str, int], ...]


def labels(series: Sequence[Labels]) -> tuple[Label, ...]:
    """Every label of some series but for the metric's name: the revision, then the service's own, then ours."""
    counted: dict[str, Counter[str]] = {}
    for each in series:
        for name, value in each:
            if name != NAME:
                counted.setdefault(name, Counter())[value] += 1
    order = sorted(counted, key=lambda name: (name != REVISION, name in _OURS, name))
    return tuple(
        Label(name, tuple(sorted(counted[name].items(), key=lambda pair: (-pair[1], pair[0])))) for name in order
    )


def lines(series: Iterable[Labels], by: Collection[str]) -> int:
    """How many lines a chart of these series has, grouped by some labels."""
    return len({only(each, by) for each in series})


def refusal(label: Label, series: Sequence[Labels], by: Collection[str]) -> str:
    """Why a chart grouped by some labels is not split by another one as well, "" where it can be."""
    if len(label.values) > MOST_VALUES:
        return f"{label.name} has {len(label.values):,} values, and a chart is split by at most {MOST_VALUES}"
    split = lines(series, {*by, label.name})
    if split > MOST_LINES:
        return f"split by {label.name} too, the chart would have {split:,} lines, and it has at most {MOST_LINES}"
    return ""
