"""The shift dialog: percents that sum to 100, a careful answer, and what becomes of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cockpit.live.session import RefusedError
from cockpit.live.snapshot import Arming, Change, Feed, FeedState, Outcome, Problem
from cockpit.release.plan import Intent, gcloud
from cockpit.release.traffic import LATEST, Target, percents
from cockpit.tui.screens.shift import ShiftScreen
from cockpit.tui.screens.sides import SidesScreen
from cockpit.tui.widgets.percent_editor import PercentEditor
from tests.tui import staged
from tests.tui.shown import Shown, shown, strides
from tests.tui.staged import AT, BROKEN, CANARY, STABLE, StagedDoor, StagedSession

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from cockpit.live.snapshot import Snapshot
    from cockpit.release.plan import Plan


def shifting(
    snapshot: Snapshot, selected: str = CANARY, *, points: int = 0, size: tuple[int, int] = (100, 40)
) -> AbstractAsyncContextManager[Shown]:
    """The dialog on a snapshot, hearing from the first key on."""
    return shown(
        snapshot,
        lambda session: ShiftScreen(session, selected=selected, points=points, clock=strides()),
        size=size,
    )


def confirming(snapshot: Snapshot, intent: Intent) -> AbstractAsyncContextManager[Shown]:
    """The dialog on a finished plan."""

    def screen(session: StagedSession) -> ShiftScreen:
        door = session.door
        plans = {
            Intent.PROMOTE: lambda: door.plan_promote(CANARY),
            Intent.ROLLBACK: door.plan_rollback,
            Intent.UNDO: door.plan_undo,
        }
        return ShiftScreen(session, plan=plans[intent](), clock=strides())

    return shown(snapshot, screen)


def drafted(view: Shown) -> dict[str, int]:
    """The percents in the editor, zeros left out."""
    draft = view.app.screen.query_one(PercentEditor).draft
    return {name: percent for name, percent in draft.percents.items() if percent}


def production() -> Snapshot:
    """Armed, on a production service."""
    return replace(staged.armed(), arming=Arming(until=AT + 271, production=True))


async def test_keys_in_the_first_300_ms_are_not_meant_for_the_dialog() -> None:
    moment = [10.0]
    promote = staged.armed()
    async with shown(
        promote,
        lambda session: ShiftScreen(session, plan=session.door.plan_promote(CANARY), clock=lambda: moment[0]),
    ) as view:
        moment[0] = 10.29
        await view.press("y", "enter", "escape", "5")
        await view.pilot.click("#apply")
        assert isinstance(view.app.screen, ShiftScreen)
        assert view.session.door.applied == []
        assert drafted(view) == {CANARY: 100}
        moment[0] = 10.3
        await view.press("escape")
        assert not isinstance(view.app.screen, ShiftScreen)


async def test_an_interrupt_cancels_as_escape_does() -> None:
    async with shifting(staged.armed()) as view:
        await view.press("2", "ctrl+c")
        assert not isinstance(view.app.screen, ShiftScreen)
        assert view.session.door.applied == []
        assert view.app.is_running


async def test_digits_are_percents_and_the_others_give_way() -> None:
    async with shifting(staged.armed()) as view:
        await view.press("2")
        assert drafted(view) == {STABLE: 98, CANARY: 2}
        await view.press("5")
        assert drafted(view) == {STABLE: 75, CANARY: 25}
        await view.press("backspace", "7")
        assert drafted(view) == {STABLE: 73, CANARY: 27}
        await view.press("up", "6", "0")
        assert drafted(view) == {STABLE: 60, CANARY: 40}


@pytest.mark.parametrize(
    ("keys", "canary"),
    [
        (("plus",), 11),
        (("right", "right"), 12),
        (("minus",), 9),
        (("pageup",), 20),
        (("pagedown", "pagedown"), 0),
        (("right_square_bracket",), 25),
        (("left_square_bracket",), 5),
        (("1", "0", "0"), 100),
        (("1", "0", "1"), 1),
    ],
)
async def test_keys_that_move_percents(keys: tuple[str, ...], canary: int) -> None:
    async with shifting(staged.armed()) as view:
        await view.press(*keys)
        assert drafted(view).get(CANARY, 0) == canary
        assert sum(drafted(view).values()) == 100


async def test_a_nudge_opens_the_dialog_with_the_point_already_moved() -> None:
    async with shifting(staged.armed(), points=1) as view:
        assert drafted(view) == {STABLE: 89, CANARY: 11}
        assert view.session.door.applied == []


async def test_the_first_answer_is_cancel() -> None:
    async with shifting(staged.armed()) as view:
        await view.press("2", "5", "enter")
        assert view.focus == "cancel"
        await view.press("enter")
        assert not isinstance(view.app.screen, ShiftScreen)
        assert view.session.door.applied == []


async def test_yes_makes_the_change_that_was_shown() -> None:
    async with shifting(staged.armed()) as view:
        await view.press("2", "5", "enter", "right", "enter")
        ((plan, typed),) = view.session.door.applied
        assert percents(plan.after) == {STABLE: 75, CANARY: 25}
        assert typed == ""
        assert "serving after 3.4 s" in view.text
        await view.press("enter")
        assert not isinstance(view.app.screen, ShiftScreen)


async def test_nothing_is_written_where_nothing_was_changed() -> None:
    async with shifting(staged.armed()) as view:
        assert "nothing is changed yet" in view.text
        await view.press("y")
        await view.press("1", "0", "y")
        assert view.session.door.applied == []


async def test_read_only_is_said_and_arming_is_offered_in_place() -> None:
    async with shifting(staged.healthy()) as view:
        await view.press("2", "5", "y")
        assert view.session.door.applied == []
        assert "READ-ONLY" in view.text
        assert "arms emergence-469005" in view.text
        await view.press("a")
        await view.put(view.session.snapshot)
        assert "ARMED 5:00" in view.text
        await view.press("y")
        assert len(view.session.door.applied) == 1


async def test_why_it_cannot_be_armed_is_said() -> None:
    class Shut(StagedDoor):
        def arm(self) -> None:
            raise RefusedError("this cockpit is read-only by its settings", "set read_only = false")

    async with shifting(staged.healthy()) as view:
        view.session.staged_door = Shut(view.session)
        await view.press("2", "5", "a", "y")
        assert "this cockpit is read-only by its settings: set read_only = false" in view.text
        assert view.session.door.applied == []


async def test_an_arming_that_ends_while_the_dialog_is_open_takes_the_answer_away() -> None:
    async with shifting(staged.armed()) as view:
        await view.press("2", "5", "enter", "right")
        assert view.focus == "apply"
        ended = replace(view.session.snapshot, arming=Arming(ended="the time was over"))
        await view.put(ended)
        assert view.focus == "cancel"
        assert "the time was over" in view.text
        await view.press("y")
        assert view.session.door.applied == []


async def test_a_failed_feed_forbids_the_answer_and_says_why() -> None:
    problem = Problem("unreachable", "no answer from 127.0.0.1:8085", "is it running?")
    failed = Feed("service", FeedState.FAILED, AT - 35, problem)
    async with shifting(replace(staged.armed(), feeds=(failed,))) as view:
        await view.press("2", "5", "y")
        assert "what is known of the service is 35s old: no answer from 127.0.0.1:8085" in view.text
        assert view.session.door.applied == []
        await view.put(staged.armed())
        await view.press("y")
        assert len(view.session.door.applied) == 1


@pytest.mark.parametrize("word", ["00279-kub", "100", "100 %", "emergence-app"])
async def test_production_wants_a_word_typed(word: str) -> None:
    async with confirming(production(), Intent.PROMOTE) as view:
        assert view.focus == "typed"
        assert "PRODUCTION" in view.text
        await view.press(*"nonsense", "enter")
        assert view.focus == "cancel"
        await view.press("y")
        assert view.session.door.applied == []
        await view.press("shift+tab", *["backspace"] * 8)
        await view.press(*["space" if letter == " " else letter for letter in word])
        await view.press("enter", "enter")
        ((_, typed),) = view.session.door.applied
        assert typed == word


async def test_a_finished_plan_is_asked_about_and_stays_exact() -> None:
    async with confirming(staged.armed(), Intent.UNDO) as view:
        assert view.focus == "cancel"
        await view.press("y")
        ((plan, _),) = view.session.door.applied
        assert plan.intent is Intent.UNDO
        assert plan.after == staged.HISTORY[0].before


async def test_editing_a_finished_plan_makes_it_a_shift() -> None:
    async with confirming(staged.armed(), Intent.PROMOTE) as view:
        view.app.screen.query_one(PercentEditor).focus()
        await view.press("5", "0", "y")
        ((plan, _),) = view.session.door.applied
        assert plan.intent is Intent.SHIFT
        assert percents(plan.after) == {STABLE: 50, CANARY: 50}


async def test_the_dialog_says_what_runs_and_what_undo_would_run() -> None:
    async with shifting(staged.armed()) as view:
        await view.press("2", "5")
        plan = view.session.door.plan_shift({STABLE: 75, CANARY: 25})
        words = " ".join(view.text.split())
        assert gcloud(plan) in words
        assert "undo back to 00275-2jb 90 · 00279-kub 10" in words
        await view.press("c")
        assert view.app.clipboard == gcloud(plan)


async def test_warnings_stand_above_the_command() -> None:
    plain = replace(staged.armed(), service=staged.service(staged.split(stable=100)))
    async with shown(
        plain, lambda session: ShiftScreen(session, plan=session.door.plan_promote(CANARY), clock=strides())
    ) as view:
        assert "goes from no traffic to all of it in one step" in view.text


async def test_somebody_elses_write_is_taken_over_while_nothing_was_typed() -> None:
    async with shifting(staged.armed()) as view:
        found = staged.service(staged.split(stable=50, canary=50), generation=43)
        await view.put(replace(staged.armed(), service=found))
        assert drafted(view) == {STABLE: 50, CANARY: 50}


async def test_somebody_elses_write_stops_a_plan_that_was_made_before_it() -> None:
    async with shifting(staged.armed()) as view:
        await view.press("2", "5")
        found = staged.service(staged.split(stable=50, canary=50), generation=43)
        await view.put(replace(staged.armed(), service=found))
        assert "r starts again" in view.text
        await view.press("y")
        assert view.session.door.applied == []
        await view.press("r")
        assert drafted(view) == {STABLE: 50, CANARY: 50}
        await view.press("2", "5", "y")
        assert len(view.session.door.applied) == 1


class SlowDoor(StagedDoor):
    """A door whose changes end when they are let."""

    def __init__(self, session: StagedSession) -> None:
        super().__init__(session)
        self.let = asyncio.Event()
        self.entered = asyncio.Event()

    async def apply(self, plan: Plan, confirmation: str = "") -> Change:
        """Wait to be let."""
        self.entered.set()
        await self.let.wait()
        return await super().apply(plan, confirmation)


async def test_a_change_under_way_shows_its_phase_and_goes_on_when_the_dialog_is_left() -> None:
    async with shifting(staged.armed()) as view:
        door = SlowDoor(view.session)
        view.session.staged_door = door
        await view.press("2", "5", "y")
        await door.entered.wait()
        await view.put(staged.reconciling())
        assert "waiting until serving is what was asked" in view.text
        assert "4.0 s" in view.text
        await view.press("y", "5", "r")
        assert drafted(view) == {STABLE: 75, CANARY: 25}
        await view.press("escape")
        assert not isinstance(view.app.screen, ShiftScreen)
        door.let.set()
        await view.pilot.pause()
        assert len(door.applied) == 1


async def test_another_change_under_way_forbids_a_second_one() -> None:
    async with shifting(staged.reconciling()) as view:
        await view.press("5", "y")
        assert "another change is under way" in view.text
        assert view.session.door.applied == []


async def test_a_failure_is_told_in_words_with_its_mend() -> None:
    async with shifting(staged.armed()) as view:
        ended = staged.failed().change
        assert ended is not None
        view.session.staged_door.ending = ended
        await view.press("2", "5", "y")
        words = " ".join(view.text.split())
        assert "is not ready and cannot serve traffic" in words
        assert "choose a revision that is ready" in words


async def test_an_overtaken_change_shows_its_three_sides() -> None:
    async with shifting(staged.armed()) as view:
        overtaken = staged.overtaken().change
        assert overtaken is not None
        view.session.staged_door.ending = overtaken
        await view.press("2", "5", "y")
        await view.pilot.pause()
        assert isinstance(view.app.screen, SidesScreen)


async def test_the_mouse_can_do_it_all() -> None:
    async with shifting(staged.armed()) as view:
        await view.pilot.click(PercentEditor, offset=(5, 0))
        chips = view.app.screen.query("#quick Answer")
        await view.pilot.click(next(chip for chip in chips if chip.name == "50"))
        assert drafted(view) == {STABLE: 50, CANARY: 50}
        await view.pilot.click("#apply")
        await view.pilot.pause()
        assert len(view.session.door.applied) == 1


async def test_a_held_row_keeps_its_percents() -> None:
    three = (Target(STABLE, 60), Target(CANARY, 20), Target(staged.OLD, 20))
    async with shifting(replace(staged.armed(), service=staged.service(three))) as view:
        await view.press("space", "up", "4", "0")
        assert drafted(view) == {STABLE: 40, CANARY: 20, staged.OLD: 40}


async def test_a_failed_revision_says_why_it_gets_nothing() -> None:
    async with shifting(staged.armed(), BROKEN) as view:
        await view.press("5", "0")
        assert drafted(view) == {STABLE: 90, CANARY: 10}
        assert "failed: No module named 'backend'" in view.text


async def test_latest_is_a_row_of_its_own() -> None:
    snapshot = replace(staged.armed(), service=staged.service((Target(LATEST, 100),)))
    async with shifting(snapshot, CANARY) as view:
        assert "LATEST 00279-kub" in view.text
        await view.press("9", "0")
        shares = drafted(view)
        assert shares[LATEST] == 90
        assert CANARY not in shares, "LATEST stands for it already"


async def test_a_split_that_does_not_add_up_is_said_and_not_touched() -> None:
    odd = replace(staged.armed(), service=staged.service((Target(STABLE, 60),)))
    async with shifting(odd) as view:
        assert "add up to 60, not to 100" in view.text
        await view.press("5", "plus", "enter", "y")
        assert view.session.door.applied == []


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.UNKNOWN])
async def test_every_other_end_is_told_too(outcome: Outcome) -> None:
    async with shifting(staged.armed()) as view:
        ending = staged.change(
            outcome=outcome, time_to_serving=None, problem=Problem("x", "so it ended", "mend it")
        )
        view.session.staged_door.ending = ending
        await view.press("2", "5", "y")
        assert "so it ended" in view.text
        assert "mend it" in view.text
