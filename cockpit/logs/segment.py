"""A batch of entries in columns: immutable, and small for what it holds.

The texts of a segment are one UTF-8 block, a row a line: a regular expression is asked of whole blocks, not of row
after row. Line breaks inside a text are vertical tabs there, and vertical tabs are spaces.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from cockpit.logs.names import NAMED
from cockpit.logs.rowtext import INNER_END, MOST_TEXT, ROW_END, row_text, trace_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cockpit.logs.entry import Record
    from cockpit.logs.names import Names

__all__ = ["INNER_END", "MOST_TEXT", "ROW_END", "Segment", "SegmentBuilder", "narrow", "trace_key"]


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """`len(segment)` rows; every column has that length.

    `times` are Unix ns, `latencies` seconds (NaN for none), `traces` keys of traces; the columns of NAMED hold
    numbers of names. `starts` are where the rows' texts begin in `block`, and one more where the last one's line
    has ended. `payloads` are where each row's payload begins in what it came from: a file from `payload_base`
    on, or `packed`, which is compressed. In either case it ends where it ends by its own syntax, or where the
    next begins.
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
        arrays = (getattr(self, field.name) for field in fields(self))
        return (
            len(self.block)
            + len(self.packed)
            + sum(each.nbytes for each in arrays if isinstance(each, np.ndarray))
        )

    def text(self, row: int) -> str:
        """One row's text, as it was logged but for vertical tabs, which are line breaks."""
        start, end = int(self.starts[row]), int(self.starts[row + 1]) - 1
        return self.block[start:end].decode(errors="replace").replace(INNER_END, "\n")

    def renumbered(self, numbers: Mapping[str, NDArray[np.unsignedinteger]]) -> Segment:
        """The same with names of other tables: `numbers[column][old]` is the new number."""
        columns: dict[str, Any] = {name: narrow(numbers[name][getattr(self, name)]) for name in NAMED}
        return replace(self, **columns)


def narrow(numbers: NDArray[np.unsignedinteger]) -> NDArray[np.unsignedinteger]:
    """The same numbers in as few bytes each as they fit in."""
    highest = int(numbers.max(initial=0))
    return numbers.astype(np.min_scalar_type(highest), copy=False)


class SegmentBuilder:
    """Collects records, and their payloads, until a segment is made of them."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._rows: list[tuple[int, int, int, int, int, int, int, int, int, float, int, int]] = []
        self._texts: list[bytes] = []
        self.size = 0
        """Bytes of text so far."""

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, record: Record, payload: int = 0) -> None:
        """One more row; `payload` is where its payload begins, from the base that `build` is told."""
        names = self._names
        text = row_text(record.text)
        self._texts.append(text)
        self.size += len(text)
        self._rows.append(
            (
                record.time,
                record.severity,
                record.flags,
                names.revision.number(record.revision),
                names.instance.number(record.instance),
                names.log.number(record.log),
                names.method.number(record.method),
                names.agent.number(record.agent),
                record.status,
                record.latency,
                trace_key(record.trace),
                payload,
            )
        )

    def build(self, *, payload_base: int = 0, packed: bytes = b"") -> Segment:
        """A segment of what was added; the builder is empty again."""
        columns = list(zip(*self._rows, strict=True)) or [()] * 12
        texts, self._rows, self._texts, self.size = self._texts, [], [], 0
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
