"""A batch of entries in columns: immutable, and small for what it holds.

The texts of a segment are one UTF-8 block, a row a line: a regular expression is asked of whole blocks, not of row
after row. Line breaks inside a text are vertical tabs there, and vertical tabs are spaces.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from cockpit.logs.entry import NO_TIME, Flag
from cockpit.logs.names import NAMED
from cockpit.logs.rowtext import INNER_END, MOST_TEXT, ROW_END, row_text, trace_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cockpit.logs.entry import Record
    from cockpit.logs.names import Names

_MOST_STATUS = 999


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """`len(segment)` rows; every column has that length.

    `times` are Unix ns, `latencies` seconds (NaN for none), `traces` keys of traces; the columns of NAMED hold
    numbers of names. `starts` are where the rows' texts begin in `block`, and one more where the last one's line
    has ended. `payloads` are where each row's payload begins in what it came from: a file, from `payload_base`
    on, where it ends by its own syntax; or `packed`, the payloads one behind the other in the order of the rows,
    where it ends where the next begins. A sealed segment (logs/sealed.py) keeps `block` and `packed` compressed.
    """

    times: NDArray[np.int64]
    severities: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    revision: NDArray[np.unsignedinteger]
    instance: NDArray[np.unsignedinteger]
    log: NDArray[np.unsignedinteger]
    method: NDArray[np.unsignedinteger]
    agent: NDArray[np.unsignedinteger]
    statuses: NDArray[np.uint16]
    latencies: NDArray[np.float32]
    traces: NDArray[np.uint64]
    starts: NDArray[np.uint32]
    block: bytes
    payloads: NDArray[np.uint32]
    payload_base: int = 0
    packed: bytes = b""

    def __len__(self) -> int:
        return len(self.times)

    @property
    def size(self) -> int:
        """Bytes that it takes."""
        return self.columns_size + len(self.block) + len(self.packed)

    @property
    def columns_size(self) -> int:
        """Bytes that it takes without texts and payloads."""
        return sum(int(getattr(self, name).nbytes) for name in (*COLUMNS, "starts"))

    @property
    def packed_size(self) -> int:
        """Bytes of the payloads that it keeps, uncompressed."""
        return len(self.packed)

    def text(self, row: int) -> str:
        """One row's text, as it was logged but for vertical tabs, which are line breaks."""
        start, end = int(self.starts[row]), int(self.starts[row + 1]) - 1
        return self._of_block(start, end).decode(errors="replace").replace(INNER_END, "\n")

    def payload(self, row: int) -> bytes:
        """One row's payload where the segment keeps payloads; b"" of a row that has none here."""
        end = int(self.payloads[row + 1]) if row + 1 < len(self) else self.packed_size
        return self._of_packed(int(self.payloads[row]), end)

    def timed(self, before: int) -> Segment:
        """The same with a moment, and Flag.TIMELESS, for every row that had none.

        That of the row before; the first rows have that of the next which has one, or `before` where none has.
        """
        missing = self.times == NO_TIME
        if not missing.any():
            return self
        known = np.flatnonzero(~missing)
        if len(known):
            source = np.searchsorted(known, np.arange(len(self)), side="right") - 1
            times = self.times[known[np.maximum(source, 0)]]
        else:
            times = np.full(len(self), before, np.int64)
        return self._with(times=times, flags=self.flags | missing * np.uint8(Flag.TIMELESS))

    def part(self, start: int, stop: int) -> Segment:
        """The rows from `start` to before `stop`; columns are shared, texts and payloads copied."""
        columns: dict[str, Any] = {name: getattr(self, name)[start:stop] for name in COLUMNS}
        first, last = int(self.starts[start]), int(self.starts[stop])
        columns |= {
            "starts": self.starts[start : stop + 1] - np.uint32(first),
            "block": self._of_block(first, last),
        }
        if self.packed_size and start < stop:
            first = int(self.payloads[start])
            last = int(self.payloads[stop]) if stop < len(self) else self.packed_size
            columns["payloads"] = columns["payloads"] - np.uint32(first)
            columns["packed"] = self._of_packed(first, last)
        return Segment(**columns, payload_base=self.payload_base)

    def _of_block(self, start: int, end: int) -> bytes:
        return self.block[start:end]

    def _of_packed(self, start: int, end: int) -> bytes:
        return self.packed[start:end]

    def _with(self, **changes: Any) -> Segment:
        kept = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in changes}
        return Segment(**kept, **changes)


COLUMNS = tuple(
    each.name for each in fields(Segment) if each.name not in {"starts", "block", "payload_base", "packed"}
)
"""Those fields of a segment that hold a value a row."""


