"""A file that grows is read on, whatever happens to it, and what happened is said in its place."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from cockpit.logs.entry import Flag
from cockpit.logs.names import Names
from cockpit.sources.files.follower import HALF_LINE, Follower
from cockpit.sources.files.opening import opened
from cockpit.sources.files.segments import segment_of
from tests.sources.files.exports import FORMS, entries, entry, json_lines, numbers, plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Reading:
    """Polls a follower, with a clock that stands still unless told otherwise."""

    def __init__(self, path: Path) -> None:
        file = opened(str(path))
        assert file.shape is not None
        self.path = path
        self.now = 100.0
        self.texts: list[str] = []
        self.gaps: list[str] = []
        self.follower = Follower(file, str(path), file.shape, 0)

    def poll(self) -> list[str]:
        """What comes now, until there is no more."""
        before, more = len(self.texts), True
        while more:
            found, more = self.follower.poll(self.now)
            for batch in found:
                segment = segment_of(batch, Names())
                rows = [(segment.text(row), Flag(int(segment.flags[row]))) for row in range(len(segment))]
                self.texts += [text for text, flags in rows if Flag.GAP not in flags]
                self.gaps += [text for text, flags in rows if Flag.GAP in flags]
        return self.texts[before:]

    def add(self, data: bytes) -> None:
        """Somebody writes to the file."""
        with self.path.open("ab") as file:
            file.write(data)


@pytest.fixture
def reading(tmp_path: Path) -> Iterator[Reading]:
    path = tmp_path / "app.log"
    path.write_bytes(b"")
    reading = Reading(path)
    yield reading
    reading.follower.file.close()


@pytest.mark.parametrize("form", ["json lines", "plain text", "pretty objects"])
def test_thousands_of_entries_in_odd_pieces(form: str, tmp_path: Path) -> None:
    count = 10_000 if form == "json lines" else 1000
    data = FORMS[form](entries(count))
    path = tmp_path / "app.log"
    begun = 500
    path.write_bytes(data[:begun])
    reading, rng, at = Reading(path), random.Random(7), begun
    while at < len(data):
        size = rng.choice([1, 7, 300, 5000, 100_000])
        reading.add(data[at : at + size])
        at += size
        reading.poll()
    assert numbers(reading.texts) == list(range(count))
    assert not reading.gaps
    reading.follower.file.close()


def test_a_half_line_waits_for_its_end_or_a_second(reading: Reading) -> None:
    reading.add(plain([entry(0)]) + plain([entry(1)])[:-3])
    assert len(reading.poll()) == 1
    reading.add(plain([entry(1)])[-3:])
    assert numbers(reading.poll()) == [1]
    reading.add(b"no end")
    reading.poll()
    reading.now += HALF_LINE / 2
    assert reading.poll() == []
    reading.now += HALF_LINE
    assert reading.poll() == ["no end"]


def test_half_an_object_is_never_taken_for_an_entry(reading: Reading) -> None:
    line = json_lines([entry(0)])
    reading.add(line[:50])
    reading.poll()
    reading.now += 10 * HALF_LINE
    assert reading.poll() == []
    reading.add(line[50:-1])
    reading.poll()
    reading.now += 2 * HALF_LINE
    assert numbers(reading.poll()) == [0]
    reading.add(b"\n" + json_lines([entry(1)]))
    assert numbers(reading.poll()) == [1]


def test_a_rotated_file_is_read_to_its_end_and_the_new_one_from_its_start(
    reading: Reading, tmp_path: Path
) -> None:
    reading.add(json_lines(entries(3)))
    reading.poll()
    reading.add(json_lines([entry(3)]) + b"the end without a line break")
    os.rename(reading.path, tmp_path / "app.log.1")
    reading.path.write_bytes(json_lines([entry(4)]))
    assert reading.poll() == ["entry 3", "the end without a line break", "entry 4"]
    assert reading.gaps == [f"{reading.path} was rotated: the new file is read from its start"]
    assert reading.follower.generation == 1


def test_a_file_that_is_cut_is_read_from_its_start(reading: Reading) -> None:
    reading.add(json_lines(entries(30)))
    reading.poll()
    reading.path.write_bytes(json_lines([entry(30)]))
    assert numbers(reading.poll()) == [30]
    assert reading.gaps == [
        f"{reading.path} was cut to {reading.path.stat().st_size:,} bytes and is read from its start"
    ]


def test_a_file_that_is_cut_and_is_longer_already_is_seen_by_its_beginning(reading: Reading) -> None:
    reading.add(json_lines(entries(3)))
    reading.poll()
    reading.path.write_bytes(json_lines(entry(number) for number in range(10, 30)))
    assert numbers(reading.poll()) == list(range(10, 30))
    assert len(reading.gaps) == 1


def test_a_file_that_vanishes_is_said_and_awaited(reading: Reading) -> None:
    reading.add(json_lines(entries(2)))
    reading.path.unlink()
    assert numbers(reading.poll()) == [0, 1]
    assert "is gone" in str(reading.follower.problem)
    assert reading.follower.problem is not None
    assert reading.follower.problem.mend
    reading.path.write_bytes(json_lines([entry(2)]))
    assert numbers(reading.poll()) == [2]
    reading.poll()
    assert reading.follower.problem is None


def test_another_kind_of_file_in_its_place_is_said(reading: Reading) -> None:
    reading.add(json_lines(entries(2)))
    reading.path.unlink()
    reading.path.mkdir()
    reading.poll()
    assert "is a directory" in str(reading.follower.problem)


def test_the_new_file_may_be_written_otherwise(reading: Reading) -> None:
    reading.add(plain(entries(2)))
    reading.poll()
    reading.path.unlink()
    reading.path.write_bytes(b"\xef\xbb\xbf" + FORMS["indented array"]([entry(2), entry(3)]))
    assert numbers(reading.poll()) == [2, 3]


def test_a_traceback_that_is_being_written_is_one_entry(reading: Reading) -> None:
    reading.add(b"Traceback (most recent call last):\n")
    assert reading.poll() == []
    reading.now += 0.2
    reading.add(b'  File "app.py", line 3, in f\nValueError: no\n')
    assert reading.poll() == []
    reading.now += 1
    assert reading.poll() == ['Traceback (most recent call last):\n  File "app.py", line 3, in f\nValueError: no']


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_to_an_empty_file_is_recognised(form: str, reading: Reading) -> None:
    reading.add(FORMS[form](entries(9)))
    assert sorted(numbers(reading.poll())) == list(range(9))
