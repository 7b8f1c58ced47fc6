"""Which parts of the cockpit are in view at a size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.actions.panes import PANES as _PANES
from cockpit.tui.tiling import Plan, in_view, panes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.tui.presets import Preset

REVISIONS, SIGNALS, CHART, ALERTS, SUMMARY, HISTORY, COMMANDS, LOGS, TIMELINE, APP = range(1, 11)
PANES = tuple(number for number, _, _ in _PANES)
"""Those that there are, in the order in which tab goes through them."""

LEAST = (40, 10)
"""Below either, one line is all there is."""

ROOMY = (80, 24)
"""Below either, one pane at a time, with tabs."""

TALL = 34
"""From here on, a line with the screens of the cockpit."""

MOST_NOTICES = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """`plan` is what is in view, without stacks; `tiny` leaves out everything else as well.

    `bars` is whether the traffic has its bars. Notices always have `notices` lines, and more where something is
    wrong, up to MOST_NOTICES.
    """

    plan: Plan | None
    tabs: bool = False
    tiny: bool = False
    bars: bool = True
    notices: int = 1

    @property
    def panes(self) -> frozenset[int]:
        """The numbers of the panes in view."""
        return frozenset() if self.plan is None else frozenset(panes_of(self.plan))


def layout(
    width: int, height: int, recent: Sequence[int], preset: Preset | None = None, *, zoomed: bool = False
) -> Layout:
    """The layout for a size in cells, by a preset, without one the first that there is.

    `recent` are the panes that had the focus, the one that has it first; `zoomed` gives that one all the room.
    """
    from cockpit.tui.presets import OVERVIEW

    if width < LEAST[0] or height < LEAST[1]:
        return Layout(None, tiny=True)
    if zoomed:
        return Layout(recent[0], tabs=True, bars=False, notices=0)
    if width < ROOMY[0] or height < ROOMY[1]:
        return Layout(recent[0], tabs=True)
    plan = in_view((preset or OVERVIEW).plan(width, height), recent, frozenset(PANES))
    return Layout(plan)
