"""The detail view: everything known of a revision, secrets apart, and what differs from the one that serves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cockpit.release.service import EnvVar
from cockpit.tui.screens.copy import CopyScreen
from cockpit.tui.screens.detail import DetailScreen
from tests.tui import staged
from tests.tui.shown import Shown, shown, strides
from tests.tui.staged import BROKEN, CANARY, STABLE

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import Template


def detailed(
    snapshot: Snapshot, revision: str, size: tuple[int, int] = (110, 70)
) -> AbstractAsyncContextManager[Shown]:
    """The view of one revision, hearing from the first key on."""
    return shown(snapshot, lambda session: DetailScreen(session, revision, clock=strides()), size=size)


def changed(snapshot: Snapshot, template: Template) -> Snapshot:
    """The snapshot with another template for the canary."""
    first, *rest = snapshot.revisions
    return replace(snapshot, revisions=(replace(first, template=template), *rest))


async def test_what_a_healthy_revision_is_made_of() -> None:
    async with detailed(staged.healthy(), CANARY) as view:
        for words in (
            "serving",
            "10 %",
            "108 requests, 16 errors",
            "2026-11-21 11:51:44 UTC, 12m ago",
            "52 s",
            "emergence-run@emergence-469005.iam.gserviceaccount.com",
            "10 min",
            "1 to 10",
            "https://canary---emergence-app-x7k2qa-ew.a.run.app",
            "secret db-password:latest",
            "commit-sha",
        ):
            assert words in view.text


async def test_a_failed_condition_has_its_reason_and_its_whole_message() -> None:
    async with detailed(staged.healthy(), BROKEN, (60, 50)) as view:
        words = " ".join(view.text.split())
        assert "failed: No module named 'backend'" in words
        assert "HEALTH_CHECK_CONTAINER_ERROR" in words
        assert "PORT=8080 environment variable within the allocated time" in words


async def test_the_difference_is_against_the_revision_that_serves_most() -> None:
    before = staged.healthy().revisions[0].template
    after = replace(
        before,
        env=(EnvVar("PYTHONPATH", "/srv"), EnvVar("API_TOKEN", "hunter2"), EnvVar("NEW", "1")),
        memory="8Gi",
    )
    async with detailed(changed(staged.healthy(), after), CANARY) as view:
        lines = [" ".join(line.split()) for line in view.text.splitlines()]
        assert "Against 00275-2jb, serving 90 %" in lines
        assert "+ NEW 1" in lines
        assert "≠ memory 4Gi" in lines
        assert "→ 8Gi" in lines
        assert "− CONCEPT_RECALL_METRICS_ENABLED true" in lines
        assert "hunter2" not in view.text


async def test_the_one_that_serves_most_is_compared_with_the_next() -> None:
    async with detailed(staged.healthy(), STABLE) as view:
        assert "Against 00279-kub, serving 10 %" in view.text


async def test_it_follows_the_snapshots_and_keeps_a_revision_that_is_gone() -> None:
    async with detailed(staged.healthy(), CANARY) as view:
        await view.put(replace(staged.healthy(), service=staged.service(staged.split(stable=75, canary=25))))
        assert "25 %" in view.text
        await view.put(replace(staged.healthy(), revisions=staged.REVISIONS[1:]))
        assert "not among the revisions any more" in view.text
        assert "release@emergence-469005" in view.text


async def test_a_revision_that_never_was_is_said_to_be_none() -> None:
    async with detailed(staged.healthy(), "emergence-app-09999-zzz") as view:
        assert "There is no such revision." in view.text


async def test_a_value_is_copied_as_the_outside_has_it() -> None:
    async with detailed(staged.healthy(), CANARY) as view:
        await view.press("c")
        assert isinstance(view.app.screen, CopyScreen)
        await view.pilot.pause(CopyScreen.DEAF_SECONDS)
        await view.press("enter")
        assert view.app.clipboard == CANARY
        assert isinstance(view.app.screen, DetailScreen)


@pytest.mark.parametrize("size", [(60, 20), (40, 12)])
async def test_it_scrolls_by_key(size: tuple[int, int]) -> None:
    async with detailed(staged.healthy(), CANARY, size) as view:
        scroll = view.app.screen.query_one("VerticalScroll")
        await view.press("end")
        await view.pilot.wait_for_animation()
        assert scroll.scroll_offset.y == scroll.max_scroll_y > 0
