"""What the cockpit says finds room, and is not hidden: notices in a narrow terminal, words under a dialog."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.geometry import Size

from cockpit.live.snapshot import Feed, FeedState, Problem
from cockpit.tui.keys import DEFAULT_KEYMAP
from cockpit.tui.lines import crop
from cockpit.tui.screens.shift import ShiftScreen
from cockpit.tui.views.notices import lines
from cockpit.tui.widgets.line_view import LineView
from cockpit.tui.widgets.notices import Notices
from cockpit.tui.widgets.signals import Signals
from cockpit.tui.widgets.traffic import Traffic
from tests.tui import staged
from tests.tui.shown import shown, strides, text_of
from tests.tui.staged import until

if TYPE_CHECKING:
    from cockpit.tui.app import CockpitApp


def said(view: LineView) -> str:
    """What a view says, wrapped words as one line."""
    return " ".join(" ".join(view.render_line(y).text for y in range(view.size.height)).split())


def toasts(app: CockpitApp) -> str:
    """What is said over the screens."""
    return "\n".join(str(toast.render()) for toast in app.screen.query("Toast"))


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (100, 30), (120, 40)])
async def test_a_problem_and_its_mend_have_room_and_give_it_back(size: tuple[int, int]) -> None:
    app = staged.cockpit(staged.stale())
    async with app.run_test(size=size) as pilot:
        notices = app.main.query_one(Notices)
        whole = "no answer from 127.0.0.1:8085: connection refused is the simulator running? · next try in 3.0 s"
        await until(pilot, lambda: whole in said(notices))
        grown = notices.size.height
        assert isinstance(app.session, staged.StagedSession)
        app.session.put(staged.healthy())
        await until(pilot, lambda: "serving what was asked" in said(notices))
        await until(pilot, lambda: notices.size.height == 1)
        assert grown <= 3


async def test_many_problems_never_take_more_than_three_lines() -> None:
    feeds = tuple(
        Feed(name, FeedState.FAILED, None, Problem("unreachable", f"{name} is far away " * 9, "go there " * 9))
        for name in ("service", "revisions", "requests", "metrics", "logs")
    )
    app = staged.cockpit(replace(staged.healthy(), feeds=feeds))
    async with app.run_test(size=(60, 20)) as pilot:
        notices = app.main.query_one(Notices)
        await until(pilot, lambda: notices.size.height == 3)
        assert "revisions" in said(notices)
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: notices.size.width == 120)
        assert notices.size.height == 3


def test_a_long_notice_is_never_cut_without_a_mark() -> None:
    long = Feed(
        "service", FeedState.FAILED, None, Problem("unreachable", "word " * 40 + "END", "mend " * 8 + "it")
    )
    snapshot = replace(staged.healthy(), feeds=(long,))
    for height in (1, 2, 3):
        shown_lines = [
            "".join(span.text for span in crop(line.spans, 60))
            for line in lines(snapshot, DEFAULT_KEYMAP, Size(60, height))
        ]
        assert len(shown_lines) <= height
        assert "END" in "".join(shown_lines) or any(line.endswith("…") for line in shown_lines)


async def test_what_is_said_while_a_dialog_is_open_is_seen_over_it() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        app.say("in the footer")
        await pilot.pause()
        assert toasts(app) == ""
        await pilot.press("question_mark")
        app.say("[b]over the help[/b]", "warn")
        await until(pilot, lambda: "[b]over the help[/b]" in toasts(app))


async def test_a_theme_that_cannot_be_used_is_said_over_the_picker_at_the_start() -> None:
    app = staged.cockpit(None, "drak")
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(pilot, lambda: "there is no theme drak · did you mean dark?" in toasts(app))


@pytest.mark.parametrize("theme", ["ansi-dark", "ansi-light", "textual-light", "nord"])
async def test_the_cockpit_can_be_read_in_a_theme_of_textuals_own(theme: str) -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: bool(app.main.revisions.rows))
        app.theme = theme
        await pilot.press("colon")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert "00275-2jb" in said(app.main.revisions)
        assert app.main.query_one(Signals).is_on_screen


async def test_an_open_shift_dialog_follows_what_serves() -> None:
    before, after = staged.split(stable=90, canary=10), staged.split(stable=75, canary=25)
    moving = replace(staged.healthy(), service=staged.service(after, before))
    async with shown(moving, lambda session: ShiftScreen(session, clock=strides())) as view:
        assert "serving" in bars(text_of(view.app.screen))
        await view.put(replace(moving, service=staged.service(after)))
        assert "serving" not in bars(text_of(view.app.screen))


def bars(text: str) -> str:
    """The lines of the bars."""
    return "\n".join(line for line in text.splitlines() if line.startswith(("now", "then", "serving")))


async def test_without_room_for_a_note_its_mark_is_no_letter() -> None:
    app = staged.cockpit(staged.stale())
    async with app.run_test(size=(60, 20)) as pilot:
        await until(pilot, lambda: bool(app.main.revisions.rows))
        traffic = app.main.query_one(Traffic)
        assert [traffic.render_line(y).text.rstrip()[-1] for y in (1, 2)] == ["!", "!"]
