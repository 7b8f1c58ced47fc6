"""Which parts of the cockpit are in view at a size."""

from __future__ import annotations

from dataclasses import dataclass

REVISIONS, SUMMARY, HISTORY, COMMANDS = 1, 2, 3, 4
PANES = (REVISIONS, SUMMARY, HISTORY, COMMANDS)

LEAST = (40, 10)
"""Below either, one line is all there is."""

ROOMY = (80, 24)
"""Below either, one pane at a time, with tabs."""

WIDE = 120
"""From here on, all four panes."""

TALL = 34
"""From here on, two lines of notices."""


@dataclass(frozen=True, slots=True)
class Layout:
    """`panes` are the numbers of those in view; `tiny` leaves out everything else as well."""

    panes: frozenset[int]
    tabs: bool = False
    tiny: bool = False
    notices: int = 1


def layout(width: int, height: int, active: int, below: int = HISTORY) -> Layout:
    """The layout for a size in cells, the pane that has the focus, and the one last wanted below the table."""
    if width < LEAST[0] or height < LEAST[1]:
        return Layout(frozenset(), tiny=True)
    if width < ROOMY[0] or height < ROOMY[1]:
        return Layout(frozenset({active}), tabs=True)
    notices = 2 if height >= TALL else 1
    if width >= WIDE:
        return Layout(frozenset(PANES), notices=notices)
    return Layout(frozenset({REVISIONS, SUMMARY if active == SUMMARY else below}), notices=notices)
