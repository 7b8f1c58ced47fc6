"""No gap and no duplicate: the server is killed in mid-stream, again and again, and every entry accounted for."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cockpit.live.logs.reading import Mode
from tests.live.logs_local import PACE, entry_of, followed, rows
from tests.sources.local import until
from tests.whole.log_server import LATE_SECONDS, PREFIX

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cockpit.live.logs.service import LiveLogs

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PATIENT = replace(PACE, settle=2 * LATE_SECONDS)
PATIENCE = 60.0


@asynccontextmanager
async def server(port: int, log: Path, seed: int) -> AsyncIterator[int]:
    """A server on the port, any free one for 0; killed without a word at the end of the block."""
    command = [sys.executable, "-m", "tests.whole.log_server", str(port), str(log), str(seed)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    try:
        assert process.stdout is not None
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


class Writer:
    """Logs entries, numbered, for as long as it runs."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self.written = 0

    async def run(self) -> None:
        with self._log.open("ab", buffering=0) as file:
            while True:
                raw = entry_of(f"entry {self.written}", insert_id=f"id-{self.written}").SerializeToString()
                file.write(len(raw).to_bytes(PREFIX) + raw)
                self.written += 1
                await asyncio.sleep(0.003)

    async def more(self, count: int) -> None:
        """Wait until so many more are written."""
        wanted = self.written + count
        await until(lambda: self.written >= wanted, PATIENCE)


async def streams(logs: LiveLogs, more: int) -> None:
    """Wait until a log streams, and that many more entries are at hand."""
    wanted = len(logs.store) + more
    await until(lambda: logs.state.mode is Mode.STREAMING and len(logs.store) >= wanted, PATIENCE)


async def counted(logs: LiveLogs) -> Counter[object]:
    """How often each insert ID is at hand."""
    return Counter([(await logs.payload(row.id))["insertId"] for row in rows(logs)])


async def test_every_entry_is_there_once_however_often_the_server_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    writer = Writer(log)
    writing = asyncio.create_task(writer.run())
    await writer.more(100)
    async with server(0, log, seed=0) as port, followed(port, PATIENT) as logs:
        await streams(logs, more=200)
    # The first was there before, and it went with its server: from here on one log outlives two of them.
    async with followed(port, PATIENT) as logs:
        for seed in (1, 2, 3):
            async with server(port, log, seed) as again:
                assert again == port
                await streams(logs, more=300)
            await until(lambda: logs.state.mode is Mode.WAITING, PATIENCE)
            await writer.more(50)
        writing.cancel()
        async with server(port, log, seed=4):
            await until(lambda: len(logs.store) >= writer.written, PATIENCE)
            await streams(logs, more=0)
            assert await counted(logs) == Counter(f"id-{number}" for number in range(writer.written))
