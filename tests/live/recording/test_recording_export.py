"""One incident as a file: cut exactly, complete by itself, and of whoever looked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cockpit.live.recording.errors import RecordingError
from cockpit.live.recording.export import LEAD_IN, export
from cockpit.live.recording.packing import pack
from cockpit.live.recording.reading import About, Recording
from cockpit.live.recording.turns import Turn, turns
from tests.live.disk import no_room_beyond
from tests.live.replay.recorded import BEGUN, SECONDS, snapshots, write
from tests.tui import staged

if TYPE_CHECKING:
    from pathlib import Path

SINCE, UNTIL = BEGUN + 20, BEGUN + 40


def about(path: Path) -> About:
    """What a recording is of."""
    with Recording.open(path) as recording:
        return recording.about


def test_a_time_is_cut_out_exactly_and_is_whole_by_itself(tmp_path: Path) -> None:
    source, target = write(tmp_path), tmp_path / "incident.cockpit"
    written = export([about(source)], SINCE, UNTIL, target)
    assert (written.path, written.size, written.spans) == (target, target.stat().st_size, ((SINCE, UNTIL),))
    assert (written.snapshots, written.entries, written.events) == (21, 20, 2)
    assert target.stat().st_mode & 0o777 == 0o600
    with Recording.open(source) as whole, Recording.open(target) as cut:
        assert cut.about == replace(whole.about, path=target, spans=((SINCE, UNTIL),), lead_in=LEAD_IN)
        for at in (SINCE, SINCE + 0.4, SINCE + 7, UNTIL):
            assert cut.snapshot(at) == whole.snapshot(at)
        assert cut.snapshot(SINCE - 0.1) is None
        assert cut.snapshot(UNTIL + 0.1) is None
        assert list(cut.snapshots(SINCE)) == list(whole.snapshots(SINCE, UNTIL))
        assert list(cut.scrapes(SINCE)) == list(whole.scrapes(SINCE, UNTIL))
        assert list(cut.entries()) == list(whole.entries(SINCE, UNTIL))
        assert cut.events() == whole.events(SINCE, UNTIL)
        assert [(each.since, each.until) for each in cut.shares()] == [(SINCE, BEGUN + 30)]
    assert {each.name for each in tmp_path.iterdir()} == {source.name, target.name}


def test_samples_of_some_minutes_before_are_taken_along(tmp_path: Path) -> None:
    source = write(tmp_path, spans=((BEGUN, 400),))
    export([about(source)], BEGUN + 350, BEGUN + 400, tmp_path / "x.cockpit")
    with Recording.open(tmp_path / "x.cockpit") as cut:
        assert min(each.at for each in cut.scrapes()) == BEGUN + 50.5
        assert cut.about.begun == BEGUN + 350


def test_sessions_after_each_other_become_one_and_a_gap_stays_a_gap(tmp_path: Path) -> None:
    sources = [about(write(tmp_path, spans=((BEGUN + since, 20),))) for since in (0, 100)]
    written = export(sources, BEGUN, BEGUN + 200, tmp_path / "x.cockpit")
    assert written.spans == tuple(each.spans[0] for each in sources)
    made = [*snapshots(BEGUN, 20), *snapshots(BEGUN + 100, 20)]
    with Recording.open(tmp_path / "x.cockpit") as cut:
        assert [pack(each) for each in cut.snapshots()] == [pack(each) for each in made]
        assert cut.snapshot(BEGUN + 50) is None
        assert cut.snapshot(BEGUN + 100.4) is None


def test_where_two_looked_at_once_each_moment_is_of_one_and_every_entry_once(tmp_path: Path) -> None:
    sources = [about(write(tmp_path, spans=((BEGUN + since, 40),))) for since in (0, 20)]
    written = export(sources, BEGUN, BEGUN + 60, tmp_path / "x.cockpit")
    assert written.spans == ((BEGUN + 0.5, BEGUN + 59.75),)
    with Recording.open(tmp_path / "x.cockpit") as cut:
        moments = cut.moments()
        assert moments == sorted(set(moments))
        assert len(moments) == 60
        assert len({entry.time for entry in cut.entries()}) == written.entries == 60
        assert len(cut.events()) == 2


def test_an_export_is_exported_again(tmp_path: Path) -> None:
    first, second = tmp_path / "a.cockpit", tmp_path / "b.cockpit"
    export([about(write(tmp_path))], SINCE, UNTIL, first)
    written = export([about(first)], SINCE + 5, UNTIL - 5, second)
    assert (written.snapshots, written.entries) == (11, 10)


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    source, target = write(tmp_path), tmp_path / "x.cockpit"
    target.write_text("mine")
    with pytest.raises(RecordingError, match="there is a file") as caught:
        export([about(source)], SINCE, UNTIL, target)
    assert "-o" in caught.value.mend
    assert target.read_text() == "mine"


def test_where_nobody_looked_there_is_no_file(tmp_path: Path) -> None:
    source = about(write(tmp_path))
    with pytest.raises(RecordingError, match="nobody looked"):
        export([source], BEGUN + SECONDS + 10, BEGUN + SECONDS + 20, tmp_path / "x.cockpit")
    with pytest.raises(RecordingError, match="nobody looked"):
        export([], SINCE, UNTIL, tmp_path / "x.cockpit")
    assert not (tmp_path / "x.cockpit").exists()


def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path: Path) -> None:
    source, folder = about(write(tmp_path)), tmp_path / "there"
    folder.mkdir()
    with no_room_beyond(4096), pytest.raises(RecordingError, match="could not be written"):
        export([source], SINCE, UNTIL, folder / "x.cockpit")
    assert list(folder.iterdir()) == []


def test_a_directory_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="could not be written: No such file or directory"):
        export([about(write(tmp_path))], SINCE, UNTIL, tmp_path / "nowhere" / "x.cockpit")


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ({"a": (0, 10)}, [("a", 0, 10)]),
        ({"a": (0, 10), "b": (20, 30)}, [("a", 0, 10), ("b", 20, 30)]),
        ({"a": (0, 10), "b": (5, 30)}, [("a", 0, 10), ("b", 10, 30)]),
        ({"a": (0, 30), "b": (5, 10)}, [("a", 0, 30)]),
        ({"a": (0, 10), "b": (0, 20), "c": (15, 18)}, [("b", 0, 20)]),
        ({"a": (-50, 5), "b": (90, 200)}, [("a", 0, 5), ("b", 90, 100)]),
        ({"a": (200, 300)}, []),
        ({}, []),
    ],
)
def test_who_is_asked_about_which_time(
    tmp_path: Path, spans: dict[str, tuple[float, float]], expected: list[tuple[str, float, float]]
) -> None:
    abouts = {name: About(tmp_path / name, 1, "0", staged.REF, "local", (span,)) for name, span in spans.items()}
    found = turns(list(abouts.values()), 0.0, 100.0)
    assert found == tuple(Turn(abouts[name], since, until) for name, since, until in expected)
