"""The app run without a terminal until what is wanted stands on its screen, and a picture of that."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.actions import BY_ID
from cockpit.actions.destinations import DESTINATIONS
from cockpit.live.snapshot import FeedState
from cockpit.tui.pictures.cells import screen_runs
from cockpit.tui.pictures.svg import svg

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from cockpit.live.snapshot import Problem
    from cockpit.tui.app import CockpitApp
    from cockpit.tui.pictures.cells import Run

LOOK = 0.1
"""Seconds between two looks at whether the screen still changes."""
STILL = 3
"""How many looks it must not have changed for."""


class PictureError(Exception):
    """No picture: the message says why; `problem` is set where the service could not be read."""

    def __init__(self, message: str, problem: Problem | None = None) -> None:
        super().__init__(message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be seen: one of DESTINATIONS, the keys that are pressed there, and the size in cells.

    A recording is shown at `at` (epoch seconds; None for its end); a live service is watched for `watch` seconds
    first. Nothing is waited for longer than `patience` seconds.
    """

    screen: str = "cockpit"
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = (120, 40)
    at: float | None = None
    watch: float = 0.0
    patience: float = 60.0


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture as SVG and as cells. `still` is False where the screen changed to the end: a live one does."""

    svg: str
    lines: list[list[Run]]
    still: bool


async def take(app: CockpitApp, subject: Subject) -> Taken:
    """Run an app that has not run yet, and take a picture of it. Raises PictureError."""
    async with app.run_test(size=subject.size) as pilot:
        await _until(lambda: app.session is not None or len(app.screen_stack) > 1, subject.patience)
        recorded = app.session is not None and app.session.player is not None
        if recorded:
            await _show_recorded(app, pilot, subject)
        elif app.session is not None:
            await _show_live(app, subject)
        for action in DESTINATIONS[subject.screen]:
            await pilot.pause()
            _open(app, action)
        for key in subject.keys:
            await pilot.pause()
            await pilot.press(key)
        still = await _settled(app, pilot, subject.patience if recorded else STILL * LOOK)
        return Taken(svg(app), screen_runs(app), still)


async def _show_recorded(app: CockpitApp, pilot: Pilot[None], subject: Subject) -> None:
    """Put the play head where the picture is to be, once the recording is read."""
    session = app.session
    assert session is not None
    player = session.player
    assert player is not None
    player.pause()
    await _until(lambda: player.read >= 1, subject.patience)
    player.seek(player.ended if subject.at is None else subject.at)
    await _until(lambda: abs(session.snapshot.epoch + session.now() - player.head) < LOOK, subject.patience)
    await _settled(app, pilot, subject.patience)


async def _show_live(app: CockpitApp, subject: Subject) -> None:
    """Watch the service until it was read, and so long after that as is wanted."""

    def known() -> bool:
        feed = app.snapshot.feed("service") if app.snapshot is not None else None
        if feed is not None and feed.state is FeedState.FAILED:
            raise PictureError("the service cannot be read", feed.problem)
        return app.snapshot is not None and app.snapshot.service is not None

    if not await _until(known, subject.patience):
        raise PictureError("the service did not answer in time")
    await asyncio.sleep(subject.watch)


def _open(app: CockpitApp, action: str) -> None:
    """Take an action, or say that it cannot be taken: a picture of something else would be none."""
    known = BY_ID[action]
    if reason := known.why_not(app.facts):
        raise PictureError(f"{known.title}: {reason}")
    app.action_take(action)


async def _settled(app: CockpitApp, pilot: Pilot[None], patience: float) -> bool:
    """Wait until nothing works for the screen and it does not change any more; whether that was so in time."""
    same, before = 0, screen_runs(app)

    async def looked() -> None:
        nonlocal same, before
        while same < STILL:
            await pilot.pause(LOOK)
            now = screen_runs(app)
            busy = any(worker.is_running for worker in app.workers)
            same = same + 1 if now == before and not busy else 0
            before = now

    try:
        await asyncio.wait_for(looked(), patience)
    except TimeoutError:
        return False
    return True


async def _until(holds: Callable[[], bool], patience: float) -> bool:
    """Wait until something holds, at most so long; whether it does."""
    deadline = asyncio.get_running_loop().time() + patience
    while not holds():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(LOOK)
    return True
