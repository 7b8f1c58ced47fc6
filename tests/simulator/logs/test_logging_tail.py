"""Tail sessions: what they hold back, in which order it leaves, what they suppress and how they end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
from google.api_core.exceptions import (
    InvalidArgument,
    OutOfRange,
    PermissionDenied,
    ResourceExhausted,
    ServiceUnavailable,
)
from google.cloud.logging_v2.types import TailLogEntriesRequest, TailLogEntriesResponse
from google.protobuf.duration_pb2 import Duration
from google.rpc import code_pb2

from cockpit.simulator.logs import Limits, LogSettings, LogStore, Quirks
from cockpit.simulator.logs.errors import LoggingError
from cockpit.simulator.logs.filters import compile_filter

PARENT = "projects/emergence-469005"
_SECOND = 10**9

pytestmark = pytest.mark.timeout(30)


def _session(store: LogStore, window: float, source: str = "") -> Any:
    return store.tails.session((PARENT,), compile_filter(source).matches, window)


def _texts(response: bytes) -> list[str]:
    return [entry.text_payload for entry in TailLogEntriesResponse.pb().FromString(response).entries]


def _suppressed(response: bytes) -> dict[int, int]:
    infos = TailLogEntriesResponse.pb().FromString(response).suppression_info
    return {info.reason: info.suppressed_count for info in infos}


# Sessions alone, on a clock that stands still


def test_entries_wait_for_their_window(entry: Callable[..., Any], clock: Any) -> None:
    store = LogStore(clock)
    with _session(store, 2.0) as tail:
        store.write(entry("one"))
        clock.tick(1.9)
        assert tail.take() == b""
        clock.tick(0.1)
        assert _texts(tail.take()) == ["one"]
        assert tail.take() == b""


def test_the_window_puts_latecomers_in_order(entry: Callable[..., Any], clock: Any) -> None:
    store = LogStore(clock)
    start = int(clock()) * _SECOND
    with _session(store, 2.0) as tail:
        store.write(entry("second", at=start))
        clock.tick(1.0)
        store.write(entry("first", at=start - _SECOND // 2))
        store.write(entry("third", at=start + 1))
        clock.tick(1.5)
        assert _texts(tail.take()) == ["first", "second", "third"]


def test_an_entry_from_the_future_waits_no_longer_than_the_window(entry: Callable[..., Any], clock: Any) -> None:
    store = LogStore(clock)
    with _session(store, 2.0) as tail:
        store.write(entry("tomorrow", at=(int(clock()) + 86_400) * _SECOND))
        clock.tick(2.0)
        assert _texts(tail.take()) == ["tomorrow"]


def test_only_matching_entries_of_the_named_projects(entry: Callable[..., Any], clock: Any) -> None:
    store = LogStore(clock)
    with _session(store, 0, "severity>=ERROR") as tail:
        store.write(entry("quiet"))
        store.write(entry("loud", severity=500))
        store.write(entry("elsewhere", severity=500, log_name="projects/other/logs/stderr"))
        store.write(entry("longer name", severity=500, log_name=f"{PARENT}-2/logs/stderr"))
        assert _texts(tail.take()) == ["loud"]


def test_a_response_has_at_most_a_thousand_entries(entry: Callable[..., Any], clock: Any) -> None:
    store = LogStore(clock)
    with _session(store, 0) as tail:
        for number in range(1500):
            store.write(entry(str(number)))
        assert [len(_texts(tail.take())) for _ in range(3)] == [1000, 500, 0]


def test_a_slow_reader_loses_entries_and_is_told_how_many(entry: Callable[..., Any], clock: Any) -> None:
    store = LogStore(clock, LogSettings(Limits(tail_buffer=10)))
    with _session(store, 0) as tail:
        for number in range(25):
            store.write(entry(str(number)))
        response = tail.take()
        assert _texts(response) == [str(number) for number in range(10)]
        assert _suppressed(response) == {TailLogEntriesResponse.SuppressionInfo.Reason.NOT_CONSUMED: 15}
        clock.tick(1)
        store.write(entry("again"))
        response = tail.take()
        assert (_texts(response), _suppressed(response)) == (["again"], {})


def test_a_slow_reader_is_bounded_in_bytes_too(entry: Callable[..., Any], clock: Any) -> None:
    store = LogStore(clock, LogSettings(Limits(tail_buffer_bytes=10_000)))
    with _session(store, 0) as tail:
        for _ in range(20):
            store.write(entry("x" * 1000))
        response = tail.take()
        assert 5 < len(_texts(response)) < 10
        assert sum(_suppressed(response).values()) == 20 - len(_texts(response))
        clock.tick(1)
        store.write(entry("x" * 5000))
        assert len(_texts(tail.take())) == 1


def test_above_the_rate_entries_are_counted_not_sent(entry: Callable[..., Any], clock: Any) -> None:
    store = LogStore(clock, LogSettings(Limits(tail_entries_per_minute=3)))
    with _session(store, 0) as tail:
        for _ in range(5):
            store.write(entry())
        response = tail.take()
        assert (len(_texts(response)), _suppressed(response)) == (
            3,
            {TailLogEntriesResponse.SuppressionInfo.Reason.RATE_LIMIT: 2},
        )
        clock.tick(60)
        store.write(entry())
        assert len(_texts(tail.take())) == 1


def test_reordering_moves_entries_to_later_responses(entry: Callable[..., Any], clock: Any) -> None:
    store = LogStore(clock, LogSettings(quirks=Quirks(reorder_share=0.5, reorder_by=1.0, seed=3)))
    with _session(store, 0) as tail:
        for number in range(40):
            store.write(entry(str(number)))
        first = _texts(tail.take())
        clock.tick(1)
        second = _texts(tail.take())
    assert first
    assert second
    assert first == sorted(first, key=int)
    assert second == sorted(second, key=int)
    assert sorted(first + second, key=int) == [str(number) for number in range(40)]
    assert int(second[0]) < int(first[-1])


def test_ten_sessions_a_project(clock: Any) -> None:
    store = LogStore(clock, LogSettings(Limits(tail_sessions=2)))
    with _session(store, 0), _session(store, 0):
        with pytest.raises(LoggingError) as refused, _session(store, 0):
            pytest.fail("a third session was opened")
        assert refused.value.code == code_pb2.RESOURCE_EXHAUSTED
        with store.tails.session(("projects/other",), compile_filter("").matches, 0):
            assert len(store.tails) == 3
    assert len(store.tails) == 0
    with _session(store, 0):
        assert len(store.tails) == 1


# On the wire, with the stock client


@dataclass
class _Tail:
    """A stock client's tail: its requests, and the send side kept open until told otherwise."""

    client: Any
    source: str = ""
    window: float | None = 0.01
    more: tuple[TailLogEntriesRequest, ...] = ()
    done_sending: asyncio.Event = field(default_factory=asyncio.Event)

    async def responses(self) -> AsyncIterator[Any]:
        return aiter(await self.client.tail_log_entries(self._requests(), retry=None, timeout=None))

    async def _requests(self) -> AsyncIterator[TailLogEntriesRequest]:
        request = TailLogEntriesRequest(resource_names=[PARENT], filter=self.source)
        if self.window is not None:
            request.buffer_window = Duration(seconds=int(self.window), nanos=round(self.window % 1 * _SECOND))
        yield request
        for request in self.more:
            yield request
        await self.done_sending.wait()


