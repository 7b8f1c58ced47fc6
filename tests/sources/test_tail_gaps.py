"""What a tail says is missing, and what it does so that nothing is, against the local Cloud Logging."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cockpit.simulator.logs import Limits, LogSettings
from cockpit.simulator.logs.messages import LogEntry
from cockpit.sources.cloudlogging import CloudLogging
from cockpit.sources.tail import EntryTail, Missing, TailMode, TailPace, TailState, Why
from tests.sources.local import PROJECT, serving, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from cockpit.simulator.logs import LogStore
    from tests.sources.local import Cloud

LOG = f"projects/{PROJECT}/logs/run.googleapis.com%2Fstderr"
QUERY = f'logName="{LOG}"'
QUICK = TailPace(window=0.02, grace=0.05, settle=0.3, first_retry=0.02, last_retry=0.1, poll=0.1, recall=1e6)


@dataclass
class Heard:
    """What a tail told."""

    streamed: list[int] = field(default_factory=list)
    pages: list[list[int]] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    states: list[TailState] = field(default_factory=list)
    tail: EntryTail = field(init=False)
    room: asyncio.Event = field(default_factory=asyncio.Event)
    hours_later: float = 0.0

    def wall(self) -> float:
        return time.time() + self.hours_later * 3600

    @property
    def all(self) -> list[int]:
        return [*self.streamed, *(number for page in self.pages for number in page)]

    @property
    def accounted(self) -> int:
        """Entries that were streamed, or said to be left out."""
        return len(self.streamed) + sum(gap.count for gap in self.missing)

    async def streams(self) -> None:
        await until(lambda: bool(self.states) and self.states[-1].mode is TailMode.STREAMING)


def numbers(entries: Sequence[Any]) -> list[int]:
    return [int(entry.insert_id) for entry in entries]


@asynccontextmanager
async def listening(cloud: Cloud, pace: TailPace = QUICK) -> AsyncIterator[Heard]:
    """Follow a log while the block runs, with room for more until it is taken away."""
    heard = Heard()
    heard.room.set()

    async def room() -> None:
        await heard.room.wait()

    heard.tail = EntryTail(
        CloudLogging(cloud.connect()),
        QUERY,
        lambda entries: heard.streamed.extend(numbers(entries)),
        heard.states.append,
        listed=lambda entries: heard.pages.append(numbers(entries)),
        missing=heard.missing.append,
        room=room,
        pace=pace,
        wall=heard.wall,
    )
    task = asyncio.create_task(heard.tail.run())
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()


def write(store: LogStore, number: int, ahead: float = 0.0, text: str = "") -> None:
    """An entry of now, or of so many seconds later."""
    entry = LogEntry(log_name=LOG, insert_id=str(number), text_payload=text)
    entry.timestamp.FromNanoseconds(time.time_ns() + round(ahead * 1e9))
    store.write(entry)


async def loses_its_stream(cloud: Cloud) -> None:
    cloud.logs.tails.break_off()
    await until(lambda: len(cloud.logs.tails) == 0)


async def misses_seven(heard: Heard, cloud: Cloud) -> None:
    """It heard entry 0, and for two hours nothing: entries 1 to 7 came every thousand seconds."""
    await heard.streams()
    write(cloud.logs, 0)
    await until(lambda: heard.all == [0])
    await loses_its_stream(cloud)
    heard.hours_later = 2.0
    for number in range(1, 8):
        write(cloud.logs, number, number * 1000.0)


async def test_the_beginning_is_listed_from_the_newest_page_and_no_more_than_wanted(cloud: Cloud) -> None:
    began = time.time()
    for number in range(2500):
        write(cloud.logs, number, number * 0.01 - 100)
    async with listening(cloud, replace(QUICK, start=500, start_most=1500, lookback=0)) as heard:
        await heard.streams()
        assert [(page[0], page[-1], len(page)) for page in heard.pages] == [(1500, 2499, 1000), (1000, 1499, 500)]
        assert heard.missing == []
        assert heard.tail.since is not None
        assert began - 100 < heard.tail.since / 1e9 < time.time() - 80


async def test_nothing_is_listed_of_the_past_where_nobody_wants_it(cloud: Cloud) -> None:
    write(cloud.logs, 1, -5.0)
    async with listening(cloud, replace(QUICK, start=0)) as heard:
        await heard.streams()
        await until(lambda: cloud.log_calls["ListLogEntries"] >= 2)
        write(cloud.logs, 2)
        await until(lambda: 2 in heard.all)
        assert heard.all == [2]


async def test_what_came_while_nobody_listened_is_listed_however_long_that_was(cloud: Cloud) -> None:
    async with listening(cloud) as heard:
        await misses_seven(heard, cloud)
        await until(lambda: len(heard.all) >= 8)
        assert sorted(heard.all) == list(range(8))
        assert heard.missing == []


async def test_an_outage_longer_than_a_list_is_a_gap_with_its_bounds(cloud: Cloud) -> None:
    async with listening(cloud, replace(QUICK, most=3)) as heard:
        await misses_seven(heard, cloud)
        sixth = time.time_ns() + 5000 * 10**9
        await until(lambda: bool(heard.missing))
        assert sorted(heard.all) == [0, 5, 6, 7]
        gap = heard.missing[0]
        assert gap.why is Why.TOO_MANY
        assert gap.since is not None
        assert gap.since < time.time_ns() < gap.at
        assert abs(gap.at - sixth) < 10**9


async def test_what_the_other_side_leaves_out_is_told_with_its_reason_in_its_place() -> None:
    limits, slowly = LogSettings(limits=Limits(tail_entries_per_minute=10)), replace(QUICK, settle=30)
    async with serving(logs=limits) as cloud, listening(cloud, slowly) as heard:
        await heard.streams()
        began = time.time()
        for number in range(25):
            write(cloud.logs, number)
        await until(lambda: heard.accounted == 25)
        assert {gap.why for gap in heard.missing} == {Why.RATE_LIMIT}
        assert sum(gap.count for gap in heard.missing) == heard.states[-1].suppressed
        assert all(began - 1 < gap.at / 1e9 < time.time() + 1 for gap in heard.missing)


async def test_who_has_no_room_is_not_read_to_and_is_told_what_that_cost() -> None:
    limits = LogSettings(limits=Limits(tail_buffer=40))
    async with serving(logs=limits) as cloud, listening(cloud) as slow, listening(cloud) as quick:
        await slow.streams()
        await quick.streams()
        await until(lambda: cloud.log_calls["ListLogEntries"] >= 4)
        slow.room.clear()
        for number in range(300):
            write(cloud.logs, number, text="x" * 50_000)
            if number % 20 == 19:
                await until(lambda: quick.accounted == number + 1)  # noqa: B023 (awaited here)
        assert quick.missing == []
        assert len(slow.streamed) < 100
        slow.room.set()
        await until(lambda: slow.accounted == 300)
        assert {gap.why for gap in slow.missing} == {Why.NOT_CONSUMED}
