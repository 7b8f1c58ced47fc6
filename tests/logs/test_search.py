"""A search in slices, while rows come, come late and leave: against filtering all rows there are."""

from __future__ import annotations

from datetime import UTC
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.entry import Record, Severity
from cockpit.logs.query.compile import compiled
from cockpit.logs.query.parse import parse
from cockpit.logs.search import Search
from tests.logs.logged import NOON, segment_of, store_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from cockpit.logs.entry import Row
    from cockpit.logs.names import Names
    from cockpit.logs.query.matcher import Matcher
    from cockpit.logs.segment import Segment
    from cockpit.logs.store import LogStore

QUERIES: dict[str, Callable[[Row], bool]] = {
    "x": lambda row: "x" in row.text,
    "/^y/": lambda row: row.text.startswith("y"),
    "severity>=ERROR": lambda row: row.severity >= Severity.ERROR,
    "-x severity<ERROR": lambda row: "x" not in row.text and row.severity < Severity.ERROR,
    "": lambda _: True,
}
ROWS = st.tuples(
    st.integers(1, 40), st.sampled_from(["x", "y", "y x\nx"]), st.sampled_from([Severity.INFO, Severity.ERROR])
).map(lambda row: Record(*row))
BATCHES = st.builds(list.__mul__, st.lists(ROWS, min_size=1, max_size=6), st.sampled_from([1, 1, 20]))
STEPS = st.lists(BATCHES | st.sampled_from(["slice", "slice", "all"]), max_size=12)


def matcher_of(query: str) -> Matcher | None:
    return compiled(parse(query, now=NOON, zone=UTC))


def ticking() -> Callable[[], float]:
    """A clock on which every look takes a second."""
    ticks = count()
    return lambda: float(next(ticks))


def finish(search: Search) -> None:
    while search.step(1.0, ticking()):
        pass


def expected(store: LogStore, query: str) -> list[int]:
    return [each for each in store.order.tolist() if QUERIES[query](store.row(each))]


class Seen:
    """What a reader of the hits remembers: as long as the epoch is the same, more comes only behind."""

    def __init__(self) -> None:
        self.epoch = -1
        self.hits: list[int] = []

    def look(self, search: Search) -> None:
        hits = search.hits.tolist()
        if search.epoch == self.epoch:
            assert hits[: len(self.hits)] == self.hits
        self.epoch, self.hits = search.epoch, hits


@settings(max_examples=150)
@given(st.sampled_from(list(QUERIES)), BATCHES, STEPS, st.sampled_from([100, 10_000]))
def test_hits_are_what_filtering_gives(
    query: str, before: list[Record], steps: list[list[Record] | str], most: int
) -> None:
    store = store_of(before, most=most)
    search, seen = Search(store, matcher_of(query)), Seen()
    for step in steps:
        if not isinstance(step, str):
            store.append(segment_of(store.names, step))
            continue
        more = search.step(0.0 if step == "slice" else 1e9, ticking())
        hits = search.hits.tolist()
        assert [each for each in expected(store, query) if each in set(hits)] == hits
        assert 0 <= search.searched <= search.total == len(store)
        assert more == (search.searched < search.total)
        seen.look(search)
    finish(search)
    seen.look(search)
    assert search.hits.tolist() == expected(store, query)
    assert search.searched == search.total


@given(st.sampled_from(list(QUERIES)), BATCHES, st.integers(-1, 200), st.sampled_from([1, -1]))
def test_the_next_hit_and_error_by_the_order_of_time(
    query: str, rows: list[Record], here: int, direction: int
) -> None:
    store = store_of(rows)
    search = Search(store, matcher_of(query))
    finish(search)
    order, hits = store.order.tolist(), set(search.hits.tolist())
    if here in order:
        way = order[order.index(here) + 1 :] if direction > 0 else order[: order.index(here)][::-1]
    else:
        way = order if direction > 0 else []
    on_the_way = [each for each in way if each in hits]
    errors = [each for each in on_the_way if store.row(each).severity >= Severity.ERROR]
    assert search.next_hit(here, direction) == next(iter(on_the_way), None)
    assert search.next_error(here, direction) == next(iter(errors), None)


