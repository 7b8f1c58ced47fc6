"""Every dialog at every size, and with the worst that the outside can put into words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from textual.content import Content

from cockpit.actions import Facts
from cockpit.live.snapshot import Problem
from cockpit.tui.keys import DEFAULT_KEYMAP
from cockpit.tui.screens.confirm import ConfirmScreen
from cockpit.tui.screens.copy import CopyScreen
from cockpit.tui.screens.detail import DetailScreen
from cockpit.tui.screens.help import HelpScreen
from cockpit.tui.screens.picker import PickerScreen
from cockpit.tui.screens.shift import ShiftScreen
from cockpit.tui.screens.sides import SidesScreen
from cockpit.tui.screens.tags import TagsScreen
from cockpit.tui.screens.welcome import WelcomeScreen
from cockpit.tui.views.facts import facts_of
from cockpit.tui.widgets.sheet import Fact
from tests.tui import staged
from tests.tui.shown import shown, strides
from tests.tui.staged import StagedFleet, StagedSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from cockpit.release.service import Service

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m[@click=app.exit]x[/]\u202ekcab\u2028\x00\x7f$(id)"


class HostileFleet(StagedFleet):
    """Services whose every word comes from an enemy."""

    async def services(self) -> tuple[Service, ...]:
        """One of them."""
        snapshot = staged.hostile(HOSTILE)
        assert snapshot.service is not None
        return (replace(snapshot.service, ref=replace(snapshot.service.ref, service=HOSTILE, region=HOSTILE)),)


def _sides(session: StagedSession) -> Screen[Any]:
    change = staged.overtaken().change
    assert change is not None
    assert change.sides is not None
    sides = replace(change.sides, found_modifier=HOSTILE, found=session.snapshot.service.spec)  # type: ignore[union-attr]
    return SidesScreen(
        session, replace(change, problem=Problem(HOSTILE, HOSTILE, HOSTILE), sides=sides), clock=strides()
    )


SCREENS: dict[str, Callable[[StagedSession], Screen[Any]]] = {
    "shift": lambda session: ShiftScreen(session, selected=session.snapshot.revisions[0].name, clock=strides()),
    "promote": lambda session: ShiftScreen(
        session, plan=session.door.plan_promote(staged.CANARY), clock=strides()
    ),
    "tags": lambda session: TagsScreen(session, selected=staged.CANARY, clock=strides()),
    "detail": lambda session: DetailScreen(session, session.snapshot.revisions[0].name, clock=strides()),
    "sides": _sides,
    "picker": lambda _: PickerScreen(HostileFleet(), clock=strides()),
    "welcome": lambda _: WelcomeScreen(Problem("denied", HOSTILE, HOSTILE), clock=strides()),
    "help": lambda session: HelpScreen(
        DEFAULT_KEYMAP,
        facts_of(session.snapshot, session.snapshot.revisions[0].name, Facts()),
        clock=strides(),
    ),
    "confirm": lambda _: ConfirmScreen(HOSTILE, HOSTILE, yes="Quit", no="Stay", clock=strides()),
    "copy": lambda _: CopyScreen([Fact("name", Content("x"), HOSTILE)], clock=strides()),
}
HARMLESS = ("tab", "tab", "down", "up", "pagedown", "left", "right")


@pytest.mark.slow
@pytest.mark.parametrize("name", SCREENS)
async def test_it_works_at_every_size(name: str) -> None:
    # The welcome leaves by itself once there is a service.
    snapshot = staged.empty() if name == "welcome" else staged.armed()
    async with shown(snapshot, SCREENS[name], size=(80, 24)) as view:
        screen = view.app.screen
        for size in ((60, 20), (10, 3), (1, 1), (200, 60), (40, 10)):
            await view.pilot.resize_terminal(*size)
            if size != (1, 1):  # texts are a letter a row there, and seconds long to scroll
                await view.press("tab", "pagedown")
            assert view.app.screen is screen
        await view.press("escape")
        assert view.app.screen is not screen


@pytest.mark.parametrize("name", SCREENS)
async def test_nothing_raw_reaches_the_terminal_and_nothing_is_markup(name: str) -> None:
    async with shown(staged.hostile(HOSTILE), SCREENS[name], size=(100, 40)) as view:
        await view.press(*HARMLESS)
        plain = view.text.replace("\n", "").replace("\xa0", "")
        odd = {character for character in plain if not character.isprintable()}
        assert not odd, f"{name} lets {odd} through"


@pytest.mark.parametrize("name", ["shift", "promote", "tags", "sides", "confirm", "welcome"])
async def test_the_answers_are_in_sight_at_60_by_20(name: str) -> None:
    async with shown(staged.armed(), SCREENS[name], size=(60, 20)) as view:
        answers = [answer for answer in view.app.screen.query(".choices Answer") if answer.display]
        assert answers
        for answer in answers:
            assert view.app.screen.region.contains_region(answer.region), f"{answer} is out of sight"
            assert answer.region.height == 1
