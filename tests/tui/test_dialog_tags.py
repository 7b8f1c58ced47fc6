"""The tags dialog: put a tag on, move it, take it away; its name is checked while it is typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.live.snapshot import Arming
from cockpit.release.plan import Intent
from cockpit.release.traffic import Target, percents, tags
from cockpit.tui.screens.tags import RevisionList, TagsScreen
from tests.tui import staged
from tests.tui.shown import Shown, shown, strides
from tests.tui.staged import AT, CANARY, STABLE

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from cockpit.live.snapshot import Snapshot


def tagging(snapshot: Snapshot, selected: str = STABLE) -> AbstractAsyncContextManager[Shown]:
    """The dialog, hearing from the first key on."""
    return shown(snapshot, lambda session: TagsScreen(session, selected=selected, clock=strides()))


async def test_tags_are_listed_with_revision_and_url() -> None:
    async with tagging(staged.armed()) as view:
        line = next(line for line in view.text.splitlines() if line.strip().startswith("canary"))
        assert line.split() == ["canary", "00279-kub", "https://canary---emergence-app-x7k2qa-ew.a.run.app"]


async def test_a_new_tag_goes_on_the_selected_revision() -> None:
    async with tagging(staged.armed()) as view:
        await view.press("enter", *"blue", "enter", "enter")
        assert view.focus == "cancel"
        assert "--update-tags=blue=emergence-app-00275-2jb" in "".join(view.text.split())
        await view.press("y")
        ((plan, _),) = view.session.door.applied
        assert plan.intent is Intent.TAG
        assert tags(plan.after) == {"blue": STABLE, "canary": CANARY}
        assert percents(plan.after) == percents(plan.before)


async def test_a_tag_moves_to_another_revision() -> None:
    async with tagging(staged.armed()) as view:
        await view.press("down", "enter", "up")
        assert "the URL of tag canary will answer from 00275-2jb" in view.text
        await view.press("enter", "y")
        ((plan, _),) = view.session.door.applied
        assert tags(plan.after) == {"canary": STABLE}


async def test_a_tag_is_taken_away_and_kept_again() -> None:
    async with tagging(staged.armed()) as view:
        await view.press("down", "d")
        assert "the URL of tag canary will stop answering" in view.text
        await view.press("d")
        assert "stop answering" not in view.text
        await view.press("d", "enter", "y")
        ((plan, _),) = view.session.door.applied
        assert tags(plan.after) == {}


async def test_a_name_that_cannot_be_is_refused_while_it_is_typed() -> None:
    async with tagging(staged.armed()) as view:
        await view.press("enter", *"Blue")
        assert "'Blue' cannot be a tag" in view.text
        assert "lower-case letters, digits and hyphens" in " ".join(view.text.split())
        await view.press("enter", "enter", "y")
        assert view.session.door.applied == []


async def test_a_name_too_long_for_the_service_is_refused() -> None:
    async with tagging(staged.armed()) as view:
        await view.press("enter", *("a" * 34))
        assert "too long" in view.text


async def test_a_tag_where_it_is_already_is_no_change() -> None:
    async with tagging(staged.armed()) as view:
        await view.press("down")
        assert "points to 00279-kub already" in view.text
        await view.press("y")
        assert view.session.door.applied == []


async def test_production_wants_the_tag_typed() -> None:
    snapshot = replace(staged.armed(), arming=Arming(until=AT + 271, production=True))
    async with tagging(snapshot) as view:
        await view.press("down", "d", "enter")
        assert view.focus == "typed"
        await view.press(*"canary", "enter", "enter")
        ((_, typed),) = view.session.door.applied
        assert typed == "canary"


async def test_read_only_offers_arming() -> None:
    async with tagging(staged.healthy()) as view:
        await view.press("down", "d", "y")
        assert view.session.door.applied == []
        await view.press("a", "y")
        assert len(view.session.door.applied) == 1


async def test_tags_that_change_meanwhile_are_shown_unless_something_was_planned() -> None:
    moved = staged.service((Target(STABLE, 90), Target(CANARY, 10), Target(STABLE, 0, "blue")), generation=43)
    async with tagging(staged.armed()) as view:
        await view.put(replace(staged.armed(), service=moved))
        assert "blue" in view.text
        await view.press("down", "d")
        await view.put(staged.armed())
        assert "r starts again" in view.text
        await view.press("y")
        assert view.session.door.applied == []
        await view.press("r")
        assert "canary" in view.text


async def test_a_failed_revision_has_no_place_in_the_list() -> None:
    async with tagging(staged.armed()) as view:
        names = [row.name for row in view.app.screen.query_one(RevisionList).items]
        assert staged.BROKEN not in names
        assert names[0] == STABLE


async def test_the_mouse_can_do_it_all() -> None:
    async with tagging(staged.armed()) as view:
        await view.pilot.click("#tags", offset=(4, 1))
        await view.pilot.click("#revisions", offset=(4, 0))
        await view.pilot.click("#apply")
        await view.pilot.pause()
        ((plan, _),) = view.session.door.applied
        assert tags(plan.after) == {"canary": STABLE}
