"""What series are grouped and matched by: a part of their labels."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cockpit.metrics.labels import NAME, only, without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cockpit.metrics.labels import Labels

    Key = Callable[[Labels], Labels]

KEPT = 256
"""Groupings that are remembered, each with the label sets it has seen."""

SEEN = 8192
"""Label sets that each remembers: a screen asks for the same ones again and again."""


def grouped_by(names: Iterable[str], *, excluded: bool) -> Key:
    """What makes a label set's group: these labels, or all others but the metric's name."""
    chosen = frozenset(names)
    return _key(chosen | {NAME} if excluded else chosen, excluded)


@lru_cache(KEPT)
def _key(names: frozenset[str], excluded: bool) -> Key:
    keep = without if excluded else only

    @lru_cache(SEEN)
    def key(labels: Labels) -> Labels:
        return keep(labels, names)

    return key