async def test_entries_flow_to_a_stock_client(client: Any, until: Any, entry: Callable[..., Any]) -> None:
    store = LogStore()
    source = 'severity>=ERROR AND resource.labels.revision_name:"00279"'
    stream = await _Tail(await client(store), source).responses()
    await until(lambda: len(store.tails) == 1)
    seen = []
    for number in range(3):
        store.write(entry("no"))
        store.write(entry(f"yes {number}", severity=500, revision="emergence-app-00279-kub"))
        seen += [found.text_payload for found in (await anext(stream)).entries]
    assert seen == ["yes 0", "yes 1", "yes 2"]


async def test_a_suppressed_entry_is_told_of_without_waiting_for_the_next(
    client: Any, until: Any, entry: Callable[..., Any]
) -> None:
    started = time.monotonic()
    store = LogStore(
        lambda: 1_790_000_000 + time.monotonic() - started, LogSettings(Limits(tail_entries_per_minute=1))
    )
    stream = await _Tail(await client(store)).responses()
    await until(lambda: len(store.tails) == 1)
    store.write(entry("one"))
    assert len((await anext(stream)).entries) == 1
    store.write(entry("too many"))
    async with asyncio.timeout(5):
        response = await anext(stream)
    assert [info.suppressed_count for info in response.suppression_info] == [1]


async def test_the_window_is_two_seconds_unless_given(client: Any, until: Any, entry: Callable[..., Any]) -> None:
    store = LogStore()
    stream = await _Tail(await client(store), window=None).responses()
    await until(lambda: len(store.tails) == 1)
    store.write(entry())
    written = time.time()
    await anext(stream)
    assert 1.9 < time.time() - written < 10


