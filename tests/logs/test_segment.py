from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.entry import NO_TIME, Flag, Record, Severity
from cockpit.logs.names import Names
from cockpit.logs.rowtext import MOST_TEXT, trace_key
from cockpit.logs.sealed import SealedSegment, sealed
from cockpit.logs.segment import Segment, SegmentBuilder, joinable, joined
from tests.logs.logged import NOON, at_times, kept_of, segment_of

TEXTS = ("", "plain", "two\nlines", "a\vtab", "NUL \0 and ESC \x1b[2J", "日本 é İ", "\r\n", "x" * 70_000)

Variant = Callable[[Segment], Segment]
VARIANTS = (pytest.param(lambda segment: segment, id="open"), pytest.param(sealed, id="sealed"))


def texts_of(segment: Segment) -> list[str]:
    return [segment.text(row) for row in range(len(segment))]


def payloads_of(segment: Segment) -> list[bytes]:
    return [segment.payload(row) for row in range(len(segment))]


@pytest.mark.parametrize("variant", VARIANTS)
def test_texts_come_back_but_for_vertical_tabs(variant: Variant) -> None:
    segment = variant(kept_of(Names(), [Record(NOON, text) for text in TEXTS]))
    assert texts_of(segment) == [text.replace("\v", " ") for text in TEXTS]
    assert segment.block.count(b"\n") == len(TEXTS)
    assert payloads_of(segment) == [b"raw " + text.encode() for text in TEXTS]


@settings(deadline=None)
@given(st.lists(st.text(st.characters(), max_size=30), max_size=20))
def test_any_text_is_one_line_of_the_block(texts: list[str]) -> None:
    segment = segment_of(Names(), [Record(NOON, text) for text in texts])
    expected = [text.encode(errors="replace").decode().replace("\v", " ") for text in texts]
    assert texts_of(segment) == texts_of(sealed(segment)) == expected
    lines = segment.block.splitlines(keepends=False) if not texts else segment.block.split(b"\n")[:-1]
    assert len(lines) == len(texts)


def test_a_text_of_two_megabytes_is_cut_between_characters() -> None:
    segment = segment_of(Names(), [Record(NOON, "a" + "é" * (1 << 20)), *at_times(NOON)])
    assert len(segment.text(0).encode()) == MOST_TEXT - 1
    assert segment.text(0) == "a" + "é" * ((MOST_TEXT - 2) // 2)
    assert segment.flags.tolist() == [Flag.SHORTENED, 0]
    assert segment.text(1) == f"at {NOON}"


def test_values_come_back() -> None:
    names = Names()
    record = Record(
        NOON, "GET", Severity.ERROR, Flag.READ, "r-1", "i-1", "requests", "ab" * 16, 503, "GET", 0.25, "curl"
    )
    segment = segment_of(names, [Record(NOON, ""), record])
    assert [getattr(names, name).names[getattr(segment, name)[1]] for name in ("revision", "instance", "log")] == [
        "r-1",
        "i-1",
        "requests",
    ]
    assert (segment.statuses[1], segment.latencies[1], segment.severities[1]) == (503, 0.25, Severity.ERROR)
    assert int(segment.traces[1]) == trace_key("ab" * 16) == 0xABABABABABABABAB
    assert np.isnan(segment.latencies[0])


@pytest.mark.parametrize("trace", ["", "-5", "no name", "-" + "f" * 40, "é"])
def test_a_trace_that_is_none_has_no_key(trace: str) -> None:
    assert trace_key(trace) == 0


@pytest.mark.parametrize("status", [-1, 1000, 70_000, 1 << 70])
def test_a_status_that_is_none_is_left_out(status: int) -> None:
    assert segment_of(Names(), [Record(NOON, "", status=status)]).statuses.tolist() == [0]


def test_rows_without_a_time_get_that_of_the_row_before() -> None:
    segment = segment_of(Names(), at_times(NO_TIME, NO_TIME, 50, NO_TIME, 70, NO_TIME)).timed(7)
    assert segment.times.tolist() == [50, 50, 50, 50, 70, 70]
    assert [bool(flag & Flag.TIMELESS) for flag in segment.flags] == [True, True, False, True, False, True]
    assert segment_of(Names(), at_times(NO_TIME, NO_TIME)).timed(7).times.tolist() == [7, 7]


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_part_is_a_segment(variant: Variant) -> None:
    segment = kept_of(Names(), [Record(NOON + at, text) for at, text in enumerate(TEXTS)])
    for start, stop in ((0, len(TEXTS)), (2, 5), (7, 8), (3, 3), (8, 8)):
        part = variant(segment).part(start, stop)
        assert texts_of(part) == texts_of(segment)[start:stop]
        assert payloads_of(part) == payloads_of(segment)[start:stop]
        assert part.times.tolist() == segment.times[start:stop].tolist()


def test_joined_segments_keep_texts_and_payloads() -> None:
    names = Names()
    some = [
        kept_of(names, [Record(NOON, text) for text in texts]) for texts in (TEXTS[:3], (), TEXTS[3:4], TEXTS[4:])
    ]
    gap = segment_of(names, [Record(NOON, "gap", flags=Flag.GAP)])
    assert joinable([gap, *some, gap])
    segment = joined([gap, *some, gap])
    assert texts_of(segment) == ["gap", *(text for each in some for text in texts_of(each)), "gap"]
    assert payloads_of(segment) == [b"", *(raw for each in some for raw in payloads_of(each)), b""]


def test_joined_segments_of_a_file_keep_the_places_of_payloads() -> None:
    names = Names()
    some = [segment_of(names, at_times(1, 2, 3), payload_base=base) for base in (5_000_000_000, 4_000_000_000)]
    segment = joined(some)
    assert [segment.payload_base + int(at) for at in segment.payloads] == [
        5_000_000_000 + 0,
        5_000_000_010,
        5_000_000_020,
        4_000_000_000,
        4_000_000_010,
        4_000_000_020,
    ]
    far = segment_of(names, at_times(1), payload_base=10_000_000_000)
    assert not joinable([far, some[1]])
    assert not joinable([some[0], kept_of(names, at_times(1))])


def test_a_sealed_segment_is_smaller_and_travels() -> None:
    records = [Record(NOON + at, f"request {at % 7} took {at % 31} ms") for at in range(8192)]
    segment = kept_of(Names(), records)
    small = sealed(segment)
    assert isinstance(small, SealedSegment)
    assert small.size < segment.size / 2
    assert sealed(small) is small
    travelled = pickle.loads(pickle.dumps(small))
    for each in (small, travelled):
        assert each.block == segment.block
        assert each.packed == segment.packed
        assert each.text(8191) == records[-1].text
        assert each.times.tolist() == segment.times.tolist()


def test_a_builder_begins_anew() -> None:
    builder = SegmentBuilder(Names())
    builder.keep(Record(NOON, "one"), b"payload")
    assert (len(builder), builder.size) == (1, len("one\n") + len("payload"))
    assert payloads_of(builder.build()) == [b"payload"]
    assert (len(builder), builder.size) == (0, 0)
    assert len(builder.build()) == 0
    builder.keep(Record(NOON, "two"), b"other")
    assert payloads_of(builder.build()) == [b"other"]
