"""The digest as a whole: which rows are its, that it comes in steps, and that gaps are no entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.logs.digest.components import PatternError
from cockpit.logs.digest.digester import ROWS_A_STEP, Digester
from cockpit.logs.digest.result import Pair
from cockpit.logs.entry import Flag, Record
from cockpit.logs.names import Names
from cockpit.logs.segment import Segment
from tests.logs.digested import CANARY, PAIR, STABLE, digest_of, error, line, request
from tests.logs.logged import NOON, SECOND, segment_of, store_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS = [
    request("/a", latency=0.1, at=0),
    error("pool is empty", at=10),
    request("/b", 500, latency=0.3, at=20, revision=CANARY),
    error("column vanished", at=30, revision=CANARY),
    line("hello", at=40, revision="app-00280-new"),
]


class Errors:
    """A matcher that finds what mentions pools."""

    needs_text = True

    def matches(self, segment: Segment, _names: Names) -> NDArray[np.bool_]:
        return np.array(["pool" in segment.text(row) for row in range(len(segment))], np.bool_)

    def marks(self, _text: str) -> list[tuple[int, int]]:
        return []


def test_all_rows_of_a_span_are_summed_up() -> None:
    digest = digest_of(ROWS)
    assert (digest.rows, digest.gaps) == (5, 0)
    assert (digest.first, digest.last) == (NOON, NOON + 40 * SECOND)
    assert digest.revisions == ((STABLE, 2), (CANARY, 2), ("app-00280-new", 1))


def test_only_the_revisions_asked_for_count_and_the_compared_stand_first() -> None:
    digest = digest_of(ROWS, revisions=(CANARY, STABLE), compared=Pair(CANARY, STABLE))
    assert digest.revisions == ((CANARY, 2), (STABLE, 2))
    assert digest.compared == Pair(CANARY, STABLE)


def test_a_revision_that_never_wrote_anything_has_nothing() -> None:
    digest = digest_of(ROWS, revisions=("app-00001-xyz",))
    assert (digest.rows, digest.first, digest.last, digest.revisions) == (0, None, None, ())
    assert digest.endpoints.total.count == digest.errors.count == 0
    assert digest.instances.by_revision == ()


def test_a_span_is_from_its_beginning_until_before_its_end() -> None:
    digest = digest_of(ROWS, since=NOON + 10 * SECOND, until=NOON + 30 * SECOND)
    assert digest.rows == 2
    assert [each.text for each in digest.errors.templates] == ["pool is empty"]


def test_a_query_chooses_rows() -> None:
    digest = digest_of(ROWS, matcher=Errors(), compared=PAIR)
    assert digest.rows == 1
    assert digest.endpoints.total.count == 0


def test_gaps_are_counted_and_are_no_entries() -> None:
    gap = Record(NOON, "at least 120 entries left out", flags=Flag.GAP)
    digest = digest_of([*ROWS, gap, gap._replace(time=NOON - SECOND)], since=NOON)
    assert (digest.rows, digest.gaps) == (5, 1)


def test_an_empty_store_has_an_empty_digest() -> None:
    digester = Digester(store_of())
    assert digester.progress == 1.0
    assert digester.run().rows == 0


def test_it_comes_in_steps_and_what_arrives_meanwhile_makes_no_difference() -> None:
    store = store_of(ROWS * 1000)
    digester = Digester(store)
    steps = 1
    assert digester.step()
    assert digester.digest is None
    store.append(segment_of(store.names, [error("late", revision="app-00281-new")]))
    while digester.step():
        steps += 1
        assert 0 <= digester.progress <= 1
    assert steps > 5000 / ROWS_A_STEP
    assert digester.progress == 1.0
    assert digester.digest is not None
    assert digester.digest.rows == 5000
    assert not digester.step()
    assert digester.run() is digester.digest


def test_how_rows_are_spread_over_segments_makes_no_difference() -> None:
    def all_but_examples(*batches: list[Record]) -> tuple[object, ...]:
        digest = Digester(store_of(*batches), compared=PAIR).run()
        texts = [(each.text, each.count, each.new) for each in digest.errors.templates]
        return digest.endpoints, digest.instances, digest.revisions, texts

    assert all_but_examples(ROWS) == all_but_examples(ROWS[3:], ROWS[:2], ROWS[2:3])


def test_a_component_pattern_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(PatternError):
        Digester(store_of(), components=["("])


records = st.builds(
    Record,
    time=st.integers(-(2**62), 2**62),
    text=st.text(),
    severity=st.integers(0, 8),
    flags=st.sampled_from([0, Flag.TRACEBACK, Flag.GAP, Flag.ODD]),
    revision=st.sampled_from(["", STABLE, CANARY]),
    instance=st.sampled_from(["", "i1"]),
    log=st.sampled_from(["", "stderr", "requests", "varlog/system"]),
    status=st.integers(0, 999),
    method=st.sampled_from(["", "GET", "¿"]),
    latency=st.floats(0, 1e9) | st.just(float("nan")),
)


@given(st.lists(records, max_size=30))
def test_no_entries_are_too_odd(rows: list[Record]) -> None:
    digest = digest_of(rows, compared=PAIR, components=(r"(\w+) ready",))
    gaps = sum(bool(each.flags & Flag.GAP) for each in rows)
    assert (digest.rows, digest.gaps) == (len(rows) - gaps, gaps)
    assert digest.rows == sum(count for _, count in digest.revisions)
    listed = sum(each.total.count for each in digest.endpoints.listed)
    assert listed + digest.endpoints.absent.count == digest.endpoints.total.count
    assert digest.errors.count == sum(each.count for each in digest.errors.templates)
