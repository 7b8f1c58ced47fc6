"""Welcome, help, sides and confirm: what they say, and which way on they offer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.actions import ACTIONS, Facts
from cockpit.live.snapshot import Problem
from cockpit.release.plan import Intent
from cockpit.tui.keys import DEFAULT_KEYMAP, Keymap
from cockpit.tui.screens.confirm import ConfirmScreen
from cockpit.tui.screens.help import HelpScreen
from cockpit.tui.screens.shift import ShiftScreen
from cockpit.tui.screens.sides import SidesScreen
from cockpit.tui.screens.tags import TagsScreen
from cockpit.tui.screens.welcome import WelcomeScreen
from tests.tui import staged
from tests.tui.shown import Shown, shown, strides


def words(view: Shown) -> str:
    """What the screen says, as one line."""
    return " ".join(view.text.split())


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("unauthenticated", "gcloud auth application-default login"),
        ("denied", "gcloud projects add-iam-policy-binding emergence-469005"),
        ("unreachable", "cockpit doctor"),
        ("not-found", "cockpit services --project emergence-469005"),
        ("something-new", "cockpit doctor"),
    ],
)
async def test_welcome_says_what_to_do_and_offers_the_simulator(kind: str, expected: str) -> None:
    problem = Problem(kind, "nothing could be read", "mend it so")
    async with shown(staged.empty(), lambda _: WelcomeScreen(problem, clock=strides()), size=(120, 40)) as view:
        assert "nothing could be read mend it so" in words(view)
        assert expected in words(view)
        assert "cockpit demo" in words(view)
        await view.press("r")
        assert view.session.refreshed == 1
        await view.press("c")
        assert expected in view.app.clipboard


@pytest.mark.parametrize("way", ["q", "#quit"])
async def test_welcome_can_be_left_for_good(way: str) -> None:
    async with shown(staged.empty(), lambda _: WelcomeScreen(Problem("denied", "no"), clock=strides())) as view:
        await (view.press(way) if way == "q" else view.pilot.click(way))
        await view.pilot.pause()
        assert view.app.return_code == 0


async def test_welcome_leaves_by_itself_once_there_is_something_to_watch() -> None:
    problem = Problem("unreachable", "no answer")
    async with shown(staged.empty(), lambda _: WelcomeScreen(problem, clock=strides())) as view:
        await view.put(staged.healthy())
        assert not isinstance(view.app.screen, WelcomeScreen)


async def test_welcome_follows_the_problem() -> None:
    async with shown(staged.empty(), lambda _: WelcomeScreen(Problem("unreachable", "no answer"))) as view:
        feed = replace(staged.stale().feeds[0], problem=Problem("denied", "missing run.services.get"))
        await view.put(replace(staged.empty(), feeds=(feed,)))
        assert "missing run.services.get" in view.text
        assert "Signed in, but not allowed" in view.text


async def test_help_names_every_action_with_the_users_keys_and_the_reason() -> None:
    keymap = Keymap({**DEFAULT_KEYMAP.keys, "shift": ("f7",), "theme": ()})
    facts = Facts(loaded=True, selected="00279-kub")
    async with shown(
        staged.healthy(), lambda _: HelpScreen(keymap, facts, clock=strides()), size=(110, 150)
    ) as view:
        said = words(view)
        for action in ACTIONS:
            assert action.title in said
            assert not action.headless or f"cockpit {action.headless}" in said
        assert "F7 Shift traffic" in said
        assert "unbound Next theme" in said
        assert "✗ 00279-kub is not ready, so it cannot serve" in said


async def test_sides_shows_three_splits_who_and_which_generation() -> None:
    change = staged.overtaken().change
    assert change is not None
    async with shown(staged.overtaken(), lambda session: SidesScreen(session, change, clock=strides())) as view:
        said = words(view)
        assert "ci@emergence-469005.iam.gserviceaccount.com left generation 44" in said
        assert "00275-2jb 90 % 75 % 50 %" in said
        assert "00279-kub 10 % 25 % 50 %" in said
        assert view.focus == "close"


@pytest.mark.parametrize(("intent", "screen"), [(Intent.SHIFT, ShiftScreen), (Intent.TAG, TagsScreen)])
async def test_planning_again_starts_from_what_stands_and_writes_nothing(intent: Intent, screen: type) -> None:
    change = staged.overtaken().change
    assert change is not None
    async with shown(
        staged.overtaken(), lambda session: SidesScreen(session, replace(change, intent=intent), clock=strides())
    ) as view:
        await view.press("r")
        assert isinstance(view.app.screen, screen)
        assert view.session.refreshed == 1
        assert view.session.door.applied == []


async def test_sides_names_tags_that_are_not_in_one_place() -> None:
    change = staged.overtaken().change
    assert change is not None
    assert change.sides is not None
    found = tuple(replace(target, tag="") for target in change.sides.found)
    other = replace(change, sides=replace(change.sides, found=found))
    async with shown(staged.overtaken(), lambda session: SidesScreen(session, other, clock=strides())) as view:
        assert "tag canary 00279-kub → 00279-kub → –" in words(view)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [(("enter",), False), (("y",), True), (("n",), False), (("escape",), None), (("right", "enter"), True)],
)
async def test_confirm_is_careful_by_default(keys: tuple[str, ...], answer: bool | None) -> None:
    answers: list[bool | None] = []
    async with shown(staged.healthy(), lambda _: ConfirmScreen("First?", "It is.", clock=strides())) as view:
        await view.press("escape")
        screen = ConfirmScreen("Quit now?", "A change is under way.", yes="Quit", no="Stay", clock=strides())
        view.app.push_screen(screen, answers.append)
        await view.pilot.pause()
        assert "A change is under way." in view.text
        await view.press(*keys)
        assert answers == [answer]
