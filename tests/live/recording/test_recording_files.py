"""Files that are no recordings, or not whole ones: each is one clear line, and what can be read is read."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cockpit.live.recording.archive import Archive
from cockpit.live.recording.errors import RecordingError
from cockpit.live.recording.packing import pack
from cockpit.live.recording.reading import Recording
from cockpit.live.recording.schema import FORMAT
from tests.live.replay.recorded import BEGUN, snapshots, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from cockpit.live.snapshot import Snapshot

PAGE = 4096


def nothing(path: Path) -> None:
    """No file."""


def empty(path: Path) -> None:
    """A file with nothing in it."""
    path.touch()


def directory(path: Path) -> None:
    """No file but a directory."""
    path.mkdir()


def text(path: Path) -> None:
    """Something else altogether."""
    path.write_text("[service]\nname = 'x'\n" * 500)


def another(path: Path) -> None:
    """Another program's database."""
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE pieces (id INTEGER)")
    connection.close()


def begun(path: Path) -> None:
    """A recording in which nobody has looked yet."""
    write(path.parent).rename(path)
    alter(path, "DELETE FROM spans")


def newer(path: Path) -> None:
    """What a cockpit of tomorrow makes."""
    write(path.parent).rename(path)
    alter(path, f"PRAGMA user_version = {FORMAT + 1}", "UPDATE about SET value = '9.1' WHERE key = 'cockpit'")


def older(path: Path) -> None:
    """What a cockpit before the first one made."""
    write(path.parent).rename(path)
    alter(path, "PRAGMA user_version = 0", "UPDATE about SET value = '0.0.9' WHERE key = 'cockpit'")


def nameless(path: Path) -> None:
    """A recording that does not say of what."""
    write(path.parent).rename(path)
    alter(path, "DELETE FROM about")


def alter(path: Path, *statements: str) -> None:
    """Change something in a file."""
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def stub(path: Path) -> None:
    """The first bytes of a recording."""
    path.write_bytes(write(path.parent).read_bytes()[:50])


def timeless(path: Path) -> None:
    """Somebody looked until no time that a clock shows."""
    write(path.parent).rename(path)
    alter(path, "UPDATE spans SET until = 9e999")


@pytest.mark.parametrize(
    ("make", "said", "mend"),
    [
        (nothing, "there is no file", "cockpit recordings"),
        (empty, "is empty", "nothing was recorded"),
        (directory, "is a directory", "name one recording"),
        (text, "is no recording of cockpit", "cockpit recordings"),
        (stub, "no recording of cockpit", "cockpit recordings"),
        (another, "an SQLite file, but no recording", "cockpit recordings"),
        (begun, "is empty", "nothing was recorded"),
        (newer, "recorded by cockpit 9.1, in a newer format (2, not 1)", "update this cockpit"),
        (older, "recorded by cockpit 0.0.9, in a format that is no longer read", "replay it with cockpit 0.0.9"),
        (nameless, "does not say what it is of", ".recover"),
        (timeless, "is damaged: inf is no time", ".recover"),
    ],
)
def test_what_is_no_recording_says_so(tmp_path: Path, make: Callable[[Path], None], said: str, mend: str) -> None:
    path = tmp_path / "a.cockpit"
    make(path)
    with pytest.raises(RecordingError) as caught, Recording.open(path) as recording:
        assert recording.about
    assert str(path) in str(caught.value)
    assert said in str(caught.value)
    assert mend in caught.value.mend
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_of_somebody_else_says_so(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.chmod(0)
    with pytest.raises(RecordingError, match="may not be read by you"):
        Recording.open(path)


def test_a_file_that_is_cut_off_gives_what_is_left_and_says_until_when(tmp_path: Path) -> None:
    """At each of its pages: never a traceback, never something that was not there."""
    spans = tuple((BEGUN + 1000.0 * number, 20) for number in range(8))
    whole = write(tmp_path, spans=spans).read_bytes()
    made = [pack(each) for since, seconds in spans for each in snapshots(since, seconds)]
    path = tmp_path / "cut.cockpit"
    left = [_left(path, whole[: size + 100]) for size in range(PAGE, len(whole) - PAGE, PAGE)]
    assert all(read == made[: len(read)] for read in left)
    assert max(map(len, left)) > len(made) / 2


def _left(path: Path, content: bytes) -> list[bytes]:
    """The snapshots that are left of a file that is cut off, nothing for one of which nothing is."""
    path.write_bytes(content)
    try:
        with Recording.open(path) as recording:
            damage = recording.about.damage
            read = [pack(each) for each in recording.snapshots()]
    except RecordingError as error:
        damage, read = str(error), []
    assert "it is cut off" in damage
    assert "\n" not in damage
    return read


def _read(path: Path) -> list[Snapshot]:
    with Recording.open(path) as recording:
        assert recording.about
        return list(recording.snapshots())


def test_a_page_that_is_damaged_is_said(tmp_path: Path) -> None:
    path = write(tmp_path)
    content = bytearray(path.read_bytes())
    for at in range(2 * PAGE, len(content), 512):
        content[at : at + 8] = os.urandom(8)
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=r"is damaged|does not say"):
        _read(path)


def test_a_piece_that_is_damaged_takes_no_other_along(tmp_path: Path) -> None:
    path = write(tmp_path)
    alter(path, "UPDATE pieces SET data = x'28b52ffd00' WHERE stream = 1")
    with Recording.open(path) as recording:
        assert len(list(recording.snapshots())) == len(snapshots())
        with pytest.raises(RecordingError, match="a piece is damaged"):
            list(recording.scrapes())


@pytest.mark.parametrize("left", ["as it was closed", "with its log beside it"])
def test_a_recording_in_a_folder_that_cannot_be_written_is_read(tmp_path: Path, left: str) -> None:
    folder = tmp_path / "handed on"
    path = write(folder)
    if left == "with its log beside it":
        alter(path, "PRAGMA journal_mode = WAL")
    folder.chmod(0o500)
    try:
        with Recording.open(path) as recording:
            assert len(recording.moments()) == len(snapshots())
    finally:
        folder.chmod(0o700)
    assert [each.name for each in folder.iterdir() if not each.name.startswith(path.name)] == []


def test_reading_leaves_nothing_behind(tmp_path: Path) -> None:
    path = write(tmp_path)
    with Recording.open(path) as recording:
        assert recording.about
    assert list(tmp_path.iterdir()) == [path]


def test_what_stands_beside_a_file_counts_for_its_size(tmp_path: Path) -> None:
    path = write(tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("UPDATE spans SET until = until + 1")
        [shelved] = Archive(tmp_path).all()
        assert shelved.size > path.stat().st_size
