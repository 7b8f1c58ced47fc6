"""Entries on their way into the store: in slices, in batches, bounded, and none lost over one that is broken."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from cockpit.live.logs.intake import EVERY, MOST_ROWS, MOST_WAITING, SLICE, Intake
from cockpit.live.logs.pulse import A_SECOND, Pulse
from cockpit.logs.names import Names
from cockpit.logs.store import LogStore
from tests.live.clocks import settle
from tests.live.logs_local import entry_of
from tests.sources.local import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest


class Counted:
    """A clock that takes some time for every look at it."""

    def __init__(self, a_look: float = 0.0) -> None:
        self.at = 0.0
        self.a_look = a_look

    def now(self) -> float:
        self.at += self.a_look
        return self.at


class Appends(LogStore):
    """A store that remembers its batches."""

    def __init__(self) -> None:
        super().__init__(Names(), most=1_000_000, most_bytes=1 << 30)
        self.batches: list[int] = []

    def append(self, segment: Any) -> None:
        self.batches.append(len(segment))
        super().append(segment)


@asynccontextmanager
async def running(intake: Intake) -> AsyncIterator[None]:
    task = asyncio.create_task(intake.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()


def entries(count: int) -> list[Any]:
    return [entry_of(str(number), number * 1e-6) for number in range(count)]


async def test_the_loop_has_its_turns_between_slices() -> None:
    clock, store = Counted(SLICE / 4), Appends()
    intake = Intake(store, lambda: None, now=clock.now)
    intake.take(entries(1000))
    turns = 0
    async with running(intake):
        while len(store) < 1000:
            await asyncio.sleep(0)
            turns += 1
    assert turns >= 1000 / (5 * 32)
    assert store.batches != [1000]


async def test_what_comes_in_crumbs_goes_on_in_batches() -> None:
    clock, store = Counted(), Appends()
    intake = Intake(store, lambda: None, now=clock.now)
    async with running(intake):
        for entry in entries(100):
            intake.take([entry])
            await settle()
        clock.at += EVERY
        await until(lambda: len(store) == 100)
    assert store.batches == [1, 99]


async def test_a_full_batch_waits_for_nothing() -> None:
    clock, store = Counted(), Appends()
    intake = Intake(store, lambda: None, now=clock.now)
    async with running(intake):
        intake.take(entries(10))
        await until(lambda: len(store) == 10)
        intake.take(entries(MOST_ROWS))
        await until(lambda: len(store) == 10 + MOST_ROWS)


async def test_there_is_no_room_while_too_much_waits() -> None:
    store = Appends()
    intake = Intake(store, lambda: None)
    for entry in entries(MOST_WAITING):
        intake.take([entry])
    waiting = asyncio.create_task(intake.room())
    await settle()
    assert not waiting.done()
    async with running(intake):
        await waiting
        await until(lambda: len(store) == MOST_WAITING)


async def test_a_page_is_in_the_store_when_it_says_so() -> None:
    store = Appends()
    intake = Intake(store, lambda: None)
    async with running(intake):
        await intake.take_page(entries(3000)).wait()
        assert len(store) == 3000


async def test_a_traceback_is_waited_for_and_no_longer() -> None:
    clock, store = Counted(), Appends()
    intake = Intake(store, lambda: None, now=clock.now)
    async with running(intake):
        intake.take(
            [entry_of("Traceback (most recent call last):"), entry_of('  File "a.py", line 1, in f', 0.001)]
        )
        await settle()
        assert len(store) == 0
        clock.at += 1
        await until(lambda: len(store) == 1)
        assert "File" in store.row(0).text


class Nonsense:
    """No entry at all."""

    insert_id = "17"
    text_payload = "x" * 1000


async def test_an_entry_that_cannot_be_read_is_counted_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    store = Appends()
    intake = Intake(store, lambda: None)
    async with running(intake):
        good = entries(2)
        intake.take([good[0], Nonsense(), good[1]])
        await until(lambda: len(store) == 2)
    assert intake.broken_count == 1
    [broken] = intake.broken
    assert broken.place == "insertId 17"
    assert len(broken.head) == 200
    assert "could not be read" in caplog.text


async def test_who_subscribed_is_called_as_often_as_a_screen_shows_it() -> None:
    pulse, moments = Pulse(), []
    loop = asyncio.get_running_loop()
    began = loop.time()
    stop = pulse.subscribe(lambda: moments.append(loop.time()))
    while len(moments) < 5:
        pulse.touch()
        await asyncio.sleep(0)
    # One may be told late, and the next one in time: it is all of them that take so long.
    assert moments[-1] - began > 3.9 / A_SECOND
    stop()
    heard = asyncio.Event()
    pulse.subscribe(heard.set)
    pulse.touch()
    await heard.wait()
    assert len(moments) == 5


def fails() -> None:
    raise ValueError("a mistake")


async def test_a_watcher_that_fails_keeps_nobody_from_hearing(caplog: pytest.LogCaptureFixture) -> None:
    pulse, heard = Pulse(), asyncio.Event()
    pulse.subscribe(fails)
    pulse.subscribe(heard.set)
    pulse.touch()
    await heard.wait()
    assert "a watcher of the log failed" in caplog.text
