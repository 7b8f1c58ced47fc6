"""Entries written to a file: real files, whole or not at all."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cockpit.live.logs.file import FileLogs
from cockpit.live.logs.saving import ExistsError, Form, SaveError, form_of, save
from cockpit.logs.entry import Flag, Severity
from tests.live.logs_local import SETTINGS
from tests.tui.staged_logs import TRACEBACK, StagedLogs, entries, entry, staged_logs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CHILD = """
import asyncio, resource, sys
from cockpit.live.logs.saving import SaveError, save
from tests.tui.staged_logs import staged_logs

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
logs = staged_logs(20_000)
try:
    asyncio.run(save(logs, logs.store.order, sys.argv[1]))
except SaveError as error:
    print(error, error.mend, sep=" | ")
"""


def files(folder: Path) -> list[str]:
    """What is in a directory, hidden files as well."""
    return sorted(os.listdir(folder))


def test_the_name_says_the_form() -> None:
    assert [form_of(name) for name in ("a.jsonl", "a.JSON", "a.ndjson", "a.log", "a")] == [
        *[Form.JSON_LINES] * 3,
        *[Form.TEXT] * 2,
    ]


async def test_text_has_a_line_for_each_entry_and_its_own_lines_indented(tmp_path: Path) -> None:
    logs = StagedLogs()
    logs.put([entry(5, 8), entry(6, 8, text="a\x1b[2J"), entry(7, 8, text=TRACEBACK, severity=Severity.ERROR)])
    seen: list[int] = []
    saved = await save(logs, logs.store.order, str(tmp_path / "a.log"), progress=seen.append)
    assert (tmp_path / "a.log").read_text() == (
        "2026-11-21T12:03:43.250Z  ERROR   emergence-app-00279-kub  POST 500   1.2 s"
        "  /api/memory/analyze?thread=5 203.0.113.9\n"
        "2026-11-21T12:03:43.500Z  INFO    emergence-app-00275-2jb  a␛[2J\n"
        "2026-11-21T12:03:43.750Z  ERROR   emergence-app-00275-2jb  Traceback (most recent call last):\n"
        '      File "/app/backend/neo.py", line 88, in analyse\n'
        "        answer = await provider.ask(prompt)\n"
        "    TimeoutError: provider timeout\n"
    )
    assert (saved.entries, saved.left, saved.size) == (3, 0, (tmp_path / "a.log").stat().st_size)
    assert files(tmp_path) == ["a.log"]


async def test_json_lines_are_payloads_and_open_again(tmp_path: Path) -> None:
    logs = staged_logs(300)
    path = tmp_path / "a.jsonl"
    await save(logs, logs.store.order[100:], str(path))
    found = [json.loads(line) for line in path.read_text().splitlines()]
    assert [each["textPayload"] for each in found] == [row.text for row in logs.store.rows(range(100, 300))]
    async with FileLogs(str(path), SETTINGS) as again:
        await again.read_all()
        assert [row.text for row in again.store.rows(again.store.order)] == [each["textPayload"] for each in found]


async def test_what_several_entries_said_together_is_written_together(tmp_path: Path) -> None:
    class First(StagedLogs):
        async def payload(self, row: int) -> Mapping[str, object]:
            return {"textPayload": self.store.row(row).text.partition("\n")[0], "insertId": "a"}

    logs = First()
    logs.put([entry(1, 2, text=TRACEBACK, flags=Flag.TRACEBACK)])
    await save(logs, [0], str(tmp_path / "a.jsonl"))
    assert json.loads((tmp_path / "a.jsonl").read_text()) == {"textPayload": TRACEBACK, "insertId": "a"}


async def test_entries_that_leave_meanwhile_are_counted(tmp_path: Path) -> None:
    logs = staged_logs(3000, most=1000)
    ids = list(range(3000))
    saved = await save(logs, ids, str(tmp_path / "a.log"))
    assert (saved.entries, saved.left) == (len(logs.store), logs.store.dropped)
    with pytest.raises(SaveError, match="none of these entries"):
        await save(logs, [0, 1], str(tmp_path / "b.log"))
    assert files(tmp_path) == ["a.log"]


async def test_nothing_is_written_over_unless_that_is_wanted(tmp_path: Path) -> None:
    logs, path = staged_logs(10), tmp_path / "a.log"
    path.write_text("mine")
    with pytest.raises(ExistsError, match="is there already"):
        await save(logs, logs.store.order, str(path))
    assert path.read_text() == "mine"
    link = tmp_path / "link.log"
    link.symlink_to(path)
    await save(logs, logs.store.order, str(link), over=True)
    assert path.read_text().count("\n") == 10
    assert link.is_symlink()
    assert files(tmp_path) == ["a.log", "link.log"]


async def test_who_else_makes_the_file_meanwhile_keeps_it(tmp_path: Path) -> None:
    logs, path = staged_logs(10), tmp_path / "a.jsonl"

    class Slow(StagedLogs):
        async def payload(self, row: int) -> Mapping[str, object]:
            path.write_text("theirs")
            return await logs.payload(row)

    slow = Slow()
    slow.put(entries(3))
    with pytest.raises(ExistsError):
        await save(slow, slow.store.order, str(path))
    assert path.read_text() == "theirs"
    assert files(tmp_path) == ["a.jsonl"]


async def test_a_tilde_is_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    logs = staged_logs(1)
    assert (await save(logs, [0], "~/a.log")).path.name == "a.log"
    assert files(tmp_path) == ["a.log"]
    with pytest.raises(SaveError, match="no such user"):
        await save(logs, [0], "~nobody-of-that-name/a.log")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (" ", "no name of a file"),
        ("a\0b", "no name of a file"),
        ("folder", "is a directory"),
        ("gone/a.log", "No such file or directory"),
        ("file/a.log", "Not a directory"),
        ("x" * 300, "File name too long"),
        ("/dev/null", "no file, but a device"),
    ],
)
async def test_a_place_that_cannot_be_is_said_with_its_mend(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    logs = staged_logs(1)
    with pytest.raises(SaveError, match=said) as caught:
        await save(logs, [0], str(tmp_path / name) if name.strip() else name)
    assert caught.value.mend
    assert files(tmp_path) == ["file", "folder"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_that_may_not_be_written_to_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SaveError, match="Permission denied"):
        asyncio.run(save(staged_logs(1), [0], str(tmp_path / "a.log")))


async def test_cancelling_leaves_nothing_behind(tmp_path: Path) -> None:
    reached = asyncio.Event()

    class Endless(StagedLogs):
        async def payload(self, row: int) -> Mapping[str, object]:
            if row == 5:
                reached.set()
                await asyncio.Event().wait()
            return await super().payload(row)

    logs = Endless()
    logs.put(entries(10))
    task = asyncio.create_task(save(logs, logs.store.order, str(tmp_path / "a.jsonl")))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert files(tmp_path) == []


async def test_the_loop_turns_while_much_is_written(tmp_path: Path) -> None:
    logs = staged_logs(20_000)
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    turning = asyncio.create_task(turn())
    await save(logs, logs.store.order, str(tmp_path / "a.log"))
    turning.cancel()
    assert turns > 10


@pytest.mark.slow
def test_a_full_disk_is_said_and_nothing_half_written_stays(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path / "a.log")], capture_output=True, text=True, check=True
    )
    assert "cannot be written: File too large | name a file where larger ones are allowed" in done.stdout
    assert files(tmp_path) == []
