"""Whole sessions: a rollout gives the same snapshots again, and a cockpit that is killed leaves its recording."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cockpit.config import load
from cockpit.live.recording.archive import Archive
from cockpit.live.recording.errors import RecordingError
from cockpit.live.recording.packing import pack
from cockpit.live.recording.reading import Recording
from cockpit.live.recording.secrets import Redactor
from cockpit.live.replay.samples import Samples
from cockpit.live.snapshot import Outcome
from cockpit.release.traffic import percents
from cockpit.wiring.outside import wired
from tests.live.recording.dying import numbered
from tests.live.replay.recorded import snapshots
from tests.simulated import Local, running_simulator, until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from cockpit.config import Settings
    from cockpit.live.assembly import LiveSession
    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.engine import Engine, Sample

    Answers = list[tuple[Sample, ...]]

SEEN_BEFORE_KILLING = 50
MEBIBYTES = 64
QUESTIONS = ("up", 'count by (__name__) ({__name__=~".+"})', "sum by (revision) (memory_analysis_success_total)")


def settings_of(local: Local, folder: Path) -> Settings:
    """The shipped settings, for a simulator, with all files in a folder."""
    given = {
        "service.endpoint": local.endpoint,
        "service.project": local.project,
        "service.region": local.region,
        "service.name": local.service,
        "journal.path": f"{folder}/journal.sqlite3",
        "recording.folder": f"{folder}/recordings",
    }
    return load(None, {}, {key: (value, "a test") for key, value in given.items()})


@pytest.mark.slow
def test_a_rollout_gives_the_same_snapshots_again_to_the_byte(tmp_path: Path) -> None:
    with running_simulator("bad-canary") as local:
        settings = settings_of(local, tmp_path)
        seen, at, answered = asyncio.run(rolled_out(settings))
    [shelved] = Archive(settings.recordings_folder).all()
    with Recording.open(shelved.path) as recording:
        assert [pack(each) for each in recording.snapshots()] == [pack(each) for each in without_secrets(seen)]
        changes = [each.change for each in recording.snapshots() if each.change is not None]
        assert changes[-1].outcome is Outcome.APPLIED
        assert {event.kind.value for event in recording.events()} >= {"traffic-asked", "traffic-serving"}
        assert len(list(recording.entries())) > 0
        assert asyncio.run(answered_again(recording, at)) == answered


async def rolled_out(settings: Settings) -> tuple[list[Snapshot], int, Answers]:
    """Every snapshot of a session that moves traffic, and what its samples answer for a moment (epoch ms)."""
    seen: list[Snapshot] = []
    async with wired(settings, metrics=True, logs=True, app=True, recording=True) as outside:
        session = outside.session(settings.service.name)
        seen.append(session.snapshot)
        session.subscribe(seen.append)
        await session.start()
        await until(lambda: bool(session.snapshot.past_read and session.snapshot.revisions and scraped(session)))
        service = session.snapshot.service
        assert service is not None
        lesser = min(percents(service.spec).items(), key=lambda pair: pair[1])[0]
        session.door.arm()
        change = await session.door.apply(session.door.plan_shift({lesser: 25}))
        assert change.outcome is Outcome.APPLIED
        await until(lambda: any(each.id == change.id for each in session.snapshot.history))
        # A scrape may be on its way now: what was two seconds ago stays as it is.
        at = round((session.snapshot.time - 2) * 1000)
        assert session.engine is not None
        answered = await answers(session.engine, at)
        await session.stop()
        return seen, at, answered


def scraped(session: LiveSession) -> bool:
    """Whether samples have come, and an entry of the log."""
    metrics, logs = session.snapshot.metrics, session.logs
    return bool(metrics and metrics.readings and logs and len(logs.store))


def without_secrets(seen: Sequence[Snapshot]) -> Iterator[Snapshot]:
    """The same snapshots as they may be recorded."""
    redactor = Redactor()
    for each in seen:
        yield replace(each, service=redactor.redacted(each.service), revisions=redactor.redacted(each.revisions))


async def answered_again(recording: Recording, at: int) -> Answers:
    """What the samples of a recording answer."""
    samples = Samples(recording.about, MEBIBYTES)
    await samples.read(recording, lambda _part: None)
    found = await answers(samples.engine, at)
    samples.close()
    return found


async def answers(engine: Engine, at: int) -> Answers:
    """What some questions come to."""
    return [(await engine.instant(question, at)).samples for question in QUESTIONS]


@contextmanager
def dying(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that records for ever."""
    command = [sys.executable, "-m", "tests.live.recording.dying", str(folder)]
    with subprocess.Popen(command, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def recorded(folder: Path) -> list[Snapshot]:
    """What is in the only recording of a folder, nothing while there is none."""
    for path in folder.glob("*.cockpit"):
        try:
            with Recording.open(path) as recording:
                return list(recording.snapshots())
        except RecordingError:
            return []
    return []


@pytest.mark.slow
def test_a_cockpit_that_is_killed_leaves_all_that_was_written(tmp_path: Path) -> None:
    """Another process reads it meanwhile; after the kill every snapshot that was written is there, in order."""
    with dying(tmp_path) as process:
        deadline = time.monotonic() + 60
        while len(recorded(tmp_path)) < SEEN_BEFORE_KILLING:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.2)  # between two looks at what another process does
        process.kill()
        process.wait()
    found = recorded(tmp_path)
    [like] = snapshots(seconds=1)
    assert len(found) >= SEEN_BEFORE_KILLING
    assert [pack(each) for each in found] == [pack(numbered(like, number)) for number in range(len(found))]
    [shelved] = Archive(tmp_path).all()
    assert not shelved.running
    assert shelved.about is not None
    assert shelved.about.damage == ""
