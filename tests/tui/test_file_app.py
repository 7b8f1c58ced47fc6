"""The app on logs in files."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from cockpit.config import shipped
from cockpit.sources.errors import NotFoundError
from cockpit.tui.file_app import FileApp
from cockpit.tui.screens.help import HelpScreen
from cockpit.tui.themes import Shelf
from tests.tui import staged
from tests.tui.shown import text_of
from tests.tui.staged_logs import StagedLogs, entry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot


class StagedFile(StagedLogs):
    """A log that can be stopped."""

    stopped = False

    async def stop(self) -> None:
        self.stopped = True


def file(text: str, count: int = 100) -> StagedFile:
    """A log whose entries say the same."""
    logs = StagedFile()
    logs.put(entry(number, count, text=f"{text} {number}") for number in range(count))
    logs.stand(source=f"{text}.log")
    return logs


Seen = Callable[[], str]


@asynccontextmanager
async def opened(**files: StagedFile | None) -> AsyncIterator[tuple[FileApp, Pilot[None], Seen]]:
    """The app on some files; those that are None are not there."""

    async def open_log(name: str) -> StagedFile:
        found = files[name]
        if found is None:
            raise NotFoundError(f"{name} is not there", "is the path right?")
        return found

    shelf = Shelf([folder for folder in (shipped("themes"),) if folder])
    app = FileApp(list(files), open_log, shelf=shelf, wall=lambda: staged.NOW)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        yield app, pilot, lambda: text_of(app.screen)


async def until(pilot: Pilot[None], seen: Seen, text: str) -> None:
    """Wait until something is on the screen."""
    await staged.until(pilot, lambda: text in seen())


async def test_a_file_is_shown_with_its_name_and_stopped_in_the_end() -> None:
    logs = file("first")
    async with opened(a=logs) as (_, pilot, seen):
        await until(pilot, seen, "first 99")
        assert "first.log" in seen()
        assert "next · file" not in seen()
    assert logs.stopped
    assert not logs.watched


async def test_one_goes_from_file_to_file_and_finds_each_as_it_was_left() -> None:
    async with opened(a=file("first"), b=file("second")) as (_, pilot, seen):
        await until(pilot, seen, "tab next · file 1 of 2")
        await pilot.press("home")
        await until(pilot, seen, "first 0")
        await pilot.press("tab")
        await until(pilot, seen, "second 99")
        await pilot.press("tab")
        await until(pilot, seen, "first 0")


async def test_another_file_that_cannot_be_read_is_said_and_this_one_stays() -> None:
    async with opened(a=file("first"), b=None) as (app, pilot, seen):
        await until(pilot, seen, "first 99")
        await pilot.press("tab")
        await staged.until(pilot, lambda: any("b is not there" in each.message for each in app._notifications))
        await until(pilot, seen, "first 99")
        assert app.failure is None


async def test_a_first_file_that_cannot_be_read_ends_the_app() -> None:
    async with opened(a=None) as (app, pilot, _):
        await staged.until(pilot, lambda: app.failure is not None)
    assert str(app.failure) == "a is not there"


async def test_the_keys_of_the_pane_work_and_what_needs_a_service_says_so() -> None:
    async with opened(a=file("first")) as (app, pilot, seen):
        await until(pilot, seen, "first 99")
        await pilot.press("/", *"first", "space", "7", "enter")
        await until(pilot, seen, "first 70")
        assert len(app.main.pane.reader.ids) == 19  # type: ignore[union-attr]
        app.action_take("shift")
        said = "Shift traffic: the service has not been read yet"
        await staged.until(pilot, lambda: said in [each.message for each in app._notifications])
        await pilot.press("escape", "escape", "escape", "escape")
        await until(pilot, seen, "first 99")
        await pilot.press("question_mark")
        await staged.until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await pilot.press("escape", "q")


async def test_one_revision_of_a_file_is_shown_alone() -> None:
    async with opened(a=file("first")) as (app, pilot, seen):
        await until(pilot, seen, "first 99")
        await pilot.press("R")
        assert app.main.pane.reader.scope.revision == staged.STABLE  # type: ignore[union-attr]
        assert app.main.pane.around.slots.keys() == {staged.STABLE, staged.CANARY}
        await pilot.press("R")
        assert not app.main.pane.reader.scope.revision  # type: ignore[union-attr]
