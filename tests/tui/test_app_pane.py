"""The App pane on the screen: its keys, who is told what is looked at, and what draws its lines."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from cockpit.tui.widgets.app_pane import AppPane
from tests.tui import staged_application as staged
from tests.tui.shown import text_of
from tests.tui.staged import StagedSession, cockpit, healthy, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

    from cockpit.live.snapshot import Snapshot


class StagedAsker:
    """Who asks the application: keeps what it was told to look at."""

    def __init__(self) -> None:
        self.looked: list[tuple[str, str]] = []

    def look(self, timeline: str, period: str) -> None:
        """Keep what is new."""
        if self.looked[-1:] != [(timeline, period)]:
            self.looked.append((timeline, period))


@asynccontextmanager
async def pane(
    snapshot: Snapshot, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[AppPane, StagedAsker, Pilot[None]]]:
    """The cockpit with the App pane in focus."""
    app, asker = cockpit(snapshot), StagedAsker()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert isinstance(app.session, StagedSession)
        app.session.app = asker
        await pilot.press("0")
        await pilot.pause()
        assert isinstance(app.focused, AppPane)
        yield app.focused, asker, pilot


@pytest.mark.parametrize("size", [(60, 20), (120, 40), (200, 55)])
async def test_health_and_a_timeline_are_in_view_at_every_size(size: tuple[int, int]) -> None:
    async with pane(staged.with_app(), size) as (found, _, pilot):
        said = text_of(pilot.app.screen)
        assert found.heading == "0 App · 1 failing"
        assert "✗ failing" in said
        assert "messages 1,686" in said
        assert "█" in "".join(line.text for line in found.lines)
        assert "✗ canary failing" in said


async def test_one_key_leads_to_the_next_timeline_and_one_to_the_next_period() -> None:
    async with pane(staged.with_app()) as (found, asker, pilot):
        assert found.chosen == ("activity", "7d")
        await pilot.press("n", "[", "[")
        assert found.chosen == ("costs", "90d")
        await pilot.press("N", "N", "]", "]", "]")
        assert found.chosen == ("tokens", "1y"), "after the last one comes the first, and the period stays"
        await until(pilot, lambda: asker.looked[-1:] == [("tokens", "1y")])
        assert "it has not been read over this period" in text_of(pilot.app.screen)


async def test_lines_are_drawn_once_what_draws_them_is_loaded() -> None:
    async with pane(staged.with_app(), (79, 34)) as (found, _, pilot):
        await pilot.press("N")
        await until(pilot, lambda: "━ total" in text_of(pilot.app.screen))
        assert found.chosen == ("tokens", "7d")


async def test_the_keys_can_be_taken_from_the_palette_and_say_why_not() -> None:
    async with pane(healthy()) as (_, asker, pilot):
        await pilot.press("n")
        assert asker.looked == []
        await pilot.press("1")
        pilot.app.action_take("app_longer")  # type: ignore[attr-defined]
        await until(pilot, lambda: "keeps no timelines" in text_of(pilot.app.screen))


async def test_the_frame_says_how_old_a_timeline_is_that_is_not_fresh() -> None:
    old = staged.timeline(staged.COSTS, read_at=staged.TIME - 700)
    async with pane(staged.with_app(staged.application(timelines=[old]))) as (found, _, _pilot):
        assert "read 11 min 40 s ago" in str(found.border_subtitle)


async def test_what_does_not_fit_is_scrolled() -> None:
    many = [staged.probe(f"t{number}") for number in range(20)]
    async with pane(staged.with_app(staged.application(*many)), (60, 20)) as (found, _, pilot):
        assert found.top == 0
        await pilot.press("end")
        assert found.top > 0
        assert "messages" in text_of(pilot.app.screen)