def narrow(numbers: NDArray[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
    """The same numbers in as few bytes each as they fit in."""
    highest = int(numbers.max(initial=0))
    return numbers.astype(np.min_scalar_type(highest), copy=False)


def joinable(segments: Sequence[Segment]) -> bool:
    """Whether they can be one segment: their payloads are in one place, and not too far apart in it."""
    files = [each for each in segments if not each.packed_size and (each.payload_base or each.payloads.any())]
    if any(each.packed_size for each in segments):
        return not files
    highest = max((each.payload_base + int(each.payloads.max(initial=0)) for each in segments), default=0)
    return highest - min((each.payload_base for each in segments), default=0) <= np.iinfo(np.uint32).max


def joined(segments: Sequence[Segment]) -> Segment:
    """One segment of several that are `joinable`: their rows, one segment's behind the other's."""
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(each, name) for each in segments]) for name in COLUMNS if name != "payloads"
    }
    block, packed = (b"".join(getattr(each, name) for each in segments) for name in ("block", "packed"))
    base = 0 if packed else min(each.payload_base for each in segments)
    shifts = (
        _begins([len(each.packed) for each in segments])
        if packed
        else [each.payload_base - base for each in segments]
    )
    begins = _begins([len(each.block) for each in segments])
    starts = [each.starts[:-1] + np.uint32(begin) for each, begin in zip(segments, begins, strict=True)]
    payloads = [each.payloads + np.uint32(shift) for each, shift in zip(segments, shifts, strict=True)]
    return Segment(
        **columns,
        starts=np.concatenate([*starts, np.array([len(block)], np.uint32)]),
        block=block,
        payloads=np.concatenate(payloads),
        payload_base=base,
        packed=packed,
    )


def _begins(lengths: Sequence[int]) -> list[int]:
    """Where parts of these lengths begin, one behind the other."""
    return [0, *accumulate(lengths[:-1])]


class SegmentBuilder:
    """Collects records, and their payloads, until a segment is made of them."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._rows: list[tuple[int, int, int, int, int, int, int, int, int, float, int, int]] = []
        self._texts: list[bytes] = []
        self._payloads: list[bytes] = []
        self._packed = 0
        self.size = 0
        """Bytes of text and of kept payloads so far."""

    def __len__(self) -> int:
        return len(self._rows)

    def keep(self, record: Record, payload: bytes = b"") -> None:
        """One more row of a segment that keeps its payloads: `Segment.payload` gives back just this."""
        self.add(record, self._packed)
        self._payloads.append(payload)
        self._packed += len(payload)
        self.size += len(payload)

    def add(self, record: Record, payload: int = 0) -> None:
        """One more row; `payload` is where its payload begins in the file, from the base that `build` is told.

        Its time fits in 64 bits: the source clamps one that is farther off, and says Flag.ODD.
        """
        names = self._names
        text, flags = row_text(record.text), record.flags
        if len(text) > MOST_TEXT:
            text, flags = _shortened(text), flags | Flag.SHORTENED
        self._texts.append(text)
        self.size += len(text)
        self._rows.append(
            (
                record.time,
                record.severity,
                flags,
                names.revision.number(record.revision),
                names.instance.number(record.instance),
                names.log.number(record.log),
                names.method.number(record.method),
                names.agent.number(record.agent),
                record.status if 0 <= record.status <= _MOST_STATUS else 0,
                record.latency,
                trace_key(record.trace),
                payload,
            )
        )

    def build(self, *, payload_base: int = 0, packed: bytes = b"") -> Segment:
        """A segment of what was added; the builder is empty again.

        `packed` is for who has put the payloads together, and given `add` their places in it.
        """
        columns = list(zip(*self._rows, strict=True)) or [()] * 12
        texts, packed = self._texts, packed or b"".join(self._payloads)
        self._rows, self._texts, self._payloads, self._packed, self.size = [], [], [], 0, 0
        lengths = np.fromiter(map(len, texts), np.uint32, len(texts))
        numbered = (narrow(np.array(column, np.uint32)) for column in columns[3:8])
        named = dict(zip(NAMED, numbered, strict=True))
        return Segment(
            np.array(columns[0], np.int64),
            np.array(columns[1], np.uint8),
            np.array(columns[2], np.uint8),
            **named,
            statuses=np.array(columns[8], np.uint16),
            latencies=np.array(columns[9], np.float32),
            traces=np.array(columns[10], np.uint64),
            starts=np.concatenate(([0], np.cumsum(lengths))).astype(np.uint32),
            block=b"".join(texts),
            payloads=np.array(columns[11], np.uint32),
            payload_base=payload_base,
            packed=packed,
        )


def _shortened(line: bytes) -> bytes:
    """As much of a row's line as is kept, cut between two characters."""
    return line[: MOST_TEXT - len(ROW_END)].decode(errors="ignore").encode() + ROW_END
