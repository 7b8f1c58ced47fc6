"""What a process that reads hands over: many entries in columns, as raw bytes.

Without numpy, which takes longer to load than the first thousand entries take to read.
"""

from __future__ import annotations

import re
import struct
import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import BinaryIO

import msgspec

from cockpit.logs.entry import Record
from cockpit.logs.rowtext import TRACE_DIGITS, row_text, trace_key

MOST_BROKEN = 64
"""Broken entries of a batch that are told; all are counted."""

Placed = tuple[Record, int]
"""A record, and where in the file it begins; of a traceback, where its first line does."""

_HEAD = 200
"""Bytes of a broken entry that are shown."""

_NO_TRACE = "0" * TRACE_DIGITS
_DIGITS = re.compile("[0-9a-fA-F]*")

_LENGTH = struct.Struct("<I")
_CODES = (("B", 1 << 8), ("H", 1 << 16))


class BrokenPiece(msgspec.Struct, array_like=True, frozen=True):
    """An entry that could not be read: where it begins, why, and its first bytes."""

    at: int
    why: str
    head: bytes


class Broken:
    """Entries that could not be read: all are counted, the first ones kept."""

    def __init__(self) -> None:
        self.pieces: list[BrokenPiece] = []
        self.count = 0

    def add(self, at: int, why: str, raw: bytes) -> None:
        """One more."""
        self.count += 1
        if len(self.pieces) < MOST_BROKEN:
            self.pieces.append(BrokenPiece(at, why, raw[:_HEAD]))

    def among(self, owned: Callable[[int], bool]) -> Broken:
        """Those of them that are `owned`, by where they begin."""
        chosen = Broken()
        chosen.pieces = [piece for piece in self.pieces if owned(piece.at)]
        chosen.count = self.count - len(self.pieces) + len(chosen.pieces)
        return chosen


class NameColumn(msgspec.Struct, array_like=True, frozen=True):
    """A column of names: those there are, "" first, and each row's number among them; `code` is array's."""

    names: list[str]
    code: str
    numbers: bytes


class Batch(msgspec.Struct, array_like=True, frozen=True, tag="batch"):
    """Entries in columns as `Segment` has them; native byte order, for the same machine alone.

    `read` is how many bytes of the file are done with it, unpacked ones of a packed file. The `last` batch is that
    of the end of what was asked for. `packed` holds the payloads where the file cannot be asked for them again.
    """

    rows: int
    times: bytes
    severities: bytes
    flags: bytes
    named: list[NameColumn]
    statuses: bytes
    latencies: bytes
    traces: bytes
    starts: bytes
    block: bytes
    payloads: bytes
    payload_base: int
    packed: bytes
    broken: list[BrokenPiece]
    broken_count: int
    read: int
    last: bool


class Failed(msgspec.Struct, array_like=True, frozen=True, tag="failed"):
    """What ended the reading before the end: one line why, and the mend."""

    why: str
    mend: str


Message = Batch | Failed

_encode = msgspec.msgpack.Encoder().encode
_decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


def write(stream: BinaryIO, message: Message) -> None:
    """Send a message. Raises OSError where nobody takes it any more."""
    data = _encode(message)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def length_of(header: bytes) -> int:
    """The bytes of the message that follows these four."""
    return int(_LENGTH.unpack(header)[0])


def message_of(data: bytes) -> Message:
    """A message as it was sent. Raises msgspec.DecodeError."""
    return _decoder.decode(data)


HEADER = _LENGTH.size


def batch_of(
    placed: Sequence[Placed],
    *,
    read: int,
    last: bool,
    broken: Broken | None = None,
    pack: Callable[[Sequence[int]], tuple[bytes, Sequence[int]]] | None = None,
) -> Batch:
    """A batch of records. Their payloads are where they are in the file, or where `pack` puts them."""
    records, offsets = [record for record, _ in placed], [at for _, at in placed]
    columns = list(zip(*records, strict=True)) or [()] * len(Record._fields)
    fields = dict(zip(Record._fields, columns, strict=True))
    texts = [row_text(text) for text in fields["text"]]
    base = min(offsets, default=0)
    packed, places = pack(offsets) if pack else (b"", [offset - base for offset in offsets])
    return Batch(
        rows=len(records),
        times=array("q", fields["time"]).tobytes(),
        severities=bytes(fields["severity"]),
        flags=bytes(fields["flags"]),
        named=[_named(fields[name]) for name in ("revision", "instance", "log", "method", "agent")],
        statuses=array("H", fields["status"]).tobytes(),
        latencies=array("f", fields["latency"]).tobytes(),
        traces=_traces(fields["trace"]),
        starts=array("I", accumulate(map(len, texts), initial=0)).tobytes(),
        block=b"".join(texts),
        payloads=array("I", places).tobytes(),
        payload_base=0 if pack else base,
        packed=packed,
        broken=broken.pieces if broken else [],
        broken_count=broken.count if broken else 0,
        read=read,
        last=last,
    )


def _traces(traces: Sequence[str]) -> bytes:
    """`trace_key` of all: at once where each has as many digits as count, as Cloud Logging's have."""
    digits = "".join([trace[:TRACE_DIGITS] or _NO_TRACE for trace in traces])
    if len(digits) == TRACE_DIGITS * len(traces) and _DIGITS.fullmatch(digits):
        keys = array("Q", bytes.fromhex(digits))
        if sys.byteorder == "little":
            keys.byteswap()
        return keys.tobytes()
    return array("Q", map(trace_key, traces)).tobytes()


def _named(column: Iterable[str]) -> NameColumn:
    numbers = {"": 0}
    for name in dict.fromkeys(column):
        numbers.setdefault(name, len(numbers))
    code = next((code for code, most in _CODES if len(numbers) <= most), "I")
    return NameColumn(list(numbers), code, array(code, map(numbers.__getitem__, column)).tobytes())
