"""The journal file: what is in it, who may go on with it, and what a broken one says."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cockpit.live.journal import SPLITS_KEPT, Journal, JournalError
from cockpit.live.rollback import SplitSeen
from cockpit.live.session import RefusedError
from cockpit.live.snapshot import Change, Outcome, Phase, Problem, Sides
from cockpit.release.plan import Intent
from cockpit.release.service import ServiceRef
from cockpit.release.traffic import LATEST, Target
from tests.live.disk import no_room_beyond
from tests.live.scripted import AT_FIRST, TENTH
from tests.sources.local import CANARY, REF, STABLE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CHANGE = Change(
    id=0,
    ref=REF,
    intent=Intent.SHIFT,
    before=AT_FIRST,
    after=TENTH,
    phase=Phase.READING,
    actor="ana@example.com",
    started=NOW,
    etag='"4"',
    generation=4,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.sqlite3"


@pytest.fixture
async def journal(path: Path) -> AsyncIterator[Journal]:
    made = Journal(path)
    yield made
    await made.close()


@pytest.fixture
async def other(path: Path) -> AsyncIterator[Journal]:
    made = Journal(path)
    yield made
    await made.close()


def applied(change: Change) -> Change:
    return replace(change, phase=Phase.DONE, outcome=Outcome.APPLIED, generation_after=5, time_to_serving=3.4)


async def test_a_change_comes_back_as_it_was(journal: Journal) -> None:
    change = await journal.intend(CHANGE)
    assert change.id == 1
    assert await journal.pending(REF) == (replace(change, phase=Phase.WRITING),)
    change = replace(change, operation="operations/1")
    await journal.sent(change, NOW)
    found = (Target(LATEST, 100),)
    ended = replace(
        change,
        phase=Phase.DONE,
        outcome=Outcome.OVERTAKEN,
        problem=Problem("overtaken", "somebody else", "look"),
        sides=Sides(AT_FIRST, TENTH, found, 6, "bob@example.com"),
        generation_after=6,
        recovered=True,
    )
    await journal.conclude(ended, NOW)
    assert await journal.history(REF) == (ended,)
    assert await journal.pending(REF) == ()


async def test_an_intent_is_in_the_file_before_the_call_returns(journal: Journal, path: Path) -> None:
    await journal.intend(CHANGE)
    with sqlite3.connect(path) as connection:
        row = connection.execute("SELECT actor, before, outcome FROM changes").fetchone()
    connection.close()
    assert row[0] == "ana@example.com"
    assert '"percent":100' in row[1]
    assert row[2] is None


async def test_the_newest_come_first_and_each_service_has_its_own(journal: Journal) -> None:
    elsewhere = ServiceRef("p", "r", "s")
    for ref in (REF, elsewhere, REF):
        await journal.conclude(applied(await journal.intend(replace(CHANGE, ref=ref))), NOW)
    assert [change.id for change in await journal.history(REF)] == [3, 1]
    assert [change.id for change in await journal.history(REF, limit=1)] == [3]
    assert [change.id for change in await journal.history(elsewhere)] == [2]


async def test_only_one_change_of_a_service_is_under_way(journal: Journal, other: Journal) -> None:
    change = await journal.intend(CHANGE)
    for second in (journal, other):
        with pytest.raises(RefusedError, match=r"change 1 of this service, by ana@example\.com, is under way"):
            await second.intend(CHANGE)
    assert await other.take_over(REF) == ()
    await journal.conclude(applied(change), NOW)
    assert (await other.intend(CHANGE)).id == 2


async def test_what_is_left_behind_is_taken_over_once(path: Path, other: Journal) -> None:
    gone = Journal(path)
    change = await gone.intend(CHANGE)
    await gone.close()
    with pytest.raises(RefusedError, match="when a cockpit ended"):
        await other.intend(CHANGE)
    assert [each.id for each in await other.take_over(REF)] == [change.id]
    third = Journal(path)
    assert await third.take_over(REF) == ()
    await third.close()
    await other.conclude(applied(change), NOW)
    assert await other.take_over(REF) == ()
    assert list(path.parent.glob("*.change-*")) == []


async def test_a_change_that_is_left_can_be_taken_over_in_the_same_process(journal: Journal) -> None:
    change = await journal.intend(CHANGE)
    assert await journal.take_over(REF) == ()
    await journal.leave(change)
    assert [each.id for each in await journal.take_over(REF)] == [change.id]


async def test_splits_are_kept_once_each_and_not_for_ever(journal: Journal) -> None:
    for number in range(SPLITS_KEPT + 20):
        percent = number % 100
        split = (Target(STABLE, percent), Target(CANARY, 100 - percent))
        seen = SplitSeen(NOW + timedelta(minutes=number), split, CANARY, number, "ana@example.com")
        await journal.saw(REF, seen)
        await journal.saw(REF, replace(seen, generation=number + 1000))
    kept = await journal.splits(REF)
    assert len(kept) == SPLITS_KEPT
    assert kept[0] == seen


async def test_many_cockpits_open_a_new_file_at_once(path: Path) -> None:
    journals = [Journal(path) for _ in range(8)]
    await asyncio.gather(*(each.open() for each in journals))
    await asyncio.gather(
        *(each.intend(replace(CHANGE, ref=ServiceRef("p", "r", f"s{n}"))) for n, each in enumerate(journals))
    )
    for each in journals:
        await each.close()


async def test_the_loop_turns_while_another_program_holds_the_file(journal: Journal, path: Path) -> None:
    await journal.open()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    intending = asyncio.create_task(journal.intend(CHANGE))
    turns = 0
    for _ in range(20):
        await asyncio.sleep(0.005)
        turns += 1
    assert not intending.done()
    holder.execute("ROLLBACK")
    holder.close()
    assert (await intending).id == 1
    assert turns == 20


async def test_a_full_disk_is_an_error_that_names_the_file(journal: Journal, path: Path) -> None:
    await journal.open()
    written = path.with_name(f"{path.name}-wal").stat().st_size
    with no_room_beyond(written), pytest.raises(JournalError) as failed:
        await journal.intend(CHANGE)
    assert str(path) in str(failed.value)
    assert "space" in failed.value.mend
    # Nothing half-done stands in the way once there is room again.
    assert (await journal.intend(CHANGE)).id == 1


@pytest.fixture
def shopping_list(path: Path) -> Iterator[Path]:
    """A file of somebody's in the journal's place, which must be left as it is."""
    text = b"shopping list\n" * 100
    path.parent.mkdir()
    path.write_bytes(text)
    yield path
    assert path.read_bytes() == text


@pytest.mark.usefixtures("shopping_list")
async def test_a_file_that_is_no_database(journal: Journal) -> None:
    with pytest.raises(JournalError, match="not a database") as failed:
        await journal.open()
    assert "move the file away" in failed.value.mend


async def test_a_file_with_broken_pages(path: Path) -> None:
    first = Journal(path)
    for _ in range(50):
        await first.conclude(applied(await first.intend(CHANGE)), NOW)
    await first.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(3 * 4096))
    second = Journal(path)
    with pytest.raises(JournalError) as failed:
        await second.open()
    await second.close()
    assert str(path) in str(failed.value)
    assert "move the file away" in failed.value.mend


async def test_a_row_that_is_no_change(journal: Journal, path: Path) -> None:
    await journal.conclude(applied(await journal.intend(CHANGE)), NOW)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE changes SET after = '{'")
    connection.close()
    with pytest.raises(JournalError, match="no change"):
        await journal.history(REF)


async def test_a_file_of_a_newer_cockpit_is_left_alone(journal: Journal, path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(JournalError, match="newer cockpit"):
        await journal.open()


async def test_a_place_where_no_file_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "file" / "journal.sqlite3", tmp_path / "folder"):
        journal = Journal(path)
        with pytest.raises(JournalError) as failed:
            await journal.open()
        assert str(path) in str(failed.value)
        assert "[journal] path" in failed.value.mend
        await journal.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_may_not_be_written(path: Path) -> None:
    path.parent.mkdir()
    path.parent.chmod(0o500)
    journal = Journal(path)
    with pytest.raises(JournalError):
        await journal.open()
    await journal.close()


async def test_nobody_else_may_read_it(journal: Journal, path: Path) -> None:
    await journal.open()
    assert os.stat(path).st_mode & 0o077 == 0
