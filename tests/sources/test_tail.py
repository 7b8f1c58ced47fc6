"""A log followed through everything that ends a stream, against the local Cloud Logging on the wire."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from google.rpc import code_pb2

from cockpit.simulator.logs import Limits, LogSettings, Quirks
from cockpit.simulator.logs.messages import LogEntry
from cockpit.sources.cloudlogging import CloudLogging
from cockpit.sources.connection import Connection
from cockpit.sources.errors import InvalidError, ThrottledError, UnreachableError
from cockpit.sources.tail import EntryTail, TailMode, TailPace, TailState
from cockpit.sources.target import Target
from tests.sources.local import PROJECT, REGION, serving, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from cockpit.simulator.logs import LogStore
    from tests.sources.local import Cloud

LOG = f"projects/{PROJECT}/logs/run.googleapis.com%2Fstderr"
QUERY = f'logName="{LOG}"'
QUICK = TailPace(
    window=0.05, grace=0.05, settle=0.3, first_retry=0.02, last_retry=0.1, poll=0.1, poll_for=0.5, steady=1.0
)


@dataclass
class Following:
    """A tail under way, and what it gave."""

    task: asyncio.Task[None]
    texts: list[str] = field(default_factory=list)
    states: list[TailState] = field(default_factory=list)

    @property
    def mode(self) -> TailMode | None:
        return self.states[-1].mode if self.states else None

    async def streams(self) -> None:
        await until(lambda: self.mode is TailMode.STREAMING)


@asynccontextmanager
async def following(
    connection: Connection, pace: TailPace = QUICK, query: str = QUERY
) -> AsyncIterator[Following]:
    """Follow a log while the block runs."""
    texts: list[str] = []
    states: list[TailState] = []

    def take(entries: Sequence[Any]) -> None:
        texts.extend(entry.text_payload for entry in entries)

    tail = EntryTail(CloudLogging(connection), query, take, states.append, pace=pace)
    task = asyncio.create_task(tail.run())
    try:
        yield Following(task, texts, states)
    finally:
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()


def write(store: LogStore, text: str, age: float = 0.0, log: str = LOG) -> None:
    entry = LogEntry(log_name=log, text_payload=text)
    entry.timestamp.FromNanoseconds(int((time.time() - age) * 1e9))
    store.write(entry)


async def listed_anew(cloud: Cloud) -> None:
    """Wait until the next two lists of a tail have been asked for, and so the first of them taken."""
    before = cloud.log_calls["ListLogEntries"]
    cloud.logs.tails.break_off()
    await until(lambda: cloud.log_calls["ListLogEntries"] >= before + 2)


async def test_the_last_minute_is_there_at_once_and_then_what_comes(cloud: Cloud) -> None:
    for age in (90.0, 50.0, 10.0):
        write(cloud.logs, f"{age:g} s ago", age)
    async with following(cloud.connect()) as tail:
        await tail.streams()
        assert set(tail.texts) == {"50 s ago", "10 s ago"}
        write(cloud.logs, "now")
        await until(lambda: "now" in tail.texts)
        assert [state.mode for state in tail.states] == [TailMode.OPENING, TailMode.STREAMING]


async def test_what_comes_twice_is_given_once(cloud: Cloud) -> None:
    async with following(cloud.connect()) as tail:
        await tail.streams()
        for number in range(50):
            write(cloud.logs, str(number))
        await until(lambda: len(tail.texts) >= 50)
        cloud.logs.tails.break_off()
        await until(lambda: len(cloud.logs.tails) == 0)
        await until(lambda: len(cloud.logs.tails) == 1)
        await listed_anew(cloud)
        write(cloud.logs, "last")
        await until(lambda: "last" in tail.texts)
        assert sorted(tail.texts) == sorted([*map(str, range(50)), "last"])


async def test_nothing_is_lost_whatever_becomes_of_the_streams() -> None:
    quirks = Quirks(index_lag=(0.02, 0.15), late_share=0.02, late_by=0.2, reorder_share=0.1, reorder_by=0.1)
    pace = replace(QUICK, rotate=0.4)
    async with serving(logs=LogSettings(quirks=quirks)) as cloud, following(cloud.connect(), pace) as tail:
        for number in range(300):
            write(cloud.logs, str(number))
            await asyncio.sleep(0.005)
            if number % 70 == 69:
                cloud.logs.tails.break_off()
        await until(lambda: len(tail.texts) >= 300)
        await listed_anew(cloud)
        assert sorted(tail.texts, key=int) == [str(number) for number in range(300)]


async def test_a_stream_that_breaks_is_told_and_opened_anew(cloud: Cloud) -> None:
    async with following(cloud.connect()) as tail:
        await tail.streams()
        cloud.logs.tails.break_off(message="The stream was broken off.")
        await until(lambda: tail.mode is TailMode.WAITING)
        lost = tail.states[-1]
        assert isinstance(lost.error, UnreachableError)
        assert "broken off" in str(lost.error)
        assert lost.retry_in is not None
        assert lost.retry_in <= QUICK.last_retry
        await tail.streams()
        assert tail.states[-1].error is None


async def test_a_session_that_is_over_is_no_failure() -> None:
    limits = LogSettings(limits=Limits(tail_seconds=0.3))
    async with serving(logs=limits) as cloud, following(cloud.connect()) as tail:
        for number in range(4):
            write(cloud.logs, str(number))
            await asyncio.sleep(0.3)
        await until(lambda: len(tail.texts) == 4)
        assert {state.mode for state in tail.states} == {TailMode.OPENING, TailMode.STREAMING}


async def test_a_stream_is_replaced_before_its_hour_is_over(cloud: Cloud) -> None:
    most = 0
    async with following(cloud.connect(), replace(QUICK, rotate=0.3)) as tail:
        await tail.streams()
        async with asyncio.timeout(5):
            while most < 2:
                most = max(most, len(cloud.logs.tails))
                write(cloud.logs, "tick")
                await asyncio.sleep(0.01)
        await until(lambda: len(cloud.logs.tails) == 1)
        assert {state.mode for state in tail.states} == {TailMode.OPENING, TailMode.STREAMING}


async def test_without_a_session_left_it_polls_and_streams_when_one_is_free() -> None:
    settings = LogSettings(limits=Limits(tail_sessions=1))
    async with serving(logs=settings) as cloud, following(cloud.connect()) as first:
        await first.streams()
        async with following(cloud.connect()) as second:
            await until(lambda: second.mode is TailMode.POLLING)
            write(cloud.logs, "seen by both")
            await until(lambda: second.texts == ["seen by both"])
            polled = second.states[-1]
            assert isinstance(polled.error, ThrottledError)
            assert "tail sessions" in str(polled.error)
            first.task.cancel()
            await second.streams()
            write(cloud.logs, "streamed")
            await until(lambda: second.texts == ["seen by both", "streamed"])


async def test_a_query_that_cannot_be_read_is_told(cloud: Cloud) -> None:
    async with following(cloud.connect(), query="((") as tail:
        await until(lambda: tail.mode is TailMode.WAITING)
        assert isinstance(tail.states[-1].error, InvalidError)


async def test_nobody_there_yet(unused_tcp_port: int) -> None:
    connection = Connection(Target(PROJECT, REGION, f"127.0.0.1:{unused_tcp_port}"))
    async with following(connection) as tail:
        await until(lambda: tail.mode is TailMode.WAITING)
        assert isinstance(tail.states[-1].error, UnreachableError)
        async with serving(unused_tcp_port) as cloud:
            await tail.streams()
            write(cloud.logs, "at last")
            await until(lambda: tail.texts == ["at last"])
        await until(lambda: tail.mode is TailMode.WAITING)
    await connection.close()


async def test_what_the_other_side_left_out_is_counted() -> None:
    settings = LogSettings(limits=Limits(tail_entries_per_minute=10))
    async with serving(logs=settings) as cloud, following(cloud.connect(), replace(QUICK, settle=30)) as tail:
        await tail.streams()
        for number in range(25):
            write(cloud.logs, str(number))
        await until(lambda: tail.states[-1].suppressed >= 1)
        assert tail.mode is TailMode.STREAMING


async def test_other_logs_stay_on_the_other_side(cloud: Cloud) -> None:
    async with following(cloud.connect()) as tail:
        await tail.streams()
        for number in range(2000):
            write(cloud.logs, f"storm {number}", log=f"projects/{PROJECT}/logs/run.googleapis.com%2Fstdout")
        write(cloud.logs, "ours")
        await until(lambda: bool(tail.texts))
        assert tail.texts == ["ours"]


async def test_ending_a_tail_frees_its_session(cloud: Cloud) -> None:
    async with following(cloud.connect()) as tail:
        await tail.streams()
        assert len(cloud.logs.tails) == 1
    await until(lambda: len(cloud.logs.tails) == 0)


async def test_an_outage_ends_no_tail(cloud: Cloud) -> None:
    async with following(cloud.connect()) as tail:
        await tail.streams()
        for code in (code_pb2.UNAVAILABLE, code_pb2.INTERNAL, code_pb2.OUT_OF_RANGE, code_pb2.DEADLINE_EXCEEDED):
            cloud.logs.tails.break_off(code)
            await until(lambda: len(cloud.logs.tails) == 0)
            await until(lambda: len(cloud.logs.tails) == 1)
            await tail.streams()
        write(cloud.logs, "still there")
        await until(lambda: tail.texts == ["still there"])
