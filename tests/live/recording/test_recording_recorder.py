"""A session recorded in its thread: on the disk or in memory, and what happens where that cannot be."""

from __future__ import annotations

import os
import stat
import threading
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cockpit.live.recording.bounds import Bounds
from cockpit.live.recording.inbox import Inbox
from cockpit.live.recording.packing import pack
from cockpit.live.recording.pruning import is_written
from cockpit.live.recording.reading import Recording
from cockpit.live.recording.recorder import RETRY, SAID_FOR, Recorder
from cockpit.live.recording.tape import Tape
from tests.live.disk import no_room_beyond
from tests.live.recording.test_recording_reading import ABOUT
from tests.live.replay.recorded import BEGUN, URL, snapshots
from tests.tui import staged

if TYPE_CHECKING:
    from collections.abc import Iterator

PLENTY = Bounds(size=1 << 30, age=86_400.0)


class Time:
    """Epoch seconds that a test owns."""

    def __init__(self) -> None:
        self.at = BEGUN

    def __call__(self) -> float:
        return self.at


def recorder(folder: Path | None, time: Time, bounds: Bounds = PLENTY) -> Recorder:
    """One that does nothing by itself: `flush` does its work."""
    return Recorder(folder, ABOUT, bounds, time)


def moments(path: Path | None) -> list[float]:
    """The times of a file's snapshots."""
    assert path is not None
    with Recording.open(path) as recording:
        return recording.moments()


def test_it_records_by_itself_what_was_there_before_it_began_and_what_comes(tmp_path: Path) -> None:
    time, made = Time(), snapshots(seconds=3)
    one = recorder(tmp_path, time)
    one.inbox.snapshot(made[0])
    one.start()
    one.inbox.snapshot(made[1])
    one.flush()
    path = one.path
    assert moments(path) == [made[0].time, made[1].time]
    one.inbox.snapshot(made[2])
    one.stop()
    assert moments(path) == [each.time for each in made]
    assert [each.name for each in tmp_path.iterdir()] == [path.name if path else ""]
    assert "recorder" not in {thread.name for thread in threading.enumerate()}


def test_its_file_is_private_and_locked_while_it_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    one = recorder(folder, Time())
    one.inbox.snapshot(staged.healthy())
    one.flush()
    assert one.path is not None
    assert {stat.S_IMODE(each.stat().st_mode) & 0o077 for each in folder.iterdir()} == {0}
    assert is_written(one.path)
    path = one.path
    one.stop()
    assert not is_written(path)


def test_without_anything_there_is_no_file(tmp_path: Path) -> None:
    one = recorder(tmp_path / "recordings", Time())
    one.start()
    one.flush()
    one.stop()
    assert not (tmp_path / "recordings").exists()
    assert one.problem is None


def test_nothing_is_on_the_disk_where_that_is_not_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one, made = recorder(None, Time()), snapshots(seconds=3)
    for each in made:
        one.inbox.snapshot(each)
    one.flush()
    reader = one.reader()
    assert reader is not None
    assert [pack(each) for each in reader.snapshots()] == [pack(each) for each in made]
    assert one.path is None
    one.stop()
    assert list(tmp_path.iterdir()) == []


def test_memory_is_bounded_by_age(tmp_path: Path) -> None:
    time = Time()
    one = recorder(None, time, Bounds(size=1 << 26, age=600.0))
    for minute in range(40):
        time.at = BEGUN + 60.0 * minute
        for each in snapshots(time.at, 6):
            one.inbox.snapshot(each)
        time.at += 6
        one.flush()
    assert time.at - 600 - 600 < one.spans[0][0] <= time.at - 600
    reader = one.reader()
    assert reader is not None
    assert reader.snapshot(BEGUN + 5) is None
    assert reader.snapshot(time.at) is not None
    one.stop()


def test_two_at_once_have_a_file_each(tmp_path: Path) -> None:
    time = Time()
    both = recorder(tmp_path, time), recorder(tmp_path, time)
    for each in both:
        each.inbox.snapshot(staged.healthy())
        each.flush()
    assert len({each.path for each in both}) == 2
    for each in both:
        each.stop()
    assert len(list(tmp_path.iterdir())) == 2


