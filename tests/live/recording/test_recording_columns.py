"""Columns of numbers and texts, and entries of a log in columns: all comes back."""

from __future__ import annotations

from typing import Any

import pytest
from google.cloud.logging_v2.types import LogEntry
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.live.recording.columns import pack_numbers, pack_texts, unpack_numbers, unpack_texts
from cockpit.live.recording.logpieces import Gap, Logged, in_columns
from cockpit.live.recording.streams import Compressor, logged_of
from cockpit.sources.entries import entry_of

SECOND = 1_000_000_000
AT = 1_795_300_000
TRACE = "projects/p/traces/e9e05c90ca06a5743f1b63ade1658924"


@settings(max_examples=40)
@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_any_numbers_come_back(numbers: list[int]) -> None:
    assert unpack_numbers(pack_numbers(numbers)) == numbers


@settings(max_examples=40)
@given(st.lists(st.text() | st.from_regex(r"[a-z/]{0,9}[0-9a-f]{6,70}", fullmatch=True)))
def test_any_texts_come_back(texts: list[str]) -> None:
    assert unpack_texts(pack_texts(texts)) == texts


def raw(seconds: float | None = AT + 0.25, **fields: Any) -> bytes:
    """A serialized entry with what entries of Cloud Run have."""
    entry = LogEntry.pb(LogEntry(insert_id="18ea3064a2b3320000000bfe", trace=TRACE, **fields))
    if seconds is not None:
        entry.timestamp.FromNanoseconds(round(seconds * SECOND))
    return bytes(entry.SerializeToString())


def request(latency: float | None) -> bytes:
    """An entry of the request log."""
    entry = entry_of(raw(http_request={"request_method": "GET", "status": 200}))
    if latency is not None:
        entry.http_request.latency.FromNanoseconds(round(latency * SECOND))
    return bytes(entry.SerializeToString())


def through(entries: list[Logged], *, lasting: bool) -> list[Logged]:
    """Packed and unpacked."""
    return logged_of(Compressor().log(entries, lasting=lasting))


ENTRIES = {
    "a line": (raw(text_payload="hello"), round((AT + 0.25) * SECOND)),
    "fields": (raw(json_payload={"message": "a", "n": 1.5, "deep": {"x": [1, None, True]}}), AT * SECOND),
    "a request": (request(0.111214699), round((AT + 0.25) * SECOND)),
    "a request that took no time": (request(0.0), round((AT + 0.25) * SECOND)),
    "a request whose time is not said": (request(None), round((AT + 0.25) * SECOND)),
    "a request that took less than nothing": (request(-1.5), round((AT + 0.25) * SECOND)),
    "no time of its own": (raw(None, text_payload="x"), 0),
    "a time that was taken for another one": (raw(-5.0, text_payload="x"), 1),
    "nothing at all": (b"", 0),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_comes_back_but_for_what_tells_nothing(name: str) -> None:
    entry, time = ENTRIES[name]
    [back] = through([Logged(AT * 1000, time, 0, entry)], lasting=True)
    assert isinstance(back.entry, bytes)
    assert entry_of(back.entry) == entry_of(entry)
    assert (back.at, back.time, back.page) == (AT * 1000, time, 0)


def test_the_spans_number_and_when_it_was_received_are_not_kept_for_long() -> None:
    whole = LogEntry.pb(LogEntry(text_payload="x", span_id="6733906168796688508"))
    whole.receive_timestamp.FromNanoseconds(AT * SECOND)
    logged = Logged(AT * 1000, 0, 0, whole.SerializeToString())
    assert through([logged], lasting=False) == [logged]
    [back] = through([logged], lasting=True)
    assert isinstance(back.entry, bytes)
    assert entry_of(back.entry) == LogEntry.pb(LogEntry(text_payload="x"))


def test_order_pages_and_gaps_stay() -> None:
    gap = Logged(AT * 1000, 5, 0, Gap(5, "entries are missing", 4, 64))
    entries = [Logged(AT * 1000 + n, AT * SECOND, n % 3, raw(AT, text_payload=f"line {n}")) for n in range(50)]
    mixed = [*entries[:20], gap, *entries[20:]]
    assert through(mixed, lasting=True) == mixed
    assert through(mixed, lasting=False) == mixed


def test_nothing_is_nothing() -> None:
    assert through([], lasting=True) == []


def test_what_is_no_entry_stays_as_it_is() -> None:
    odd = Logged(AT, AT, 0, b"no protobuf at all")
    assert in_columns([odd]) is None
    assert through([odd], lasting=True) == [odd]


def test_columns_take_half_the_room() -> None:
    """What the whole effort is for: entries that differ by numbers alone."""
    entries = [
        Logged((AT + n) * 1000, (AT + n) * SECOND + n * 7919, 0, raw(AT + n, text_payload=f"served {n % 7}"))
        for n in range(300)
    ]
    packed = Compressor()
    assert len(packed.log(entries, lasting=True)) < len(packed.log(entries, lasting=False)) / 2


@pytest.mark.parametrize("cut", [0, 1, 8, 100])
def test_a_piece_that_is_cut_off_is_refused(cut: int) -> None:
    piece = Compressor().log([Logged(AT, AT, 0, raw(text_payload="x"))], lasting=True)
    with pytest.raises(ValueError):
        logged_of(piece[:cut])
