"""From what a reading process hands over to a segment of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cockpit.logs.names import NAMED
from cockpit.logs.segment import Segment, narrow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cockpit.logs.names import Names, Table
    from cockpit.sources.files.batch import Batch, NameColumn


def segment_of(batch: Batch, names: Names, *, base: int = 0) -> Segment:
    """The batch's rows, their names being those of `names`; `base` is added to where their payloads are."""
    named: dict[str, Any] = {
        name: _numbered(column, getattr(names, name)) for name, column in zip(NAMED, batch.named, strict=True)
    }
    return Segment(
        np.frombuffer(batch.times, np.int64),
        np.frombuffer(batch.severities, np.uint8),
        np.frombuffer(batch.flags, np.uint8),
        **named,
        statuses=np.frombuffer(batch.statuses, np.uint16),
        latencies=np.frombuffer(batch.latencies, np.float32),
        traces=np.frombuffer(batch.traces, np.uint64),
        starts=np.frombuffer(batch.starts, np.uint32),
        block=batch.block,
        payloads=np.frombuffer(batch.payloads, np.uint32),
        payload_base=base + batch.payload_base,
        packed=batch.packed,
    )


def _numbered(column: NameColumn, table: Table) -> NDArray[np.unsignedinteger]:
    numbers = np.array([table.number(name) for name in column.names], np.uint32)
    return narrow(numbers[np.frombuffer(column.numbers, np.dtype(column.code))])