def test_the_way_begins_at_an_end() -> None:
    store = store_of([Record(time, "x", Severity.ERROR) for time in (3, 1, 2)])
    search = Search(store, matcher_of("x"))
    finish(search)
    assert search.next_hit(None, 1) == search.next_error(None, 1) == 1
    assert search.next_hit(None, -1) == search.next_error(None, -1) == 0


def test_errors_that_have_left_are_no_next_ones() -> None:
    store = store_of([Record(1, "x", Severity.ERROR)] * 64, most=100)
    search = Search(store, matcher_of("x"))
    finish(search)
    store.append(segment_of(store.names, [Record(2, "x", Severity.ERROR)] * 64))
    store.append(segment_of(store.names, [Record(3, "x")] * 64))
    assert store.dropped == 128
    assert len(search.hits) == 64
    assert search.next_error(None, 1) is None


class Watched:
    """A matcher that remembers the times of what it was asked about."""

    needs_text = True

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self.asked: list[list[int]] = []

    def matches(self, segment: Segment, names: Names) -> NDArray[np.bool_]:
        self.asked.append(segment.times.tolist())
        return self._matcher.matches(segment, names)

    def marks(self, text: str) -> list[tuple[int, int]]:
        return list(self._matcher.marks(text))


@pytest.fixture
def watched() -> Watched:
    matcher = matcher_of("x")
    assert matcher is not None
    return Watched(matcher)


def test_the_newest_are_found_first_whatever_the_order_they_came_in(watched: Watched) -> None:
    store = store_of(*[[Record(time, "x")] * 64 for time in (50, 90, 70, 10)], most=1024)
    search = Search(store, watched)
    while search.step(0.0, ticking()):
        pass
    assert [times[0] for times in watched.asked] == [90, 70, 50, 10]


def test_what_comes_is_looked_at_before_what_is_older_and_once(watched: Watched) -> None:
    store = store_of(*[[Record(time, "x")] * 64 for time in (10, 20, 30)], most=1024)
    search = Search(store, watched)
    assert search.step(0.0, ticking())
    store.append(segment_of(store.names, [Record(25, "x")]))
    store.append(segment_of(store.names, [Record(26, "x")]))
    while search.step(0.0, ticking()):
        pass
    assert [times[0] for times in watched.asked][:2] == [30, 25]
    assert sum(map(len, watched.asked)) == len(store) == len(search.hits)


def test_what_comes_in_the_order_of_time_moves_no_hits() -> None:
    store = store_of([Record(1, "x")])
    search = Search(store, matcher_of("x"))
    finish(search)
    epoch = search.epoch
    for times in ((2, 3), (3, 4), (4, 5)):
        store.append(segment_of(store.names, [Record(time, "x") for time in times]))
        store.append(segment_of(store.names, [Record(times[-1], "x")]))
        finish(search)
    assert len(search.hits) == 10
    assert search.epoch == epoch


def test_a_step_ends_when_its_time_is_over(watched: Watched) -> None:
    store = store_of(*[[Record(time, "x")] * 64 for time in range(1, 9)], most=1024)
    search = Search(store, watched)
    assert search.step(2.5, ticking())
    assert (len(watched.asked), search.searched, search.total) == (3, 192, 512)


def test_as_many_rows_are_taken_at_once_as_a_step_has_time_for(watched: Watched) -> None:
    store = store_of([Record(1, "x")] * 30_000)
    search = Search(store, watched)
    assert search.step(9.0, ticking())
    rows = [len(times) for times in watched.asked]
    assert rows[:4] == [64, 128, 256, 512]
    assert max(rows) == 4096
    for _ in range(10):
        search.step(1.5, ticking())
    assert len(watched.asked[-1]) == 64
    finish(search)
    assert len(search.hits) == 30_000
