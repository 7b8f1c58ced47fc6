"""Log entries in order of time, bounded in number and bytes, and serialised: a tenth of the memory of messages."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from typing import NamedTuple, TypeAlias

Place: TypeAlias = tuple[int, str, str]
"""(Unix nanoseconds, insert id, log name): where an entry stands, and what makes it a duplicate of another."""


class Record(NamedTuple):
    """One entry: what orders it, and its serialised `google.logging.v2.LogEntry`."""

    time: int
    insert_id: str
    log_name: str
    wire: bytes

    @property
    def place(self) -> Place:
        """The position in a timeline."""
        return self[:3]


class Timeline:
    """A sorted list: nearly every insertion is an append, and the few late ones land near its end."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._records: list[Record] = []
        self._per_log: Counter[str] = Counter()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._records)

    @property
    def size(self) -> int:
        """Bytes of all serialised entries."""
        return self._bytes

    def log_names(self) -> list[str]:
        """The logs that have entries, sorted."""
        return sorted(self._per_log)

    def insert(self, record: Record) -> None:
        """Put a record in its place, or drop it when it is already there."""
        records = self._records
        if not records or record.place > records[-1].place:
            records.append(record)
        else:
            at = bisect_left(records, record.place, key=_place)
            if records[at].place == record.place:
                return
            insort(records, record, lo=at)
        self._per_log[record.log_name] += 1
        self._bytes += len(record.wire)
        while len(records) > self._most or self._bytes > self._most_bytes:
            # a list moves everything behind a deletion, so many go at once
            self._forget(1 + len(records) // 128)

    def forward(self, after: Place, until: int, count: int) -> list[Record]:
        """At most `count` records behind a place and before a time, oldest first."""
        start = bisect_right(self._records, after, key=_place)
        end = bisect_left(self._records, (until, "", ""), lo=start, hi=min(start + count, len(self)), key=_place)
        return self._records[start:end]

    def backward(self, before: Place, since: int, count: int) -> list[Record]:
        """At most `count` records before a place and not before a time, newest first."""
        end = bisect_left(self._records, before, key=_place)
        start = bisect_left(self._records, (since, "", ""), lo=max(0, end - count), hi=end, key=_place)
        return self._records[start:end][::-1]

    def remove(self, log_name: str) -> int:
        """Drop every entry of one log; answers how many there were."""
        removed = self._per_log.pop(log_name, 0)
        if removed:
            self._records = [record for record in self._records if record.log_name != log_name]
            self._bytes = sum(len(record.wire) for record in self._records)
        return removed

    def _forget(self, count: int) -> None:
        for record in self._records[:count]:
            self._bytes -= len(record.wire)
            self._per_log[record.log_name] -= 1
            if not self._per_log[record.log_name]:
                del self._per_log[record.log_name]
        del self._records[:count]


def _place(record: Record) -> Place:
    return record.place
