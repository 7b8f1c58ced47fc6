"""What the store fills in, keeps and forgets, and when a list can see it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cockpit.simulator.logs import Limits, LogSettings, LogStore, Quirks
from cockpit.simulator.logs.filters import compile_filter
from cockpit.simulator.logs.messages import LogEntry, TailLogEntriesResponse
from cockpit.simulator.logs.timeline import Record, Timeline

_ALL = 2**63 - 1
_START = (0, "", "")
_END = (_ALL, "", "")


def _listed(store: LogStore) -> list[Any]:
    return [LogEntry.FromString(record.wire) for record in store.index.forward(_START, _ALL, 10**6)]


def test_fills_in_what_is_empty(entry: Callable[..., Any], clock: Callable[[], float]) -> None:
    store = LogStore(clock)
    store.write(entry("first"))
    store.write(entry("second"))
    first, second = _listed(store)
    assert first.timestamp.seconds == first.receive_timestamp.seconds == int(clock())
    assert first.insert_id < second.insert_id
    assert (first.text_payload, second.text_payload) == ("first", "second")


def test_keeps_what_is_given(entry: Callable[..., Any], clock: Callable[[], float]) -> None:
    store = LogStore(clock)
    store.write(entry(at=5, insert_id="mine"))
    (kept,) = _listed(store)
    assert (kept.insert_id, kept.timestamp.ToNanoseconds()) == ("mine", 5)
    assert kept.receive_timestamp.seconds == int(clock())


def test_keeps_order_of_time_and_drops_duplicates(entry: Callable[..., Any]) -> None:
    store = LogStore()
    for at, insert_id in [(3, "c"), (1, "a"), (2, "b"), (1, "a"), (3, "c"), (1, "0")]:
        store.write(entry(at=at, insert_id=insert_id))
    assert [(kept.timestamp.ToNanoseconds(), kept.insert_id) for kept in _listed(store)] == [
        (1, "0"),
        (1, "a"),
        (2, "b"),
        (3, "c"),
    ]


def test_one_id_in_two_logs_is_two_entries(entry: Callable[..., Any]) -> None:
    store = LogStore()
    for log in ("stdout", "stderr"):
        store.write(entry(at=1, insert_id="a", log=log))
    assert len(_listed(store)) == 2


def test_the_oldest_go_first(entry: Callable[..., Any]) -> None:
    store = LogStore(settings=LogSettings(Limits(entries=100)))
    for at in range(250):
        store.write(entry(at=at))
    assert [kept.timestamp.ToNanoseconds() for kept in _listed(store)] == list(range(150, 250))


def test_bytes_are_bounded(entry: Callable[..., Any]) -> None:
    store = LogStore(settings=LogSettings(Limits(stored_bytes=50_000)))
    for at in range(100):
        store.write(entry("x" * 1000, at=at))
        assert store.index.size <= 50_000
    assert 30 < len(store.index) < 50
    assert store.index.size == sum(len(record.wire) for record in store.index.forward(_START, _ALL, 1000))


def test_only_logs_with_entries_are_named(entry: Callable[..., Any]) -> None:
    store = LogStore(settings=LogSettings(Limits(entries=2)))
    for log in ("stdout", "stderr", "requests"):
        store.write(entry(log=log))
    assert [name.rpartition("%2F")[2] for name in store.index.log_names()] == ["requests", "stderr"]


def test_a_list_lags_behind_the_tail(entry: Callable[..., Any], clock: Any) -> None:
    store = LogStore(clock, LogSettings(quirks=Quirks(index_lag=(0.5, 3.0), seed=7)))
    with store.tails.session(("projects/emergence-469005",), compile_filter("").matches, 0) as tail:
        for number in range(50):
            store.write(entry(str(number)))
        assert len(TailLogEntriesResponse.FromString(tail.take()).entries) == 50
    clock.tick(0.4)
    assert len(store.index) == 0
    clock.tick(1.0)
    assert 0 < len(store.index) < 50
    clock.tick(2.0)
    assert [kept.text_payload for kept in _listed(store)] == [str(number) for number in range(50)]


async def test_late_entries_arrive_after_their_time(entry: Callable[..., Any]) -> None:
    store = LogStore(settings=LogSettings(quirks=Quirks(late_share=1.0, late_by=0.02)))
    with store.tails.session(("projects/emergence-469005",), compile_filter("").matches, 0) as tail:
        reused = entry("written")
        store.write(reused)
        reused.text_payload = "something else"
        assert len(store.index) == 0
        async with asyncio.timeout(5):
            response = await anext(tail.responses())
    (arrived,) = TailLogEntriesResponse.FromString(response).entries
    assert arrived.timestamp.ToNanoseconds() < arrived.receive_timestamp.ToNanoseconds()
    assert arrived.text_payload == "written"
    assert len(store.index) == 1


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc")), max_size=60),
    st.integers(0, 10),
    st.integers(0, 10),
    st.integers(1, 5),
)
def test_a_timeline_is_a_sorted_list(written: list[tuple[int, str]], since: int, until: int, count: int) -> None:
    timeline = Timeline(1000, 10**6)
    for time, insert_id in written:
        timeline.insert(Record(time, insert_id, "projects/p/logs/l", b"entry"))
    expected = sorted(set(written))
    assert [record[:2] for record in timeline.forward((since, "", ""), until, count)] == [
        key for key in expected if since <= key[0] < until
    ][:count]
    assert [record[:2] for record in timeline.backward((until, "", ""), since, count)] == [
        key for key in reversed(expected) if since <= key[0] < until
    ][:count]


@given(st.lists(st.integers(0, 50), max_size=40), st.integers(1, 7))
def test_pages_in_either_direction_miss_and_repeat_nothing(times: list[int], count: int) -> None:
    timeline = Timeline(1000, 10**6)
    for number, time in enumerate(times):
        timeline.insert(Record(time, f"{number:03}", "projects/p/logs/l", b"entry"))
    forward: list[Record] = []
    while page := timeline.forward(forward[-1].place if forward else _START, _ALL, count):
        forward += page
    backward: list[Record] = []
    while page := timeline.backward(backward[-1].place if backward else _END, 0, count):
        backward += page
    assert len(forward) == len(times)
    assert forward == backward[::-1] == sorted(forward)
