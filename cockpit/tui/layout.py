"""Which parts of the cockpit are in view at a size."""

from __future__ import annotations

from dataclasses import dataclass

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

TALL = 34
"""From here on, two lines of notices."""


@dataclass(frozen=True, slots=True)
class Layout:
    """`panes` are the numbers of those in view; `tiny` leaves out everything else as well."""

    panes: frozenset[int]
    tabs: bool = False
    tiny: bool = False
    notices: int = 1


def layout(width: int, height: int, active: int, below: int = ALERTS) -> Layout:
    """The layout for a size in cells, the pane that has the focus, and the one last wanted beside the chart."""
    if width < LEAST[0] or height < LEAST[1]:
        return Layout(frozenset(), tiny=True)
    if width < ROOMY[0] or height < ROOMY[1]:
        return Layout(frozenset({active}), tabs=True)
    notices = 2 if height >= TALL else 1
    if width >= WIDE:
        return Layout(UPPER | {CHART, below}, notices=notices)
    return Layout(frozenset({REVISIONS, active if active != REVISIONS else SIGNALS}), notices=notices)
