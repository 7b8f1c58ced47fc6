"""Which parts of the cockpit are in view at a size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

REVISIONS, SIGNALS, CHART, ALERTS, SUMMARY, HISTORY, COMMANDS = range(1, 8)
PANES = (REVISIONS, SIGNALS, CHART, ALERTS, SUMMARY, HISTORY, COMMANDS)
UPPER = frozenset({REVISIONS, SIGNALS})
"""The panes of the upper row; the others share the lower one."""

LEAST = (40, 10)
"""Below either, one line is all there is."""

ROOMY = (80, 24)
"""Below either, one pane at a time, with tabs."""

WIDE = 120
"""From here on, two panes in each row."""

MOST_NOTICES = 3

TALL = 34
"""From here on, two lines of notices."""


@dataclass(frozen=True, slots=True)
class Layout:
    """`panes` are the numbers of those in view; `tiny` leaves out everything else as well.

    Notices always have `notices` lines, and more where something is wrong, up to MOST_NOTICES.
    """

    panes: frozenset[int]
    tabs: bool = False
    tiny: bool = False
    notices: int = 1


def layout(width: int, height: int, recent: Sequence[int]) -> Layout:
    """The layout for a size in cells; `recent` are all panes, the one with the focus first, the oldest last."""
    if width < LEAST[0] or height < LEAST[1]:
        return Layout(frozenset(), tiny=True)
    if width < ROOMY[0] or height < ROOMY[1]:
        return Layout(frozenset({recent[0]}), tabs=True)
    notices = 2 if height >= TALL else 1
    if width >= WIDE:
        beside_chart = next(number for number in recent if number >= ALERTS)
        return Layout(UPPER | {CHART, beside_chart}, notices=notices)
    below = next(number for number in recent if number != REVISIONS)
    return Layout(frozenset({REVISIONS, below}), notices=notices)
