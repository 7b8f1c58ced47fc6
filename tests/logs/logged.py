"""Segments and stores of small, known records."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.logs.entry import Record
from cockpit.logs.names import Names
from cockpit.logs.segment import Segment, SegmentBuilder
from cockpit.logs.store import LogStore

NOON = 1_700_000_000_000_000_000
SECOND = 1_000_000_000


def segment_of(names: Names, records: Iterable[Record], *, payload_base: int = 0) -> Segment:
    """A segment as one of a file: the payload of each row begins ten bytes behind that of the row before."""
    builder = SegmentBuilder(names)
    for at, record in enumerate(records):
        builder.add(record, at * 10)
    return builder.build(payload_base=payload_base)


def kept_of(names: Names, records: Iterable[Record]) -> Segment:
    """A segment that keeps payloads: `raw TEXT` of each row."""
    builder = SegmentBuilder(names)
    for record in records:
        builder.keep(record, b"raw " + record.text.encode(errors="replace"))
    return builder.build()


def store_of(*batches: Iterable[Record], most: int = 1_000_000, most_bytes: int = 1 << 30) -> LogStore:
    """A store that took in these batches, one after the other."""
    store = LogStore(Names(), most=most, most_bytes=most_bytes)
    for batch in batches:
        store.append(segment_of(store.names, batch))
    return store


def at_times(*times: int) -> list[Record]:
    """Records of these times, each saying its time."""
    return [Record(time, f"at {time}") for time in times]
