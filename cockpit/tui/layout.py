"""Which parts of the cockpit are in view at a size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

REVISIONS, SIGNALS, CHART, ALERTS, SUMMARY, HISTORY, COMMANDS, LOGS = range(1, 9)
PANES = (REVISIONS, SIGNALS, CHART, ALERTS, SUMMARY, HISTORY, COMMANDS, LOGS)
UPPER = frozenset({REVISIONS, SIGNALS})
"""The panes of the upper row."""
LOWER = frozenset({CHART, ALERTS, SUMMARY, HISTORY, COMMANDS})
"""The panes that share the lower row. The log has a row to itself: its text wants the width."""

LEAST = (40, 10)
"""Below either, one line is all there is."""

ROOMY = (80, 24)
"""Below either, one pane at a time, with tabs."""

WIDE = 120
"""From here on, two panes in each row."""

MOST_NOTICES = 3

TALL = 34
"""From here on, two lines of notices."""

LOFTY = 48
"""From here on, a third row where there are two panes in each: the log is always in view."""


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
        beside_chart = next(number for number in recent if number in LOWER - {CHART})
        lower = {CHART, beside_chart}
        if height >= LOFTY:
            return Layout(UPPER | lower | {LOGS}, notices=notices)
        latest = next(number for number in recent if number not in UPPER)
        return Layout(UPPER | ({LOGS} if latest == LOGS else lower), notices=notices)
    below = next(number for number in recent if number != REVISIONS)
    return Layout(frozenset({REVISIONS, below}), notices=notices)
