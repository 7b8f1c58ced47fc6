"""Entries of the log on their way into pieces: as they are for a while, column by column for long.

For long, two fields that Cloud Logging adds and that tell nothing of the service are left out, because they are
numbers by chance and a tenth of the whole: the span's number, and when the entry was received.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from cockpit.live.recording.columns import Texts, pack_numbers, pack_texts, unpack_numbers, unpack_texts
from cockpit.sources.entries import entry_of

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGES_APART = 1 << 32
"""More than one recording has pages."""

_SECOND = 1_000_000_000
_NONE = -1
_LEFT_OUT = ("span_id", "receive_timestamp")


class Gap(msgspec.Struct, frozen=True, array_like=True):
    """A row in the place of entries that are missing: its moment (Unix ns) and its words."""

    time: int
    text: str
    severity: int
    flags: int


class Logged(msgspec.Struct, frozen=True, array_like=True):
    """An entry of the log: a `google.logging.v2.LogEntry`, serialized, or what stands in a gap.

    `at` is when it came, in epoch milliseconds, `time` its own moment in Unix ns, 0 for none. `page` is 0 for what
    a stream brought; entries with the same other number came as one page of a list.
    """

    at: int
    time: int
    page: int
    entry: bytes | Gap

    @property
    def moment(self) -> float:
        """Its own moment in epoch seconds; where it has none, when it came."""
        return self.time / 1e9 if self.time else self.at / 1e3

    def of_recording(self, number: int) -> Logged:
        """The same among those of other recordings, whose pages must not be taken for its."""
        return msgspec.structs.replace(self, page=self.page + number * PAGES_APART if self.page else 0)


class AsTheyAre(msgspec.Struct, frozen=True, array_like=True, tag="entries"):
    """Entries one after the other."""

    entries: tuple[Logged, ...]

    def logged(self) -> list[Logged]:
        """The entries."""
        return list(self.entries)


class InColumns(msgspec.Struct, frozen=True, array_like=True, tag="columns"):
    """Entries column by column: what is a column of its own is not in `rest`. Times and latencies in ns."""

    at: bytes
    time: bytes
    page: bytes
    latency: bytes
    insert_id: Texts
    trace: Texts
    rest: tuple[bytes | Gap, ...]

    def logged(self) -> list[Logged]:
        """The entries. Raises ValueError."""
        numbers = (unpack_numbers(column) for column in (self.at, self.time, self.page, self.latency))
        texts = (unpack_texts(column) for column in (self.insert_id, self.trace))
        return [
            Logged(
                at, time, page, rest if isinstance(rest, Gap) else _whole(rest, time, latency, insert_id, trace)
            )
            for at, time, page, latency, insert_id, trace, rest in zip(*numbers, *texts, self.rest, strict=True)
        ]


def in_columns(entries: Sequence[Logged]) -> InColumns | None:
    """The columns of entries; None where one of them is no entry."""
    from google.protobuf.message import DecodeError

    try:
        parts = [_Parts(each.entry, each.time) for each in entries]
    except DecodeError:
        return None
    return InColumns(
        pack_numbers([each.at for each in entries]),
        pack_numbers([each.time for each in entries]),
        pack_numbers([each.page for each in entries]),
        pack_numbers([part.latency for part in parts]),
        pack_texts([part.insert_id for part in parts]),
        pack_texts([part.trace for part in parts]),
        tuple(part.rest for part in parts),
    )


class _Parts:
    """What of an entry goes into columns, and the rest of it."""

    __slots__ = ("insert_id", "latency", "rest", "trace")

    def __init__(self, entry: bytes | Gap, time: int) -> None:
        self.insert_id = self.trace = ""
        self.latency = _NONE
        self.rest = entry
        if isinstance(entry, bytes):
            self._take_apart(entry_of(entry), time)

    def _take_apart(self, entry: Any, time: int) -> None:
        self.insert_id, self.trace = entry.insert_id, entry.trace
        for name in ("insert_id", "trace", *_LEFT_OUT):
            entry.ClearField(name)
        if entry.HasField("timestamp") and time and _nanoseconds(entry.timestamp) == time:
            entry.ClearField("timestamp")
        if entry.HasField("http_request") and entry.http_request.HasField("latency"):
            latency = _nanoseconds(entry.http_request.latency)
            if latency is not None:
                self.latency = latency
                entry.http_request.ClearField("latency")
        self.rest = entry.SerializeToString()


def _whole(rest: bytes, time: int, latency: int, insert_id: str, trace: str) -> bytes:
    entry = entry_of(rest)
    entry.insert_id, entry.trace = insert_id, trace
    if time and not entry.HasField("timestamp"):
        entry.timestamp.seconds, entry.timestamp.nanos = divmod(time, _SECOND)
    if latency != _NONE:
        told = entry.http_request.latency
        told.seconds, told.nanos = divmod(latency, _SECOND)
        told.SetInParent()
    found: bytes = entry.SerializeToString()
    return found


def _nanoseconds(told: Any) -> int | None:
    """Of a Timestamp or a Duration; None where that is not all there is to it."""
    found: int = told.seconds * _SECOND + told.nanos
    return found if 0 <= told.nanos < _SECOND and 0 <= found < 1 << 63 else None
