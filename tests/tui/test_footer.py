"""The last line: the keys of the pane that has the focus, beside those that are always there."""

from __future__ import annotations

from itertools import chain

import pytest

from cockpit.actions import BY_ID
from cockpit.tui.app import CockpitApp
from cockpit.tui.keys import DEFAULT_KEYMAP, Keymap
from cockpit.tui.layout import CHART, PANES
from cockpit.tui.pane_keys import PANE_KEYS
from tests.tui import staged
from tests.tui.staged import until
from tests.tui.staged_metrics import StagedEngine, measured


def footer(app: CockpitApp) -> str:
    """What the footer says."""
    return app.main.footer.render_line(0).text


def cockpit(keymap: Keymap = DEFAULT_KEYMAP) -> CockpitApp:
    """The cockpit with metrics."""
    return staged.cockpit(measured(staged.healthy()), engine=StagedEngine(), keymap=keymap)


def test_every_pane_has_keys_of_its_own_and_every_key_an_action() -> None:
    assert set(PANE_KEYS) == set(PANES)
    actions = {action for entry in chain(*PANE_KEYS.values()) for action in entry.actions}
    assert actions <= set(BY_ID)
    assert all(DEFAULT_KEYMAP.shown(action) for action in actions)


@pytest.mark.parametrize("columns", [60, 80, 100, 120, 200])
async def test_the_keys_of_the_pane_in_focus_are_shown_at_every_width(columns: int) -> None:
    app = cockpit()
    async with app.run_test(size=(columns, 40)) as pilot:
        for number in PANES:
            await pilot.press(str(number)[-1])
            said = footer(app)
            first = PANE_KEYS[number][0]
            assert f" {''.join(map(DEFAULT_KEYMAP.shown, first.actions))} {first.label} " in said
            for word in ("s shift", "b roll back", ": palette", "? help", "q quit"):
                assert word in said
            assert (app.main.active_pane.NAME in said) == (columns >= 100)


async def test_with_room_the_chart_pane_tells_all_its_keys_and_a_click_takes_one() -> None:
    app = cockpit()
    async with app.run_test(size=(200, 40)) as pilot:
        await pilot.press(str(CHART))
        for said in ("Chart  ←→ cursor  [] zoom  n signal  f full  space freeze  y fix  C compare  ⇧←⇧→ move",):
            assert said in footer(app)
        await pilot.click(app.main.footer, offset=(footer(app).index("n signal"), 0))
        await until(pilot, lambda: app.main.chart.heading == "3 Chart · P50 · 15 min")
        await pilot.click(app.main.footer, offset=(footer(app).index("Chart"), 0))
        assert app.screen is app.main


async def test_keys_of_ones_own_are_shown_in_their_place() -> None:
    app = cockpit(Keymap({**DEFAULT_KEYMAP.keys, "cursor_left": ("h",), "cursor_right": ("l",)}))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("3")
        assert "hl cursor" in footer(app)


async def test_what_is_said_gives_way_to_the_keys_by_a_click() -> None:
    app = cockpit()
    async with app.run_test(size=(120, 40)) as pilot:
        app.say("something happened")
        await pilot.pause()
        assert "something happened" in footer(app)
        await pilot.click(app.main.footer, offset=(3, 0))
        assert "s shift" in footer(app)
