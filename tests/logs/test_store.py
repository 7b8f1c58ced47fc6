from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.entry import NO_TIME, Flag, Record, Row, Severity
from cockpit.logs.names import Names
from cockpit.logs.sealed import SealedSegment, sealed
from cockpit.logs.store import LogStore
from tests.logs.logged import NOON, SECOND, at_times, kept_of, segment_of, store_of


class Model:
    """What a store holds, told the simple way: every row that came, sorted anew."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, str]] = []

    def append(self, records: Iterable[Record]) -> None:
        for record in records:
            self.rows.append((record.time, len(self.rows), record.text))

    def expected(self, store: LogStore) -> list[tuple[int, int, str]]:
        """The rows that the store has, in the order of time."""
        held = {id for base, segment in store.segments() for id in range(base, base + len(segment))}  # noqa: A001
        return sorted(row for row in self.rows if row[1] in held)


def contents(store: LogStore) -> list[tuple[int, int, str]]:
    return [(row.time, row.id, row.text) for row in store.rows(store.order)]


batches = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 40), st.lists(st.integers(-15, 30), max_size=25)), max_size=30
)


@settings(deadline=None)
@given(batches)
def test_whatever_comes_stands_in_the_order_of_time(drawn: list[tuple[int, int, list[int]]]) -> None:
    store, model = LogStore(Names(), most=300, most_bytes=1 << 30), Model()
    for begin, spread, offsets in drawn:
        records = [Record(NOON + begin + spread * offset, f"{begin} {offset}") for offset in offsets]
        before, epoch, version = store.order.copy(), store.epoch, store.version
        store.append(segment_of(store.names, records))
        model.append(records)
        assert contents(store) == model.expected(store)
        assert store.times.tolist() == [time for time, _, _ in contents(store)]
        assert len(store) <= 300
        assert store.dropped + len(store) == store.end == len(model.rows)
        assert (store.version != version) == bool(records)
        if store.epoch == epoch:
            assert np.array_equal(store.order[: len(before)], before)
    for place, id in enumerate(store.order.tolist()):  # noqa: A001
        assert store.position(id) == place
    assert store.size >= sum(segment.size for _, segment in store.segments())


@settings(deadline=None)
@given(batches, st.integers(0, 3000))
def test_columns_and_moments_are_found(drawn: list[tuple[int, int, list[int]]], since: int) -> None:
    store = LogStore(Names(), most=300, most_bytes=1 << 30)
    for begin, spread, offsets in drawn:
        store.append(segment_of(store.names, at_times(*(NOON + begin + spread * offset for offset in offsets))))
    order = store.order
    assert store.column("times", order).tolist() == store.times.tolist()
    assert store.column("times", order[::-3]).tolist() == store.times[::-3].tolist()
    every = np.arange(store.end + 2)
    assert every[store.holds(every)].tolist() == sorted(order.tolist())
    newer = [id for base, segment in store.since(since) for id in range(base, base + len(segment))]  # noqa: A001
    assert newer == [id for id in sorted(order.tolist()) if id >= since]  # noqa: A001
    texts = {base + at: segment.text(at) for base, segment in store.since(since) for at in range(len(segment))}
    assert all(text == store.row(id).text for id, text in texts.items())  # noqa: A001


def test_a_row_comes_back() -> None:
    record = Record(
        NOON, "no\nmore", Severity.ERROR, Flag.READ, "r-1", "i-1", "stderr", "ab" * 16, 500, "GET", 0.5, "curl"
    )
    store = store_of([record])
    row = store.row(0)
    assert row == Row(0, *record._replace(trace=0xABABABABABABABAB))  # type: ignore[arg-type]
    assert (type(row.severity), type(row.flags), row.is_request) == (Severity, Flag, True)


def test_a_row_that_left_is_a_key_error() -> None:
    store = store_of(at_times(*range(NOON, NOON + 100)), at_times(*range(NOON + 100, NOON + 180)), most=100)
    assert (store.dropped, store.first, store.end) == (100, 100, 180)
    for gone in (0, 99, 180, -1):
        with pytest.raises(KeyError):
            store.row(gone)
        with pytest.raises(KeyError):
            store.position(gone)
        with pytest.raises(KeyError):
            store.column("times", np.array([150, gone]))
    assert store.holds(np.array([99, 100, 179, 180, -1])).tolist() == [False, True, True, False, False]


def test_a_batch_older_than_all_leaves_a_full_store_at_once() -> None:
    store = store_of(at_times(*range(NOON, NOON + 100)), at_times(*range(NOON - 100, NOON - 30)), most=100)
    assert (store.dropped, store.end) == (70, 170)
    assert store.holds(np.arange(170)).tolist() == [True] * 100 + [False] * 70


def test_an_empty_store_answers() -> None:
    store = store_of([])
    none = np.empty(0, np.int64)
    assert (len(store), store.version, store.epoch, store.first, store.end) == (0, 0, 0, 0, 0)
    assert (store.segments(), store.since(0), store.rows(store.order)) == ([], [], [])
    assert len(store.column("times", none)) == len(store.holds(none)) == 0
    assert store.holds(np.array([0])).tolist() == [False]
    with pytest.raises(KeyError):
        store.column("times", np.array([0]))


def test_the_epoch_moves_only_when_rows_come_between_or_leave() -> None:
    store = store_of(at_times(NOON, NOON + 5), at_times(NOON + 5, NOON + 9))
    assert store.epoch == 0
    store.append(segment_of(store.names, at_times(NOON + 8)))
    assert store.epoch == 1
    store.append(segment_of(store.names, at_times(NOON + 9, NOON + 10)))
    assert store.epoch == 1
    assert store.order.tolist() == [0, 1, 2, 4, 3, 5, 6]


def test_the_order_is_not_to_be_written_to() -> None:
    store = store_of(at_times(NOON))
    with pytest.raises(ValueError, match="read-only"):
        store.order[0] = 5


def test_small_batches_become_few_segments_and_ids_stay() -> None:
    store = LogStore(Names(), most=1_000_000, most_bytes=1 << 30)
    for first in range(0, 9_000, 8):
        lines = [Record(NOON + number, f"line {number}") for number in range(first, first + 8)]
        store.append(kept_of(store.names, lines))
    segments = store.segments()
    assert len(segments) < 20
    assert isinstance(segments[0][1], SealedSegment)
    assert [base for base, _ in segments] == np.cumsum([0, *(len(each) for _, each in segments)])[:-1].tolist()
    for id in (0, 1, 4_321, 8_191, 8_192, 8_999):  # noqa: A001
        assert store.row(id).text == f"line {id}"
        segment, at = store.locate(id)
        assert segment.payload(at) == b"raw line %d" % id


def test_batches_of_very_different_times_stay_apart_and_are_compressed() -> None:
    store = LogStore(Names(), most=1_000_000, most_bytes=1 << 30)
    store.append(segment_of(store.names, at_times(*range(NOON, NOON + 100_000))))
    for number in range(10):
        for begin in (NOON, NOON + 90_000):
            times = range(begin + number * 400, begin + number * 400 + 400)
            store.append(segment_of(store.names, at_times(*times)))
    small = [segment for base, segment in store.segments() if base >= 100_000]
    assert [len(segment) for segment in small] == [400] * 20
    assert all(isinstance(segment, SealedSegment) for segment in small[:-1])


def test_a_segment_that_came_compressed_is_taken_as_it_is() -> None:
    store = store_of(at_times(NOON, NOON + 1), at_times(NOON + 2))
    segment = sealed(kept_of(store.names, at_times(*range(NOON + 3, NOON + 40))))
    store.append(segment)
    store.append(segment_of(store.names, at_times(NOON + 40)))
    assert [base for base, _ in store.segments()] == [0, 3, 40]
    assert store.segments()[1][1] is segment
    assert [row.text for row in store.rows(store.order)] == [f"at {NOON + row}" for row in range(41)]


def test_a_backfill_leaves_before_what_was_there() -> None:
    store = LogStore(Names(), most=2_000, most_bytes=1 << 30)
    for begin in (1_000, 1_050, 0, 1_100, 1_150, 50):
        times = range(NOON + begin * SECOND, NOON + (begin + 50) * SECOND, SECOND)
        store.append(segment_of(store.names, at_times(*times)))
    assert len(store) == 300
    assert store.first == 0
    newer = range(NOON + 1_200 * SECOND, NOON + 2_999 * SECOND, SECOND)
    store.append(segment_of(store.names, at_times(*newer)))
    assert int(store.times[0]) >= NOON + 50 * SECOND
    assert store.dropped + len(store) == 300 + 1_799


def test_a_batch_far_larger_than_what_is_kept_is_taken_apart() -> None:
    store = store_of(at_times(*range(NOON, NOON + 10_000)), most=1_000)
    assert 900 <= len(store) <= 1_000
    assert store.order.tolist() == list(range(store.first, 10_000))


def test_memory_bounds_what_is_kept() -> None:
    store = LogStore(Names(), most=1_000_000, most_bytes=4 << 20)
    noise = np.random.default_rng(1)
    for number in range(60):
        records = [Record(NOON + number, noise.bytes(1000).hex()) for _ in range(100)]
        store.append(kept_of(store.names, records))
        assert store.size <= 4 << 20
    assert store.dropped > 0
    assert store.dropped + len(store) == 6_000


def test_rows_without_time_follow_the_row_that_came_last() -> None:
    store = store_of(at_times(NOON + 5), at_times(NO_TIME, NO_TIME), at_times(NO_TIME, NOON + 9, NO_TIME))
    assert store.times.tolist() == [NOON + 5] * 3 + [NOON + 9] * 3
    assert [row.id for row in store.rows(store.order) if row.flags & Flag.TIMELESS] == [1, 2, 3, 5]


def test_a_log_without_any_time_stays_in_its_order() -> None:
    store = store_of(at_times(NO_TIME, NO_TIME), at_times(NO_TIME))
    assert store.order.tolist() == [0, 1, 2]
    assert all(row.flags & Flag.TIMELESS for row in store.rows(store.order))


def test_times_at_the_ends_of_what_fits() -> None:
    lowest, highest = -(1 << 63), (1 << 63) - 1
    store = store_of(at_times(NOON), at_times(highest, lowest), at_times(NOON, -5))
    assert store.times.tolist() == [lowest, -5, NOON, NOON, highest]
    assert store.order.tolist() == [2, 4, 0, 3, 1]
