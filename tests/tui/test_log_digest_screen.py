"""The digest on the screen, and the other ways that lead on from the log pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.live.logs.reading import Mode
from cockpit.tui.screens.log_digest import PARTIAL, LogDigestScreen
from cockpit.tui.screens.log_entry import LogEntryScreen
from cockpit.tui.screens.log_write import LogWriteScreen
from cockpit.tui.terminal import CONTROLS
from cockpit.tui.widgets.log_histogram import LogHistogram
from cockpit.tui.widgets.wide_sheet import WideSheet
from tests.tui import staged
from tests.tui.shown import text_of
from tests.tui.staged_logs import StagedLogs, hostile_logs, staged_logs

if TYPE_CHECKING:
    from textual.screen import Screen


class Seen(NamedTuple):
    """What is on top, what it says, and whether there is a histogram in it."""

    screen: Screen[object]
    text: str
    histogram: bool


def is_digest(screen: Screen[object]) -> bool:
    """Whether a screen is a digest, and a whole one: before, it does not say of how many entries."""
    return isinstance(screen, LogDigestScreen) and "entries" in text_of(screen)


async def opened(logs: StagedLogs, *keys: str, size: tuple[int, int] = (120, 40)) -> Seen:
    """The screen that keys of the log pane lead to, and what it says in the end."""
    app = staged.cockpit(staged.healthy(), logs=logs)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("8")
        await staged.until(pilot, lambda: app.main.logs.reader is not None)
        for key in keys:
            await pilot.press(key)
            if key == "D":
                await staged.until(pilot, lambda: is_digest(app.screen))
        await pilot.pause()
        histograms = app.screen.query(LogHistogram)
        return Seen(app.screen, text_of(app.screen), any(each.display for each in histograms))


async def test_the_digest_tells_what_is_new_in_the_canary() -> None:
    screen, text, _ = await opened(staged_logs(2000), "D")
    assert isinstance(screen, LogDigestScreen)
    assert "Errors" in text
    assert "provider timeout" in text
    assert "/api/memory/analyze" in text


async def test_the_digest_is_of_what_is_filtered() -> None:
    _, text, _ = await opened(staged_logs(2000), "/", *"severity=warning", "enter", "D")
    assert "Digest · severity=warning" in text
    assert "/api/memory/analyze" not in text
    _, text, _ = await opened(staged_logs(2000), "/", *"nothing-like-it", "enter", "D")
    assert "There are no entries to sum up." in text


async def test_from_side_by_side_to_all_in_one_a_copy_and_the_entry_behind_a_line() -> None:
    app = staged.cockpit(staged.healthy(), logs=staged_logs(2000))
    async with app.run_test(size=(160, 40)) as pilot:

        async def press(key: str, wanted: str) -> str:
            await pilot.press(key)
            await staged.until(pilot, lambda: wanted in text_of(app.screen))
            return text_of(app.screen)

        await pilot.press("8")
        await staged.until(pilot, lambda: app.main.logs.reader is not None)
        text = await press("D", "STABLE 00275-2jb")
        assert "Digest · stable 00275-2jb, canary 00279-kub" in text
        assert "2,000 entries from 11:55:24 to 12:03:43: 00275-2jb 1,600, 00279-kub 400" in text
        assert "Digest · stable" not in await press("s", "COUNT")
        await press("s", "STABLE 00275-2jb")

        await pilot.press("y")
        copied = app.clipboard.split("\n")
        assert copied[0] == "## Digest · stable 00275-2jb, canary 00279-kub"
        assert any(line.startswith("| POST | /api/memory/analyze | 00275-2jb | ") for line in copied)

        lines = app.screen.query_one(WideSheet).lines
        error = next(at for at, line in enumerate(lines) if line.key and "provider timeout" in line.text)
        await pilot.press("enter")
        assert isinstance(app.screen, LogDigestScreen)
        await pilot.press(*["down"] * error, "enter")
        await staged.until(pilot, lambda: app.screen is app.main)
        row = app.main.logs.reader.row if app.main.logs.reader else None
        assert row is not None
        assert "provider timeout" in row.text


async def test_what_is_of_one_revision_is_compared_with_none() -> None:
    screen, text, _ = await opened(staged_logs(200), "/", *"revision:kub", "enter", "D", "s")
    assert isinstance(screen, LogDigestScreen)
    assert "Digest · revision:kub" in text
    assert "40 entries" in text
    assert PARTIAL not in text


async def test_a_log_that_is_still_being_read_is_said_to_be_summed_up_in_part() -> None:
    logs = staged_logs(200)
    logs.stand(mode=Mode.READING, progress=0.4)
    assert PARTIAL in (await opened(logs, "D")).text


async def test_whatever_was_logged_is_clean_and_no_markup_in_every_part() -> None:
    text = "\x1b]0;owned\x07[bold]\u202e\x9b2J"
    app = staged.cockpit(staged.healthy(), logs=hostile_logs(text))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("8")
        await staged.until(pilot, lambda: app.main.logs.reader is not None)
        reader = app.main.logs.reader
        assert reader is not None
        reader.narrow(f"emergence-app-{text}")
        await pilot.press("D")
        await staged.until(pilot, lambda: "Errors" in text_of(app.screen))
        lines = app.screen.query_one(WideSheet).lines
        heading = str(app.screen.query_one("#frame").border_title)
        await pilot.press("y")
    assert "[bold]" in heading
    assert not any(CONTROLS.search(said) for said in (heading, *(line.text for line in lines)))
    assert not CONTROLS.search(app.clipboard.replace("\n", ""))


async def test_wide_tables_are_moved_aside() -> None:
    _, text, _ = await opened(staged_logs(2000), "D", "end", size=(60, 20))
    _, aside, _ = await opened(staged_logs(2000), "D", "end", "right", size=(60, 20))
    assert text != aside


async def test_keys_of_the_pane_lead_to_the_entry_and_to_a_file() -> None:
    assert isinstance((await opened(staged_logs(20), "enter"))[0], LogEntryScreen)
    assert isinstance((await opened(staged_logs(20), "w"))[0], LogWriteScreen)


async def test_the_histogram_comes_with_its_key_and_goes_with_it() -> None:
    logs = staged_logs(2000)
    assert not (await opened(logs, size=(120, 50))).histogram
    assert (await opened(logs, "h", size=(120, 50))).histogram
    assert (await opened(logs, "l", size=(120, 50))).histogram
    assert not (await opened(logs, "l", "h", "h", size=(120, 50))).histogram
    assert (await opened(logs, "l", "h", "escape", "h", size=(120, 50))).histogram