async def test_a_second_request_changes_nothing(client: Any, until: Any, entry: Callable[..., Any]) -> None:
    store = LogStore()
    second = TailLogEntriesRequest(resource_names=["projects/other"], filter="thud=1")
    stream = await _Tail(await client(store), more=(second,)).responses()
    await until(lambda: len(store.tails) == 1)
    store.write(entry("still here"))
    assert [found.text_payload for found in (await anext(stream)).entries] == ["still here"]


async def test_ending_the_send_side_ends_the_session(client: Any, until: Any) -> None:
    store = LogStore()
    tail = _Tail(await client(store))
    stream = await tail.responses()
    await until(lambda: len(store.tails) == 1)
    tail.done_sending.set()
    with pytest.raises(StopAsyncIteration):
        await anext(stream)
    assert len(store.tails) == 0


async def test_a_cancelled_tail_frees_its_session(client: Any, until: Any, entry: Callable[..., Any]) -> None:
    store = LogStore()
    stream = await _Tail(await client(store), window=60.0).responses()
    await until(lambda: len(store.tails) == 1)
    store.write(entry("waits for its window"))
    reading = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    started = asyncio.get_running_loop().time()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await until(lambda: len(store.tails) == 0)
    assert asyncio.get_running_loop().time() - started < 0.5


async def test_a_session_ends_with_out_of_range(client: Any) -> None:
    store = LogStore(settings=LogSettings(Limits(tail_seconds=0.05)))
    tail = _Tail(await client(store))
    with pytest.raises(OutOfRange):
        await anext(await tail.responses())
    assert len(store.tails) == 0


async def test_an_outage_breaks_every_tail(client: Any, until: Any) -> None:
    store = LogStore()
    stock = await client(store)
    streams = [await _Tail(stock).responses() for _ in range(2)]
    await until(lambda: len(store.tails) == 2)
    store.tails.break_off()
    for stream in streams:
        with pytest.raises(ServiceUnavailable):
            await anext(stream)


async def test_one_session_too_many_is_refused(client: Any, until: Any) -> None:
    store = LogStore()
    stock = await client(store)
    streams = [await _Tail(stock).responses() for _ in range(10)]
    await until(lambda: len(store.tails) == len(streams))
    with pytest.raises(ResourceExhausted, match="10"):
        await anext(await _Tail(stock).responses())
    assert len(store.tails) == 10


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (TailLogEntriesRequest(resource_names=[PARENT], filter="severity>"), "line 1, column 10"),
        (TailLogEntriesRequest(filter="severity>=ERROR"), "at least one resource"),
        (TailLogEntriesRequest(resource_names=[PARENT], buffer_window=Duration(seconds=61)), "not 61 s"),
        (TailLogEntriesRequest(resource_names=[PARENT], buffer_window=Duration(nanos=-1)), "0 and 60 s"),
    ],
)
async def test_bad_requests_are_refused(client: Any, request_: TailLogEntriesRequest, message: str) -> None:
    stock = await client(LogStore())
    with pytest.raises(InvalidArgument, match=message):  # from the call or from the first read, as it happens
        await anext(aiter(await stock.tail_log_entries(iter([request_]), retry=None, timeout=None)))


async def test_a_fault_refuses_the_tail(client: Any) -> None:
    async def forbid(method: str) -> None:
        raise LoggingError(code_pb2.PERMISSION_DENIED, f"no {method} for you")

    tail = _Tail(await client(LogStore(), forbid))
    with pytest.raises(PermissionDenied, match="no TailLogEntries for you"):
        await anext(await tail.responses())


async def test_what_an_idle_client_misses_is_counted(
    grpc_target: Any, until: Any, entry: Callable[..., Any]
) -> None:
    """Flow control holds the server back, the buffer overflows, and every entry is either sent or counted."""
    store = LogStore(settings=LogSettings(Limits(tail_buffer=2_000)))
    written = 30_000
    async with grpc.aio.insecure_channel(await grpc_target(store)) as channel:
        call = channel.stream_stream(
            "/google.logging.v2.LoggingServiceV2/TailLogEntries",
            request_serializer=TailLogEntriesRequest.serialize,
            response_deserializer=TailLogEntriesResponse.pb().FromString,
        )()
        await call.write(TailLogEntriesRequest(resource_names=[PARENT], buffer_window=Duration()))
        await until(lambda: len(store.tails) == 1)
        for number in range(written):
            store.write(entry("x" * 500))
            if number % 100 == 0:
                await asyncio.sleep(0)
        received = missed = 0
        while received + missed < written:
            response = await call.read()
            received += len(response.entries)
            missed += sum(info.suppressed_count for info in response.suppression_info)
        call.cancel()
    assert missed > 0
    assert received + missed == written