@contextmanager
def full_disk(tmp_path: Path) -> Iterator[tuple[Recorder, Time]]:
    """A recorder that has recorded something, on a disk that is full from then on.

    No fixture: pytest writes, too, between that and the test, into a file perhaps.
    """
    time = Time()
    one = recorder(tmp_path, time)
    one.inbox.snapshot(staged.healthy())
    one.flush()
    assert one.problem is None
    with no_room_beyond(0):
        yield one, time
    one.stop()


def test_a_full_disk_is_said_with_the_mend_and_loses_nothing_once_there_is_room(tmp_path: Path) -> None:
    made = snapshots(seconds=3)
    with full_disk(tmp_path) as (one, time):
        for each in made:
            time.at = each.time
            one.inbox.snapshot(each)
            one.flush()
        assert one.problem is not None
        assert one.problem.text.startswith("The session is not recorded: ")
        assert "space" in one.problem.mend
        with no_room_beyond(1 << 30):
            time.at += RETRY
            one.flush()
            assert one.problem is None
            assert set(moments(one.path)) >= {each.time for each in made}


def test_what_has_no_room_even_in_memory_is_counted_and_said(tmp_path: Path) -> None:
    with full_disk(tmp_path) as (one, time):
        one.inbox._most = 50_000
        for each in snapshots(seconds=40):
            one.inbox.snapshot(each)
        with no_room_beyond(1 << 30):
            time.at += RETRY
            one.flush()
            assert one.problem is not None
            assert "A part of this session is not recorded" in one.problem.text
            time.at += SAID_FOR + 1
            one.flush()
            assert one.problem is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    one = recorder(tmp_path / "recordings", Time())
    one.inbox.snapshot(staged.healthy())
    one.flush()
    tmp_path.chmod(0o700)
    assert one.problem is not None
    assert "[recording] folder" in one.problem.mend


def test_a_folder_that_is_a_file_is_said_and_tried_again(tmp_path: Path) -> None:
    time, folder = Time(), tmp_path / "recordings"
    folder.write_text("not a folder")
    one = recorder(folder, time)
    one.inbox.snapshot(staged.healthy())
    one.flush()
    assert one.problem is not None
    assert str(folder) in one.problem.text
    assert "[recording] folder" in one.problem.mend
    folder.unlink()
    one.flush()
    assert one.problem is not None, "it is not tried again at once"
    time.at += RETRY
    one.flush()
    assert one.problem is None
    assert len(moments(one.path)) == 1
    one.stop()


def test_a_recording_that_somebody_removes_is_begun_anew_and_that_is_said(tmp_path: Path) -> None:
    time, made = Time(), snapshots(seconds=2)
    one = recorder(tmp_path, time)
    one.inbox.snapshot(made[0])
    one.flush()
    first = one.path
    assert first is not None
    first.unlink()
    one.inbox.snapshot(made[1])
    one.flush()
    assert one.path != first
    assert moments(one.path) == [made[1].time]
    assert one.problem is not None
    one.stop()
    assert len(list(tmp_path.iterdir())) == 1


def test_what_cannot_be_recorded_takes_nothing_along(tmp_path: Path) -> None:
    one = recorder(tmp_path, Time())
    odd = replace(staged.healthy(), last_words={"r": object()})  # type: ignore[dict-item]
    one.inbox.snapshot(odd)
    one.inbox.missed(URL, BEGUN)
    one.flush()
    assert one.problem is not None
    assert one.path is not None
    with Recording.open(one.path) as recording:
        assert len(list(recording.scrapes())) == 1
    one.stop()


def test_an_inbox_takes_no_more_than_its_bound() -> None:
    inbox = Inbox(Time(), most=1000)
    for _ in range(100):
        inbox.logged(b"x" * 100, 0, 0)
    things, lost = inbox.take()
    assert len(things) + lost == 100
    assert len(things) == 4
    assert inbox.take() == ([], 0)
    inbox.logged(b"x", 0, 0)
    assert inbox.waits


def test_a_tape_whose_reader_is_open_closes_all_the_same(tmp_path: Path) -> None:
    tape = Tape.new(tmp_path, ABOUT, BEGUN)
    with tape.reader() as recording:
        tape.close()
        assert recording.moments() == []
