"""A recording read: how everything stood at any time, also while it is still written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.live.recording.logpieces import Gap
from cockpit.live.recording.packing import pack
from cockpit.live.recording.reading import Recording
from cockpit.live.recording.streams import Missed, Ruled, Scraped
from cockpit.live.recording.tape import Tape
from cockpit.live.recording.writing import WHILE, Writer
from cockpit.live.timeline import Shares
from cockpit.logs.entry import Flag, Record, Severity
from cockpit.release.events import Event, EventKind
from tests.live.replay.recorded import BEGUN, SECONDS, URL, snapshots, write
from tests.tui import staged

if TYPE_CHECKING:
    from pathlib import Path

ABOUT = {
    "project": staged.REF.project,
    "region": staged.REF.region,
    "service": staged.REF.service,
    "engine": "local",
}


def taped(folder: Path) -> tuple[Tape, Writer]:
    """A recording that is being written."""
    tape = Tape.new(folder, ABOUT, BEGUN)
    return tape, Writer(tape.connection, BEGUN)


def test_it_says_what_it_is_of(tmp_path: Path) -> None:
    path = write(tmp_path)
    with Recording.open(path) as recording:
        about = recording.about
    assert (about.ref, about.engine, about.damage, about.path) == (staged.REF, "local", "", path)
    assert (about.begun, about.ended) == (BEGUN + 0.5, BEGUN + SECONDS - 0.25)


def test_every_snapshot_comes_back_to_the_byte(tmp_path: Path) -> None:
    with Recording.open(write(tmp_path)) as recording:
        assert [pack(each) for each in recording.snapshots()] == [pack(each) for each in snapshots()]
        assert recording.moments() == [each.time for each in snapshots()]


@pytest.mark.parametrize("finished", [False, True])
def test_the_newest_that_was_there_is_how_it_stood(tmp_path: Path, finished: bool) -> None:
    made = snapshots()
    tape, writer = taped(tmp_path)
    for each in made:
        writer.snapshot(each)
        writer.flush(each.time + 0.25)
    writer.flush(made[-1].time + 0.25, end=finished)
    with tape.reader() as recording:
        for at, expected in ((0.5, 0), (0.75, 0), (1.49, 0), (1.5, 1), (30.2, 29), (59.75, 59)):
            assert recording.snapshot(BEGUN + at) == made[expected]
        assert recording.snapshot(BEGUN + 0.49) is None
        assert recording.snapshot(BEGUN + 60) is None
    tape.close()


def test_where_nobody_looked_there_is_none(tmp_path: Path) -> None:
    path = write(tmp_path, spans=((BEGUN, 5), (BEGUN + 100, 5)))
    with Recording.open(path) as recording:
        assert len(recording.about.spans) == 2
        assert recording.snapshot(BEGUN + 50) is None
        assert recording.snapshot(BEGUN + 100) is None
        later = recording.snapshot(BEGUN + 101)
        assert later is not None
        assert later.time == BEGUN + 100.5


def test_a_time_is_cut_at_both_ends(tmp_path: Path) -> None:
    since, until = BEGUN + 10, BEGUN + 12.5
    with Recording.open(write(tmp_path)) as recording:
        assert [each.time - BEGUN for each in recording.snapshots(since, until)] == [10.5, 11.5, 12.5]
        assert [each.at - BEGUN for each in recording.frames(since, until)] == [9.5, 10.5, 11.5, 12.5]
        assert {each.at - BEGUN for each in recording.scrapes(since, until)} == {10.5, 11.5, 12.5}
        assert [round(each.moment - BEGUN, 1) for each in recording.entries(since, until)] == [10.5, 11.5, 12.5]
        assert list(recording.snapshots(BEGUN + 500)) == []


def test_a_reader_sees_what_is_written_meanwhile_and_loses_nothing_when_it_is_packed(tmp_path: Path) -> None:
    tape, writer = taped(tmp_path)
    made = snapshots(seconds=4)
    with tape.reader() as recording:
        for count, each in enumerate(made, 1):
            writer.snapshot(each)
            writer.logged(each.time, round(each.time * 1e9), 0, b"")
            writer.flush(each.time)
            assert recording.moments() == [one.time for one in made[:count]]
        entries = recording.entries()
        first = next(entries)
        writer.flush(BEGUN + WHILE)
        assert [first.at, *(each.at for each in entries)] == [round(each.time * 1000) for each in made]
        assert [pack(each) for each in recording.snapshots()] == [pack(each) for each in made]
        assert tape.connection.execute("SELECT count(*) FROM pieces WHERE NOT whole").fetchone() == (0,)
    tape.close()


def test_samples_come_in_the_order_in_which_they_were_kept(tmp_path: Path) -> None:
    tape, writer = taped(tmp_path)
    writer.missed(URL, BEGUN + 1)
    writer.ruled(round((BEGUN + 2) * 1000), "group", [((("__name__", "a"),), 1.5)])
    writer.missed(URL, BEGUN + 0.5)
    writer.flush(BEGUN + 3, end=True)
    with tape.reader() as recording:
        assert list(recording.scrapes()) == [
            Missed(URL, BEGUN + 1),
            Ruled(round((BEGUN + 2) * 1000), "group", (((("__name__", "a"),), 1.5),)),
            Missed(URL, BEGUN + 0.5),
        ]
    tape.close()


def test_bodies_come_back_as_they_came(tmp_path: Path) -> None:
    with Recording.open(write(tmp_path)) as recording:
        bodies = [each for each in recording.scrapes() if isinstance(each, Scraped)]
    assert len(bodies) == SECONDS
    assert bodies[7].target == URL
    assert bodies[7].body.content.startswith(b"# TYPE requests counter\nrequests_total 70\n")
    assert (bodies[7].body.content_type, bodies[7].body.seconds) == ("text/plain", 0.01)


def test_what_stands_in_a_gap_comes_back(tmp_path: Path) -> None:
    tape, writer = taped(tmp_path)
    record = Record(round(BEGUN * 1e9), "at least 3 entries left out", Severity.WARNING, Flag.GAP)
    writer.gap(BEGUN + 1, record)
    writer.flush(BEGUN + 2)
    with tape.reader() as recording:
        [entry] = recording.entries()
    assert entry.entry == Gap(record.time, record.text, Severity.WARNING, Flag.GAP)
    tape.close()


def test_an_event_is_kept_once_as_it_was_known_last(tmp_path: Path) -> None:
    tape, writer = taped(tmp_path)
    note = Event(BEGUN + 1, EventKind.NOTE, "note", "half a \ud800 pair", "note/1")
    writer.event(note)
    writer.flush(BEGUN + 2)
    sides = (("before", "90 %"), ("after", "half a \ud800 pair"))
    writer.event(Event(BEGUN + 1, EventKind.NOTE, "note", "signed", "note/1", "ops@example.com", "a", sides))
    writer.shares(Shares(BEGUN, BEGUN + 1, (("a", 100),)))
    writer.flush(BEGUN + 3)
    writer.shares(Shares(BEGUN, BEGUN + 2, (("a", 90), ("b", 10))))
    writer.flush(BEGUN + 4)
    with tape.reader() as recording:
        assert recording.events() == [
            Event(
                BEGUN + 1,
                EventKind.NOTE,
                "note",
                "signed",
                "note/1",
                "ops@example.com",
                "a",
                (("before", "90 %"), ("after", "half a ? pair")),
            )
        ]
        assert recording.shares() == [Shares(BEGUN, BEGUN + 2, (("a", 90), ("b", 10)))]
        assert recording.events(BEGUN + 1.5) == []
        assert recording.shares(BEGUN + 3) == []
    tape.close()


def test_what_two_moments_have_in_common_is_one_object(tmp_path: Path) -> None:
    with Recording.open(write(tmp_path)) as recording:
        one, other = recording.snapshot(BEGUN + 5), recording.snapshot(BEGUN + 6)
    assert one is not None
    assert other is not None
    assert one.revisions is other.revisions
