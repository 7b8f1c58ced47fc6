"""Label sets without the metric's own name, as most functions leave them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.labels import NAME, without

if TYPE_CHECKING:
    from cockpit.metrics.labels import Labels
    from cockpit.metrics.promql.frames import Frame


def nameless(vector: Frame) -> tuple[Labels, ...]:
    """The vector's label sets without names."""
    return tuple(_nameless(labels) for labels in vector.labels)


def _nameless(labels: Labels) -> Labels:
    # Nearly always it stands first: the quick way matters, as a screen drops thousands of names a second.
    return labels[1:] if labels and labels[0][0] == NAME else without(labels, (NAME,))
