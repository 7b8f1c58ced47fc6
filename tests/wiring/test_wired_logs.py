"""A session with the service's log in it, as settings wire it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from cockpit import config
from cockpit.live.logs.reading import Mode
from cockpit.live.snapshot import FeedState
from cockpit.wiring.outside import wired
from tests.live.logs_local import texts, write
from tests.sources.local import PROJECT, REF, REGION, serving, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from cockpit.live.assembly import LiveSession


@asynccontextmanager
async def session_on(port: int, folder: Path, *, logs: bool = True) -> AsyncIterator[LiveSession]:
    """A started session on the local Cloud Run of that port."""
    file = folder / "config.toml"
    file.write_text(f'[journal]\npath = "{folder / "journal"}"\n[logs]\nbackfill_entries = 2\n', encoding="utf-8")
    where = {"endpoint": f"127.0.0.1:{port}", "project": PROJECT, "region": REGION, "name": REF.service}
    settings = config.load(file, {}, {f"service.{key}": (value, f"--{key}") for key, value in where.items()})
    async with wired(settings, logs=logs) as outside:
        session = outside.session(REF.service)
        await session.start()
        try:
            yield session
        finally:
            await session.stop()


async def test_a_session_follows_its_log_and_says_how_that_stands(tmp_path: Path) -> None:
    async with serving() as cloud:
        for number in range(5):
            write(cloud.logs, str(number), number - 70)
        async with session_on(cloud.port, tmp_path) as session:
            assert session.logs is None
            await until(lambda: session.logs is not None and session.logs.state.mode is Mode.STREAMING)
            assert session.logs is not None
            logs = session.logs
            await until(lambda: len(logs.store) >= 2)
            assert texts(logs)[-2:] == ["3", "4"]
            write(cloud.logs, "now")
            await until(lambda: texts(logs)[-1] == "now")
            feed = session.snapshot.feed("logs")
            assert feed is not None
            assert feed.state is FeedState.LIVE
            lines = [command.line for command in session.snapshot.commands]
            assert [line.split("'")[0] for line in lines] == ["gcloud logging read ", "gcloud beta logging tail "]
            assert lines[0].endswith("--limit=2 --freshness=900s")
            await until(lambda: session.snapshot.commands[1].result == "streaming")
            await until(lambda: len(cloud.logs.tails) == 2)
        await until(lambda: len(cloud.logs.tails) == 0)


async def test_who_does_not_ask_for_logs_reads_none(tmp_path: Path) -> None:
    async with serving() as cloud, session_on(cloud.port, tmp_path, logs=False) as session:
        await until(lambda: session.snapshot.service is not None and len(cloud.logs.tails) == 1)
        assert session.logs is None
        assert session.snapshot.feed("logs") is None
