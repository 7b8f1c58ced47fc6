"""The metric's own name in label sets, and label sets without it, as most functions leave them.

Label sets are sorted, so the name nearly always stands first; only labels in capitals come before it. The quick
ways matter, as a screen asks for thousands of names a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.labels import NAME, value_of, without

if TYPE_CHECKING:
    from cockpit.metrics.labels import Labels
    from cockpit.metrics.promql.frames import Frame


def metric_of(labels: Labels) -> str:
    """The metric's name, "" where there is none."""
    return labels[0][1] if labels and labels[0][0] == NAME else value_of(labels, NAME)


def nameless(vector: Frame) -> tuple[Labels, ...]:
    """The vector's label sets without names."""
    return tuple([each[1:] if each and each[0][0] == NAME else _searched(each) for each in vector.labels])


def _searched(labels: Labels) -> Labels:
    return labels if not labels or labels[0][0] > NAME else without(labels, (NAME,))
