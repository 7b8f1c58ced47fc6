"""Recordings are bounded by size and age: the oldest go first, and never one that is being written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cockpit.live.recording.bounds import Bounds
from cockpit.live.recording.pruning import prune, size_of, trim
from cockpit.live.recording.recorder import PRUNE_EVERY, Recorder
from cockpit.live.recording.tape import Tape
from cockpit.live.recording.writing import WHILE, Writer
from tests.live.recording.test_recording_reading import ABOUT
from tests.live.recording.test_recording_recorder import Time
from tests.live.replay.recorded import BEGUN, snapshots, write

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400.0
MUCH = 1 << 30


def aged(folder: Path, *days: float) -> list[Path]:
    """Recordings that ended so many days ago."""
    found = []
    for each in days:
        path = write(folder)
        os.utime(path, (BEGUN - each * DAY, BEGUN - each * DAY))
        found.append(path)
    return found


def test_what_is_too_old_goes(tmp_path: Path) -> None:
    old, young = aged(tmp_path, 31, 29)
    assert prune(tmp_path, Bounds(MUCH, 30 * DAY), BEGUN) == 0
    assert not old.exists()
    assert young.exists()


def test_the_oldest_go_until_the_rest_has_room(tmp_path: Path) -> None:
    oldest, older, young = aged(tmp_path, 3, 2, 1)
    size = young.stat().st_size
    assert prune(tmp_path, Bounds(2 * size, 30 * DAY), BEGUN) == 0
    assert [oldest.exists(), older.exists(), young.exists()] == [False, True, True]


def test_what_lies_beside_a_recording_goes_with_it_and_nothing_else(tmp_path: Path) -> None:
    [old] = aged(tmp_path, 31)
    beside = [old.with_name(f"{old.name}{end}") for end in ("-wal", "-shm")]
    other = tmp_path / "notes.txt"
    for each in (*beside, other):
        each.touch()
        os.utime(each, (BEGUN - 31 * DAY, BEGUN - 31 * DAY))
    prune(tmp_path, Bounds(MUCH, 30 * DAY), BEGUN)
    assert list(tmp_path.iterdir()) == [other]


def test_one_that_a_cockpit_writes_stays_however_old_and_large(tmp_path: Path) -> None:
    tape = Tape.new(tmp_path, ABOUT, BEGUN)
    assert prune(tmp_path, Bounds(1, 1.0), BEGUN + 1e9) > 0
    assert tape.path.exists()
    tape.close()
    assert prune(tmp_path, Bounds(1, 1.0), BEGUN + 1e9) == 0
    assert list(tmp_path.iterdir()) == []


def test_one_whose_cockpit_was_killed_goes_as_any_other(tmp_path: Path) -> None:
    [old] = aged(tmp_path, 31)
    old.with_name(f"{old.name}.lock").touch()
    prune(tmp_path, Bounds(MUCH, 30 * DAY), BEGUN)
    assert list(tmp_path.iterdir()) == []


def long_one(folder: Path, pieces: int) -> tuple[Tape, Writer, float]:
    """A recording of several pieces, and when it ended."""
    tape = Tape.new(folder, ABOUT, BEGUN)
    writer = Writer(tape.connection, BEGUN)
    at = BEGUN
    while at < BEGUN + pieces * WHILE:
        for each in snapshots(at, 2):
            writer.snapshot(each)
        at += 8
        writer.flush(at)
    return tape, writer, at


def test_of_a_long_session_the_oldest_goes_and_its_room_with_it(tmp_path: Path) -> None:
    tape, writer, ended = long_one(tmp_path, 6)
    before = size_of(tape.connection)
    first = trim(tape.connection, before // 2, 0.0)
    assert first is not None
    assert BEGUN < first < ended
    writer.trimmed(first)
    assert size_of(tape.connection) < 0.75 * before
    with tape.reader() as recording:
        assert recording.about.begun == first == recording.moments()[0]
        assert recording.snapshot(first - 1) is None
        assert len(recording.moments(first, ended)) == len(recording.moments())
    assert writer.spans[0][0] == first
    writer.flush(ended + 1)
    with tape.reader() as recording:
        assert recording.about.spans == ((first, ended + 1),)
    tape.close()


def test_where_there_is_room_all_stays(tmp_path: Path) -> None:
    tape, _, _ = long_one(tmp_path, 2)
    assert trim(tape.connection, 0, BEGUN) is None
    tape.close()


def test_a_session_keeps_itself_within_its_bounds(tmp_path: Path) -> None:
    """Earlier recordings go first; then its own oldest minutes do."""
    [earlier] = aged(tmp_path, 1)
    time = Time()
    bound = 150_000
    one = Recorder(tmp_path, ABOUT, Bounds(bound, 30 * DAY), time)
    while time.at < BEGUN + 9 * PRUNE_EVERY:
        [made] = snapshots(time.at, 1)
        one.inbox.snapshot(made)
        one.inbox.logged(os.urandom(1000), round(made.time * 1e9), 0)
        time.at += 9
        one.flush()
    assert not earlier.exists()
    assert one.path is not None
    assert one.spans[0][0] > BEGUN + 1
    one.stop()
    [left] = tmp_path.iterdir()
    assert left.stat().st_size < 2 * bound
