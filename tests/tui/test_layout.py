"""Which panes are in view, and where: tables over sizes, presets and what had the focus."""

from __future__ import annotations

import pytest

from cockpit.tui.layout import (
    ALERTS,
    CHART,
    COMMANDS,
    HISTORY,
    LOGS,
    PANES,
    REVISIONS,
    SIGNALS,
    SUMMARY,
    TIMELINE,
    layout,
)
from cockpit.tui.presets import BY_NAME, LOG, METRICS, OVERVIEW, PRESETS, RELEASE, Preset
from cockpit.tui.tiling import Place, columns, in_view, panes_of, places, rows, stack

SIZES = (
    (40, 10),
    (60, 20),
    (80, 24),
    (119, 80),
    (120, 24),
    (120, 40),
    (180, 48),
    (200, 55),
    (260, 70),
    (300, 100),
)
GREAT = {REVISIONS, SIGNALS, CHART}


def beside(*panes: int) -> set[int]:
    """Those of some panes that there are."""
    return set(panes) & set(PANES)


@pytest.mark.parametrize(
    ("size", "recent", "wanted"),
    [
        ((39, 50), [REVISIONS], set()),
        ((200, 9), [REVISIONS], set()),
        ((40, 10), [REVISIONS], {REVISIONS}),
        ((60, 20), [LOGS], {LOGS}),
        ((80, 24), [REVISIONS], {REVISIONS, SIGNALS}),
        ((100, 30), [LOGS, REVISIONS], {REVISIONS, LOGS}),
        ((100, 30), [REVISIONS, HISTORY], {REVISIONS, HISTORY}),
        ((120, 24), [LOGS, CHART], {REVISIONS, SIGNALS, LOGS}),
        ((120, 24), [SUMMARY, LOGS], {*GREAT, SUMMARY}),
        ((120, 40), [ALERTS], {*GREAT, ALERTS, LOGS}),
        ((120, 40), [REVISIONS, COMMANDS, ALERTS], {*GREAT, COMMANDS, LOGS}),
        ((300, 100), [REVISIONS], {*GREAT, SUMMARY, LOGS} | beside(ALERTS, TIMELINE, 10)),
    ],
)
def test_what_is_in_view(size: tuple[int, int], recent: list[int], wanted: set[int]) -> None:
    assert layout(*size, recent).panes == wanted


@pytest.mark.parametrize("size", [(120, 34), (120, 40), (200, 55), (300, 100)])
def test_a_good_terminal_has_revisions_metrics_timeline_and_log_together(size: tuple[int, int]) -> None:
    assert layout(*size, [REVISIONS]).panes >= {REVISIONS, SIGNALS, CHART, LOGS} | beside(TIMELINE)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("preset", PRESETS, ids=BY_NAME)
def test_every_pane_comes_into_view_with_the_focus(preset: Preset, size: tuple[int, int]) -> None:
    assert all(pane in layout(*size, [pane, preset.main], preset).panes for pane in PANES)


@pytest.mark.parametrize("size", SIZES[2:])
@pytest.mark.parametrize("preset", PRESETS, ids=BY_NAME)
def test_a_plan_has_each_pane_once_and_all_the_room_is_used(preset: Preset, size: tuple[int, int]) -> None:
    plan = preset.plan(*size)
    assert sorted(panes_of(plan)) == sorted({*PANES, *panes_of(plan)})
    shown = layout(*size, [preset.main], preset)
    assert shown.plan is not None
    room = Place(0, 0, size[0], size[1] - 8)
    found = dict(places(shown.plan, room))
    assert set(found) == shown.panes
    assert sum(place.width * place.height for place in found.values()) == room.width * room.height
    assert all(place.width >= 30 and place.height >= 5 for place in found.values()), found


def test_what_a_preset_is_about_has_most_of_the_room() -> None:
    def largest(preset: Preset) -> int:
        plan = layout(200, 55, [preset.main], preset).plan
        assert plan is not None
        found = dict(places(plan, Place(0, 0, 200, 47)))
        return max(found, key=lambda number: found[number].width * found[number].height)

    assert largest(METRICS) == CHART
    assert largest(LOG) == LOGS
    assert largest(RELEASE) == (TIMELINE if TIMELINE in PANES else CHART)


def test_the_first_preset_is_the_default_and_names_are_their_own() -> None:
    assert PRESETS[0] is OVERVIEW
    assert len(BY_NAME) == len(PRESETS)
    assert layout(200, 55, [REVISIONS]) == layout(200, 55, [REVISIONS], OVERVIEW)


def test_the_pane_on_the_whole_screen_is_alone_at_every_size() -> None:
    for size in SIZES:
        shown = layout(*size, [ALERTS, CHART], zoomed=True)
        assert shown.panes == {ALERTS}
        assert not shown.bars
    assert layout(10, 3, [ALERTS], zoomed=True).tiny


def test_a_stack_shows_what_had_the_focus_last_and_what_is_not_there_leaves_its_room() -> None:
    plan = rows((1, stack(1, columns((1, 2), (1, 3)))), (2, columns((1, 4), (3, 5))))
    everything = frozenset(range(1, 6))
    assert in_view(plan, [], everything) == rows((1, 1), (2, columns((1, 4), (3, 5))))
    assert in_view(plan, [4, 3, 1], everything) == rows((1, columns((1, 2), (1, 3))), (2, columns((1, 4), (3, 5))))
    assert in_view(plan, [3], frozenset({1, 5})) == rows((1, 1), (2, 5))
    assert in_view(plan, [3], frozenset({4})) == 4
    assert in_view(plan, [3], frozenset()) is None
