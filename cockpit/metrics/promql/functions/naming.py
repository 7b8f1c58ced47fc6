"""The metric's own name in label sets, and label sets without it, as most functions leave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.labels import NAME, value_of, without

if TYPE_CHECKING:
    from cockpit.metrics.labels import Labels
    from cockpit.metrics.promql.frames import Frame


# Nearly always the name stands first: the quick way matters, as a screen asks for thousands of names a second.


def metric_of(labels: Labels) -> str:
    """The metric's name, "" where there is none."""
    return labels[0][1] if labels and labels[0][0] == NAME else value_of(labels, NAME)


def nameless(vector: Frame) -> tuple[Labels, ...]:
    """The vector's label sets without names."""
    return tuple(_nameless(labels) for labels in vector.labels)


def _nameless(labels: Labels) -> Labels:
    return labels[1:] if labels and labels[0][0] == NAME else without(labels, (NAME,))
