"""Snapshots of before, of this session and of earlier ones; and what a folder of recordings has of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.live.recording.archive import Archive
from cockpit.live.recording.errors import RecordingError
from cockpit.live.recording.looking import AWAY, Looking, joined
from cockpit.live.recording.memory import RecordedMemory
from cockpit.live.recording.tape import Tape
from cockpit.live.timeline import Shares
from cockpit.release.events import EventKind
from cockpit.release.service import ServiceRef
from tests.live.recording.test_recording_files import alter
from tests.live.recording.test_recording_recorder import Time, recorder
from tests.live.replay.recorded import BEGUN, SECONDS, events, snapshots, write
from tests.tui import staged

if TYPE_CHECKING:
    from pathlib import Path

HOUR = 3600.0


async def test_it_goes_back_into_this_session_and_into_earlier_ones(tmp_path: Path) -> None:
    write(tmp_path, spans=((BEGUN - HOUR, SECONDS),))
    time, made = Time(), snapshots(seconds=5)
    one = recorder(tmp_path, time)
    memory = RecordedMemory(one, Archive(tmp_path), staged.REF, time)
    await memory.look_back()
    for each in made:
        one.inbox.snapshot(each)
        time.at = each.time
        one.flush()
    time.at += 0.4
    assert memory.spans == (
        (BEGUN - HOUR + 0.5, BEGUN - HOUR + SECONDS - 0.25),
        (BEGUN + 0.5, BEGUN + 4.9),
    )
    assert await memory.snapshot(BEGUN + 3) == made[2]
    earlier = await memory.snapshot(BEGUN - HOUR + 10)
    assert earlier is not None
    assert earlier.time == BEGUN - HOUR + 9.5
    assert await memory.snapshot(BEGUN - HOUR / 2) is None
    memory.close()
    one.stop()


async def test_what_came_a_moment_ago_is_there(tmp_path: Path) -> None:
    """Who freezes now sees now, and not the last second that was written."""
    time, made = Time(), snapshots(seconds=2)
    one = recorder(tmp_path, time)
    memory = RecordedMemory(one, None, staged.REF, time)
    assert memory.spans == ()
    for each in made:
        one.inbox.snapshot(each)
    time.at = made[-1].time
    assert await memory.snapshot(time.at) == made[-1]
    memory.close()
    one.stop()


async def test_without_a_disk_it_goes_back_as_far_as_memory_does() -> None:
    time, made = Time(), snapshots(seconds=2)
    one = recorder(None, time)
    memory = RecordedMemory(one, None, staged.REF, time)
    await memory.look_back()
    for each in made:
        one.inbox.snapshot(each)
    time.at = BEGUN + 3
    assert await memory.snapshot(BEGUN + 1) == made[0]
    memory.close()
    one.stop()


async def test_what_is_gone_by_now_is_said(tmp_path: Path) -> None:
    path = write(tmp_path)
    time = Time()
    memory = RecordedMemory(recorder(tmp_path, time), Archive(tmp_path), staged.REF, time)
    await memory.look_back()
    path.unlink()
    with pytest.raises(RecordingError, match="there is no file"):
        await memory.snapshot(BEGUN + 5)
    memory.close()


def test_a_machine_that_sleeps_looks_at_nothing() -> None:
    looking = Looking()
    for at in (0.0, 1.0, 1.0 + AWAY, 100.0, 101.0):
        looking.seen(at)
    assert looking.spans == [(0.0, 1.0 + AWAY), (100.0, 101.0)]


def test_what_was_lost_was_not_looked_at() -> None:
    looking = Looking()
    looking.seen(1.0)
    looking.written()
    looking.seen(2.0)
    looking.discard()
    looking.seen(3.0)
    assert looking.spans == [(1.0, 1.0), (3.0, 3.0)]


def test_spans_are_joined() -> None:
    assert joined([(5.0, 6.0), (1.0, 3.0), (2.0, 4.0), (4.0, 4.5)]) == ((1.0, 4.5), (5.0, 6.0))


def test_an_archive_has_the_newest_first_and_what_cannot_be_read_at_the_end(tmp_path: Path) -> None:
    old = write(tmp_path)
    new = write(tmp_path, spans=((BEGUN + HOUR, 5),))
    bad = tmp_path / "bad.cockpit"
    bad.write_text("no recording")
    (tmp_path / "notes.txt").touch()
    found = Archive(tmp_path).all()
    assert [each.path for each in found] == [new, old, bad]
    assert [each.about is None for each in found] == [False, False, True]
    assert "is no recording" in str(found[-1].problem)
    assert [each.path for each in Archive(tmp_path).of(staged.REF)] == [new, old]
    assert Archive(tmp_path).of(ServiceRef("p", "r", "other")) == []


def test_what_happened_in_several_sessions_is_told_once(tmp_path: Path) -> None:
    for _ in range(2):
        write(tmp_path)
    (tmp_path / "bad.cockpit").write_text("no recording")
    archive = Archive(tmp_path)
    assert archive.events(staged.REF) == sorted(events(), key=lambda event: event.at)
    assert [each.kind for each in archive.events(staged.REF, BEGUN + 31)] == [EventKind.TRAFFIC_SERVING]
    assert archive.events(staged.REF, BEGUN + HOUR) == []
    served = Shares(BEGUN, BEGUN + 30, ((staged.STABLE, 90), (staged.CANARY, 10)))
    assert archive.shares(staged.REF) == [served, served]


def test_one_that_is_damaged_takes_no_other_along(tmp_path: Path) -> None:
    for _ in range(2):
        damaged = write(tmp_path)
    alter(damaged, "DROP TABLE events", "DROP TABLE shares")
    assert len(Archive(tmp_path).events(staged.REF)) == len(list(events()))
    assert len(Archive(tmp_path).shares(staged.REF)) == 1


def test_one_that_is_being_written_says_so(tmp_path: Path) -> None:
    time = Time()
    one = recorder(tmp_path, time)
    one.inbox.snapshot(staged.healthy())
    one.flush()
    assert [each.running for each in Archive(tmp_path).all()] == [True]
    one.stop()
    assert [each.running for each in Archive(tmp_path).all()] == [False]


def test_no_folder_is_an_empty_one_and_a_file_is_none(tmp_path: Path) -> None:
    assert Archive(tmp_path / "nowhere").all() == []
    (tmp_path / "file").touch()
    with pytest.raises(RecordingError, match="cannot be read"):
        Archive(tmp_path / "file").all()


def test_a_tape_that_nobody_wrote_to_is_empty(tmp_path: Path) -> None:
    about = {"project": "p", "region": "r", "service": "s/../x", "engine": "local"}
    Tape.new(tmp_path, about, BEGUN).close()
    [found] = Archive(tmp_path).all()
    assert found.path.parent == tmp_path
    assert "is empty" in str(found.problem)
