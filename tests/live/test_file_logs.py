"""A log in a file, read by real processes: every form and packing, what goes wrong, and what is said of it."""

from __future__ import annotations

import asyncio
import gzip
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
import zstandard

from cockpit.config.logs import LogsSettings
from cockpit.live.logs.file import FileLogs
from cockpit.live.logs.reading import Mode
from cockpit.live.snapshot import FeedState
from cockpit.logs.entry import Flag
from cockpit.sources.errors import DeniedError, NotFoundError, SourceError, UnreadableError
from cockpit.sources.files import index
from tests.sources.files.exports import FORMS, entries, entry, json_lines, numbers, plain

if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS = LogsSettings(
    entries=100_000, memory_mib=64, backfill_minutes=1, backfill_entries=1, filter="", time="utc", components=()
)
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": lambda data: gzip.compress(data[:1000]) + gzip.compress(data[1000:]),
    ".zst": lambda data: zstandard.compress(data[:1000]) + zstandard.compress(data[1000:]),
}

HOW_PACKED = (".gz", "", ".zst", "", ".gz", ".zst")
"""Each of FORMS, so that every form and every packing is there."""


def texts_of(logs: FileLogs) -> list[str]:
    """All texts, in the order of time."""
    return [logs.store.row(int(each)).text for each in logs.store.order]


async def until(logs: FileLogs, reached: Callable[[], bool]) -> None:
    """Wait until something is so."""
    changed = asyncio.Event()
    stop = logs.subscribe(changed.set)
    while not reached():
        changed.clear()
        await changed.wait()
    stop()


