"""Arrangements of the panes to choose from: for each, a plan for every size of terminal.

Every plan has every pane: what is not in view at first takes its place in a stack when it gets the focus.
"""

from __future__ import annotations

from dataclasses import dataclass

from cockpit.tui.layout import (
    ALERTS,
    APP,
    CHART,
    COMMANDS,
    HISTORY,
    LOGS,
    REVISIONS,
    SIGNALS,
    SUMMARY,
    TALL,
    TIMELINE,
)
from cockpit.tui.tiling import Plan, columns, rows, stack

WIDE = 120
"""From here on, two panes in a row."""

LARGE = (180, 48)
"""From both on, three panes in the first row."""

HUGE = (260, 70)
"""From both on, three panes in every row."""


@dataclass(frozen=True, slots=True)
class Preset:
    """An arrangement: `main` is the pane that has the focus at first.

    `narrow` is below WIDE; `low` is wide, but below TALL; `full`, `large` and `huge` are wide and tall.
    """

    name: str
    about: str
    main: int
    narrow: Plan
    low: Plan
    full: Plan
    large: Plan
    huge: Plan

    def plan(self, width: int, height: int) -> Plan:
        """The plan for a size in cells."""
        if width < WIDE:
            return self.narrow
        if height < TALL:
            return self.low
        if width >= HUGE[0] and height >= HUGE[1]:
            return self.huge
        return self.large if width >= LARGE[0] and height >= LARGE[1] else self.full


_PAST = (SUMMARY, HISTORY, COMMANDS)
_SPLIT = columns((1, REVISIONS), (1, SIGNALS))

OVERVIEW = Preset(
    "overview",
    "revisions, signals, chart, timeline and log together",
    main=REVISIONS,
    narrow=rows((1, REVISIONS), (1, stack(SIGNALS, TIMELINE, CHART, ALERTS, *_PAST, APP, LOGS))),
    low=rows((5, _SPLIT), (4, stack(columns((3, CHART), (2, stack(TIMELINE, ALERTS, *_PAST, APP))), LOGS))),
    full=rows((4, _SPLIT), (4, columns((3, CHART), (2, stack(TIMELINE, ALERTS, *_PAST, APP)))), (4, LOGS)),
    large=rows(
        (4, columns((3, REVISIONS), (3, SIGNALS), (2, stack(ALERTS, *_PAST, APP)))),
        (4, columns((1, CHART), (1, TIMELINE))),
        (5, LOGS),
    ),
    huge=rows(
        (3, columns((3, REVISIONS), (3, SIGNALS), (2, stack(*_PAST)))),
        (5, columns((3, CHART), (3, TIMELINE), (2, rows((1, ALERTS), (1, APP))))),
        (6, LOGS),
    ),
)

_RELEASE = stack(SUMMARY, SIGNALS, ALERTS, APP)

RELEASE = Preset(
    "release",
    "revisions, their timeline, changes and commands",
    main=REVISIONS,
    narrow=rows((1, REVISIONS), (1, stack(TIMELINE, *_PAST, SIGNALS, ALERTS, CHART, APP, LOGS))),
    low=rows(
        (5, columns((3, REVISIONS), (2, stack(SUMMARY, SIGNALS, ALERTS, APP, HISTORY, COMMANDS)))),
        (4, stack(TIMELINE, CHART, LOGS)),
    ),
    full=rows(
        (4, columns((3, REVISIONS), (2, _RELEASE))),
        (4, stack(TIMELINE, CHART)),
        (3, stack(columns((1, HISTORY), (1, COMMANDS)), LOGS)),
    ),
    large=rows(
        (4, columns((3, REVISIONS), (2, _RELEASE))),
        (4, stack(TIMELINE, CHART)),
        (3, stack(columns((1, HISTORY), (1, COMMANDS)), LOGS)),
    ),
    huge=rows(
        (4, columns((3, REVISIONS), (2, SUMMARY), (3, stack(SIGNALS, ALERTS, APP)))),
        (4, columns((1, TIMELINE), (1, CHART))),
        (3, columns((1, HISTORY), (1, COMMANDS))),
        (3, LOGS),
    ),
)

_BESIDE_SIGNALS = stack(ALERTS, REVISIONS, *_PAST, APP)

METRICS = Preset(
    "metrics",
    "signals and a large chart",
    main=SIGNALS,
    narrow=rows((1, stack(SIGNALS, REVISIONS, ALERTS, *_PAST, APP)), (1, stack(CHART, TIMELINE, LOGS))),
    low=rows((1, columns((3, SIGNALS), (2, _BESIDE_SIGNALS))), (1, stack(CHART, TIMELINE, LOGS))),
    full=rows((2, columns((3, SIGNALS), (2, _BESIDE_SIGNALS))), (3, stack(CHART, TIMELINE, LOGS))),
    large=rows(
        (2, columns((3, SIGNALS), (3, ALERTS), (2, stack(REVISIONS, *_PAST, APP)))),
        (4, stack(columns((3, CHART), (2, TIMELINE)), LOGS)),
    ),
    huge=rows(
        (2, columns((3, SIGNALS), (3, ALERTS), (2, stack(APP, REVISIONS, *_PAST)))),
        (5, columns((3, CHART), (2, stack(TIMELINE, LOGS)))),
    ),
)

_ABOVE_LOG = stack(SIGNALS, ALERTS, CHART, TIMELINE, *_PAST, APP)

LOG = Preset(
    "logs",
    "a large log below the revisions",
    main=LOGS,
    narrow=rows((1, stack(REVISIONS, SIGNALS, ALERTS, CHART, TIMELINE, *_PAST, APP)), (2, LOGS)),
    low=rows((2, columns((1, REVISIONS), (1, _ABOVE_LOG))), (3, LOGS)),
    full=rows((2, columns((1, REVISIONS), (1, _ABOVE_LOG))), (5, LOGS)),
    large=rows((2, columns((1, REVISIONS), (1, _ABOVE_LOG))), (5, LOGS)),
    huge=rows(
        (2, columns((1, REVISIONS), (1, SIGNALS), (1, stack(ALERTS, CHART, TIMELINE, *_PAST, APP)))),
        (6, LOGS),
    ),
)

PRESETS = (OVERVIEW, RELEASE, METRICS, LOG)
BY_NAME = {preset.name: preset for preset in PRESETS}
