"""The dialog that writes the log to a file."""

from __future__ import annotations

import asyncio
import json
import os
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from cockpit.tui.log_reader import LogReader
from cockpit.tui.screens.confirm import ConfirmScreen
from cockpit.tui.screens.log_write import LogWriteScreen, proposed_name
from cockpit.tui.views.log_look import Look
from tests.tui import staged
from tests.tui.shown import Shown, shown, strides
from tests.tui.staged_logs import StagedLogs, entries, staged_logs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

AT = datetime(2026, 11, 21, 12, 3, 44, tzinfo=UTC)


@asynccontextmanager
async def opened(logs: StagedLogs, words: str = "") -> AsyncIterator[tuple[Shown, LogReader]]:
    """The dialog over a log filtered by some words."""
    readers: list[LogReader] = []

    def screen(_session: staged.StagedSession) -> LogWriteScreen:
        readers.append(LogReader(logs, Look(), wall=lambda: staged.NOW))
        readers[0].look_for(words)
        return LogWriteScreen(readers[0], "emergence-app", clock=strides())

    async with shown(staged.healthy(), screen) as found:
        yield found, readers[0]
        readers[0].close()


async def name(found: Shown, path: Path) -> None:
    """Name the file."""
    found.app.screen.query_one(Input).value = str(path)
    await found.pilot.pause()


async def closed(found: Shown) -> None:
    """Wait until the dialog is gone."""
    await staged.until(found.pilot, lambda: not isinstance(found.app.screen, LogWriteScreen | ConfirmScreen))


def test_the_proposed_name_is_that_of_the_revision_and_fit_for_any_file_system() -> None:
    assert proposed_name("api", "api-00041-kux", AT) == "api-00041-kux-20261121-120344"
    assert proposed_name("api", "", AT) == "api-20261121-120344"
    assert proposed_name("", "../../\x1b[2J", AT) == "2J-20261121-120344"
    assert proposed_name("", "", AT) == "log-20261121-120344"


async def test_what_is_shown_is_written_and_said(tmp_path: Path) -> None:
    async with opened(staged_logs(200), "severity>=ERROR") as (found, reader):
        assert "emergence-app-20261121-120344.jsonl" in found.text
        assert f"{len(reader.ids):,} entries as JSON lines into " in found.text
        await name(found, tmp_path / "errors.jsonl")
        await found.press("enter")
        await closed(found)
        lines = (tmp_path / "errors.jsonl").read_text().splitlines()
        assert len(lines) == len(reader.ids) > 0
        assert json.loads(lines[0])["severity"] == "ERROR"
        assert [each.message.partition(",")[0] for each in found.app._notifications] == [
            f"Written: {len(lines)} entries"
        ]


async def test_tab_chooses_the_other_form(tmp_path: Path) -> None:
    async with opened(staged_logs(20)) as (found, _):
        await name(found, tmp_path / "a.b.jsonl")
        await found.press("tab")
        assert "entries as text into" in found.text
        await found.press("enter")
        await closed(found)
        assert (tmp_path / "a.b.log").read_text().count("\n") == 20


@pytest.mark.parametrize(("answer", "kept"), [("y", False), ("n", True)])
async def test_a_file_that_is_there_is_asked_for(tmp_path: Path, answer: str, kept: bool) -> None:
    path = tmp_path / "a.log"
    path.write_text("mine")
    async with opened(staged_logs(20)) as (found, _):
        await name(found, path)
        await found.press("enter")
        await staged.until(found.pilot, lambda: isinstance(found.app.screen, ConfirmScreen))
        assert path.read_text() == "mine"
        found.app.screen.action_answer(answer == "y")  # type: ignore[attr-defined]
        if kept:
            await staged.until(found.pilot, lambda: isinstance(found.app.screen, LogWriteScreen))
        else:
            await closed(found)
        assert (path.read_text() == "mine") is kept


async def test_a_place_that_cannot_be_is_said_until_there_is_another(tmp_path: Path) -> None:
    async with opened(staged_logs(20)) as (found, _):
        await name(found, tmp_path / "gone" / "a.log")
        await found.press("enter")
        await staged.until(found.pilot, lambda: "No such file or directory" in found.text)
        assert "make the directory first" in found.text
        await found.press("x")
        assert "No such file" not in found.text


async def test_escape_while_writing_leaves_nothing_behind(tmp_path: Path) -> None:
    reached = asyncio.Event()

    class Endless(StagedLogs):
        async def payload(self, row: int) -> Mapping[str, object]:
            if row == 5:
                reached.set()
                await asyncio.Event().wait()
            return await super().payload(row)

    logs = Endless()
    logs.put(entries(10))
    async with opened(logs) as (found, _):
        await name(found, tmp_path / "a.jsonl")
        await found.press("enter")
        await reached.wait()
        await staged.until(found.pilot, lambda: "writing … 0 of 10 entries" in found.text)
        await found.press("escape")
        await closed(found)
        await found.app.workers.wait_for_complete()
        assert os.listdir(tmp_path) == []