@pytest.fixture(autouse=True)
def _many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files have many parts, too."""
    monkeypatch.setattr(index, "FIRST", 4000)
    monkeypatch.setattr(index, "_SMALLEST", 20_000)


@pytest.mark.slow
@pytest.mark.parametrize(("form", "packing"), list(zip(FORMS, HOW_PACKED, strict=True)))
async def test_every_form_packed_or_not(form: str, packing: str, tmp_path: Path) -> None:
    path = tmp_path / f"misleading.txt{packing}"
    held = entries(1000)
    path.write_bytes(PACKERS[packing](FORMS[form](held)))
    async with FileLogs(str(path), SETTINGS) as logs:
        await logs.read_all()
        assert sorted(numbers(texts_of(logs))) == list(range(1000))
        times = [int(each) for each in logs.store.times]
        assert times == sorted(times)
        for row in (0, 500, 999):
            text = logs.store.row(row).text
            payload = await logs.payload(row)
            assert payload in ({"textPayload": text}, held[numbers([text])[0]])
        await until(logs, lambda: logs.state.mode is Mode.DONE)
        state = logs.state
    assert (state.broken, state.progress, state.whole) == (0, 1.0, True)
    assert state.feed.state is FeedState.LIVE


@pytest.mark.slow
@pytest.mark.parametrize("form", ["json lines", "gcloud's array", "plain text"])
async def test_the_order_of_one_moment_is_the_files(form: str, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(FORMS[form](entries(600)))
    async with FileLogs(str(path), SETTINGS) as logs:
        first = numbers(texts_of(logs))
        assert first == list(range(first[0], 600)), "the newest are there at once"
        await logs.read_all()
        assert numbers(texts_of(logs)) == list(range(600))


@pytest.mark.slow
@pytest.mark.parametrize("packing", [".gz", ".zst"])
async def test_of_a_truncated_file_what_came_is_kept_and_the_rest_is_said(packing: str, tmp_path: Path) -> None:
    path = tmp_path / f"app{packing}"
    path.write_bytes(PACKERS[packing](json_lines(entries(3000)))[:-200])
    async with FileLogs(str(path), SETTINGS) as logs:
        with pytest.raises(UnreadableError, match="break off") as caught:
            await logs.read_all()
        assert str(path) in str(caught.value)
        found = numbers(texts_of(logs))
        assert found == list(range(len(found)))
        assert len(found) > 1000
        problem = logs.state.feed.problem
        assert problem is not None
        assert problem.mend


@pytest.mark.parametrize(
    ("make", "kind", "said"),
    [
        (Path.absolute, NotFoundError, "is not there"),
        (Path.mkdir, UnreadableError, "is a directory"),
        (Path.touch, UnreadableError, "is empty"),
        (lambda path: path.write_bytes(bytes(range(256)) * 99), UnreadableError, "is no log"),
        (lambda path: path.write_bytes(b"PK\x03\x04"), UnreadableError, "ZIP"),
        (lambda path: path.symlink_to(path), UnreadableError, "cannot be read"),
    ],
)
async def test_what_is_no_log_is_one_line_with_a_mend(
    make: Callable[[Path], object], kind: type[SourceError], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "app.log"
    make(path)
    with pytest.raises(kind, match=said) as caught:
        await FileLogs(str(path), SETTINGS).start()
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.mend


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(b"secret\n")
    path.chmod(0)
    with pytest.raises(DeniedError, match="may not be read"):
        await FileLogs(str(path), SETTINGS).start()


@pytest.mark.slow
async def test_broken_entries_are_counted_and_shown_and_stop_nothing(tmp_path: Path) -> None:
    path = tmp_path / "app.jsonl"
    data = json_lines(entries(900)).replace(b'"entry 7"', b'entry 7"').replace(b'"entry 800"', b'"entry 800')
    path.write_bytes(data)
    async with FileLogs(str(path), SETTINGS) as logs:
        await logs.read_all()
        assert len(logs.store) == 898
        assert logs.state.broken == 2
        broken = sorted(logs.broken(), key=lambda each: each.head)
        places = [data.rindex(b"\n", 0, data.index(text)) + 1 for text in (b'entry 7"', b'"entry 800')]
        assert [each.place for each in broken] == [f"byte {place:,}" for place in places]
        assert all("no JSON" in each.why for each in broken)


@pytest.mark.slow
async def test_the_oldest_leave_when_there_are_too_many(tmp_path: Path) -> None:
    path = tmp_path / "app.jsonl"
    path.write_bytes(json_lines(entries(5000)))
    few = LogsSettings(
        entries=1000, memory_mib=64, backfill_minutes=1, backfill_entries=1, filter="", time="utc", components=()
    )
    async with FileLogs(str(path), few) as logs:
        await logs.read_all()
        found = numbers(texts_of(logs))
        assert found[-1] == 4999
        assert found == list(range(found[0], 5000))
        assert logs.store.dropped == 5000 - len(found)
        await until(logs, lambda: logs.state.mode is Mode.DONE)
        assert not logs.state.whole


@pytest.mark.slow
async def test_a_file_is_followed_and_payloads_outlive_a_rotation(tmp_path: Path) -> None:
    path = tmp_path / "app.jsonl"
    path.write_bytes(json_lines(entries(300)) + json_lines([entry(300)])[:50])
    async with FileLogs(str(path), SETTINGS, follow=True) as logs:
        await logs.read_all()
        assert numbers(texts_of(logs)) == list(range(300))
        with path.open("ab") as file:
            file.write(json_lines([entry(300)])[50:])
        await until(logs, lambda: len(logs.store) == 301)
        assert logs.state.mode is Mode.FOLLOWING
        path.rename(tmp_path / "app.jsonl.1")
        path.write_bytes(json_lines([entry(301)]))
        await until(logs, lambda: len(logs.store) == 303)
        rotated, newest = logs.store.row(301), logs.store.row(302)
        assert Flag.GAP in rotated.flags
        assert "was rotated" in rotated.text
        assert [await logs.payload(row.id) for row in (rotated, newest)] == [
            {"textPayload": rotated.text},
            entry(301),
        ]
        assert await logs.payload(300) == entry(300)


@pytest.mark.slow
async def test_the_payloads_of_a_file_that_was_cut_are_gone_and_that_is_said(tmp_path: Path) -> None:
    path = tmp_path / "app.jsonl"
    path.write_bytes(json_lines(entries(30)))
    async with FileLogs(str(path), SETTINGS, follow=True) as logs:
        await logs.read_all()
        path.write_bytes(json_lines([entry(30)]))
        await until(logs, lambda: len(logs.store) == 32)
        assert await logs.payload(31) == entry(30)
        with pytest.raises(SourceError, match="holds this entry no more"):
            await logs.payload(3)
        assert len(texts_of(logs)) == 32


@pytest.mark.slow
async def test_an_empty_file_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.touch()
    async with FileLogs(str(path), SETTINGS, follow=True) as logs:
        await logs.read_all()
        path.write_bytes(plain(entries(3)))
        await until(logs, lambda: len(logs.store) == 3)


@pytest.mark.slow
async def test_a_pipe_is_read_as_it_comes_and_keeps_its_payloads(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    async with FileLogs(str(path), SETTINGS) as logs:
        writing = await asyncio.to_thread(os.open, path, os.O_WRONLY)
        os.write(writing, json_lines(entries(3)))
        await until(logs, lambda: len(logs.store) == 3)
        assert logs.state.mode is Mode.FOLLOWING
        os.write(writing, json_lines([entry(3)])[:-1])
        os.close(writing)
        await logs.read_all()
        assert numbers(texts_of(logs)) == [0, 1, 2, 3]
        assert [await logs.payload(row) for row in range(4)] == entries(4)


@pytest.mark.slow
async def test_a_process_that_is_killed_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "app.jsonl"
    path.write_bytes(json_lines(entries(20_000)))
    killed: set[int] = set()
    async with FileLogs(str(path), SETTINGS) as logs:

        def kill_one() -> None:
            for child in psutil.Process().children() if not killed else ():
                killed.add(child.pid)
                os.kill(child.pid, signal.SIGKILL)
                return

        stop = logs.subscribe(kill_one)
        await logs.read_all()
        stop()
        assert killed
        assert numbers(texts_of(logs)) == list(range(20_000))


@pytest.mark.slow
async def test_what_kills_every_process_is_said_to_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "app.jsonl"
    path.write_bytes(json_lines(entries(300)))
    monkeypatch.setattr("cockpit.sources.files.processes.MODULE", "cockpit.no_such_module")
    async with FileLogs(str(path), SETTINGS) as logs:
        with pytest.raises(SourceError, match="are missing: the process that read them ended with code 1"):
            await logs.read_all()
        gaps = [text for text in texts_of(logs) if "are missing" in text]
        assert len(gaps) > 1
        assert logs.state.feed.state is FeedState.FAILED


@pytest.mark.slow
def test_the_processes_end_with_the_one_that_asked(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    program = f"""
import asyncio
from tests.live.test_file_logs import FileLogs, SETTINGS
async def main():
    async with FileLogs({str(pipe)!r}, SETTINGS):
        await asyncio.sleep(600)
asyncio.run(main())
"""
    asker = subprocess.Popen([sys.executable, "-c", program])
    try:
        writing = os.open(pipe, os.O_WRONLY)  # waits until the file is opened
        asking = psutil.Process(asker.pid)
        while not (children := asking.children()):
            assert asker.poll() is None
    finally:
        asker.kill()
        asker.wait()
    assert not psutil.wait_procs(children, timeout=60)[1]
    os.close(writing)


@pytest.mark.slow
async def test_stopping_reaps_the_processes(tmp_path: Path) -> None:
    path = tmp_path / "app.jsonl"
    path.write_bytes(json_lines(entries(2000)))
    logs = FileLogs(str(path), SETTINGS)
    await logs.start()
    await until(logs, lambda: bool(psutil.Process().children()) or logs.state.mode is Mode.DONE)
    await logs.stop()
    assert not psutil.Process().children()
    with pytest.raises(SourceError):
        await logs.payload(0)
