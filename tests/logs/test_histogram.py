from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.entry import Record, Severity
from cockpit.logs.histogram import LEVELS, marks, span, volume
from cockpit.logs.store import LogStore
from tests.logs.logged import NOON, store_of

rows = st.lists(st.tuples(st.integers(0, 50), st.sampled_from(Severity)), max_size=60)


def stored(drawn: list[tuple[int, Severity]]) -> LogStore:
    """A store of these rows, which came in two batches."""
    records = [Record(NOON + time, "", severity) for time, severity in drawn]
    return store_of(records[::2], records[1::2])


@settings(deadline=None)
@given(rows, st.integers(1, 3), st.integers(-5, 55), st.integers(0, 60), st.integers(1, 12))
def test_volume_counts_each_row_once(
    drawn: list[tuple[int, Severity]], step: int, start: int, length: int, buckets: int
) -> None:
    store = stored(drawn)
    ids = store.order[::step]
    counted = volume(store, ids, NOON + start, NOON + start + length, buckets)
    expected = np.zeros((buckets, LEVELS), np.int64)
    edges = [start + length * each // buckets for each in range(buckets + 1)]
    for row in store.rows(ids):
        for bucket in range(buckets):
            if edges[bucket] <= row.time - NOON < edges[bucket + 1]:
                expected[bucket, row.severity] += 1
    assert counted.tolist() == expected.tolist()


@settings(deadline=None)
@given(rows, st.integers(1, 3), st.integers(0, 70))
def test_marks_are_the_worst_of_equal_parts(drawn: list[tuple[int, Severity]], step: int, parts: int) -> None:
    store = stored(drawn)
    ids = store.order[::step]
    expected = [0] * parts
    for at, row in enumerate(store.rows(ids)):
        if parts:
            part = at * parts // len(ids)
            expected[part] = max(expected[part], row.severity)
    assert marks(store, ids, parts).tolist() == expected


def test_the_span_reaches_from_the_first_row_to_behind_the_last() -> None:
    store = stored([(7, Severity.INFO), (3, Severity.INFO), (20, Severity.ERROR)])
    start, end = span(store, store.order)
    assert (start, end) == (NOON + 3, NOON + 21)
    assert volume(store, store.order, start, end, 1).sum() == 3
    assert span(store, store.order[1:2]) == (NOON + 7, NOON + 8)
    assert span(store, store.order[:0]) == (0, 0)


def test_rows_that_left_are_a_key_error() -> None:
    store = stored([(7, Severity.INFO)])
    gone = np.array([5], np.int64)
    with pytest.raises(KeyError):
        span(store, gone)
    with pytest.raises(KeyError):
        marks(store, gone, 3)


def test_times_at_the_ends_of_what_fits() -> None:
    lowest, highest = -(1 << 63), (1 << 63) - 2
    store = store_of([Record(lowest, ""), Record(NOON, ""), Record(highest, "")])
    assert volume(store, store.order, *span(store, store.order), 4).sum(axis=1).tolist() == [1, 0, 1, 1]
