"""A recording played: every snapshot as it was, samples and entries at hand, and no way to change anything."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cockpit.config import load
from cockpit.live.clock import Clock
from cockpit.live.logs.reading import Mode
from cockpit.live.recording.errors import RecordingError
from cockpit.live.recording.frames import packed
from cockpit.live.session import RefusedError
from cockpit.metrics.engine import QueryError
from cockpit.wiring.replay import opened
from tests.live.replay.recorded import BEGUN, SECONDS, SHIFTED, snapshots, write
from tests.tui import staged

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from cockpit.live.replay.session import RecordedSession

END = BEGUN + SECONDS


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute of a session in which the canary was given more."""
    return write(tmp_path_factory.mktemp("recordings"))


@asynccontextmanager
async def playing(path: Path, clock: Clock | None = None) -> AsyncIterator[RecordedSession]:
    """A recording, started."""
    session = opened(load(None, {}), path, clock)
    await session.start()
    try:
        yield session
    finally:
        await session.stop()


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds. Raises TimeoutError."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - what is waited for has several causes
            await asyncio.sleep(0.005)


async def test_at_every_recorded_moment_it_shows_that_snapshot_to_the_byte(recording: Path) -> None:
    async with playing(recording) as session:
        for recorded in (*snapshots(), *reversed(snapshots())):
            await session.show(recorded.time)
            assert packed(session.snapshot) == packed(recorded)


async def test_between_two_snapshots_ages_go_on(recording: Path) -> None:
    async with playing(recording) as session:
        await session.show(BEGUN + 10.9)
        feed = session.snapshot.feed("service")
        assert feed is not None
        assert feed.age(session.snapshot.at) == pytest.approx(0.4)
        assert feed.age(session.now()) == pytest.approx(0.8)
        assert session.wall() == datetime.fromtimestamp(BEGUN + 10.9, UTC)


async def test_what_was_sought_is_shown_and_told(recording: Path) -> None:
    async with playing(recording) as session:
        heard: list[float] = []
        session.subscribe(lambda snapshot: heard.append(snapshot.time))
        session.player.seek(SHIFTED + 5)
        await until(lambda: SHIFTED + 4.5 in heard)
        assert session.snapshot.service == staged.service(staged.split(stable=75, canary=25))
        session.player.seek(SHIFTED - 5)
        await until(lambda: SHIFTED - 5.5 in heard)
        assert session.snapshot.service == staged.service(staged.split(stable=90, canary=10))


async def test_it_plays_to_the_end_and_stands_there(recording: Path) -> None:
    started = time.monotonic()
    clock = Clock(now=lambda: 100 * (time.monotonic() - started))
    async with playing(recording, clock) as session:
        session.player.run_at(4)
        session.player.play()
        await until(lambda: not session.player.runs)
        await until(lambda: packed(session.snapshot) == packed(snapshots()[-1]))
        assert session.player.head == session.player.ended == pytest.approx(END, abs=1)


async def test_promql_has_the_answers_it_had_and_the_log_its_entries(recording: Path) -> None:
    async with playing(recording) as session:
        await until(lambda: session.player.read == 1.0)
        at = round(1000 * (BEGUN + 40.6))
        (rate,) = (await session.engine.instant("sum(rate(requests_total[30s]))", at)).samples
        assert rate.value == pytest.approx(10)
        (up,) = (await session.engine.instant("up", at)).samples
        assert up.value == 1
        assert session.logs.state.mode is Mode.DONE
        store = session.logs.store
        assert [store.row(int(each)).text for each in store.order] == [f"second {n}" for n in _seconds()]
        last = await session.logs.payload(int(store.order[-1]))
        assert last["textPayload"] == f"second {_seconds()[-1]}"
        assert await session.logs.older() == 0


def _seconds() -> list[int]:
    return [int(made.time - BEGUN) for made in snapshots()]


async def test_what_happened_is_on_its_timeline_and_nothing_can_be_added(recording: Path) -> None:
    async with playing(recording) as session:
        assert [event.at for event in session.timeline.events] == [SHIFTED, SHIFTED + 2]
        assert session.timeline.shares[0].percents == ((staged.STABLE, 90), (staged.CANARY, 10))
        with pytest.raises(RefusedError):
            session.timeline.note("no")


async def test_nothing_can_be_changed(recording: Path) -> None:
    async with playing(recording) as session:
        door = session.door
        for refused in (
            lambda: door.plan_shift({}),
            lambda: door.plan_promote("a"),
            door.plan_rollback,
            door.plan_undo,
            lambda: door.plan_tag("canary", "a"),
            door.arm,
        ):
            with pytest.raises(RefusedError, match="this is a recording of emergence-app"):
                refused()
        door.disarm()


async def test_a_moment_at_which_nobody_looked_says_so(tmp_path: Path) -> None:
    slept = write(tmp_path, spans=((BEGUN, 20), (BEGUN + 3600, 20)))
    async with playing(slept) as session:
        await session.show(BEGUN + 1800)
        assert session.snapshot.service is None
        assert session.snapshot.time == BEGUN + 1800
        (why,) = session.snapshot.notices
        assert why.text == "nobody looked from 12:04:03 to 13:03:44"
        await session.show(BEGUN + 3610)
        assert session.snapshot.service is not None


async def test_without_samples_of_its_own_it_says_who_answered_then(tmp_path: Path) -> None:
    remote = write(tmp_path, engine="https://prometheus.example.com")
    async with playing(remote) as session:
        await until(lambda: session.player.read == 1.0)
        with pytest.raises(QueryError, match=r"https://prometheus\.example\.com answered then"):
            await session.engine.instant("up", 0)


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "notes.cockpit"
    foreign.write_text("no SQLite at all, but long enough to be looked at")
    for path in (foreign, tmp_path / "missing.cockpit", tmp_path):
        with pytest.raises(RecordingError):
            opened(load(None, {}), path)


async def test_one_that_is_cut_off_plays_what_there_is_and_says_until_when(tmp_path: Path) -> None:
    path = write(tmp_path, spans=((BEGUN, 900),))
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size * 9 // 10)
    async with playing(path) as session:
        assert "it is cut off: it can be read until 2026-11-21 12:" in session.player.damage
        assert session.player.ended < BEGUN + 900
        await session.show(session.player.ended)
        assert session.snapshot.service is not None
        await until(lambda: session.player.read == 1.0)
