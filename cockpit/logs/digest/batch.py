"""Some rows of a segment, as a digest takes them in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cockpit.logs.segment import Segment


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """The rows at `rows` in a segment whose first row has the id `base`.

    `block` is the segment's, which may cost an unpacking to ask for.
    """

    base: int
    segment: Segment
    block: bytes
    rows: NDArray[np.int64]

    def among(self, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Of these rows those that are chosen; `chosen` has an item for each of them."""
        return self.rows[chosen]

    def raw_texts(self, rows: NDArray[np.int64]) -> list[bytes]:
        """The texts of some rows in UTF-8, vertical tabs for line breaks."""
        block, starts = self.block, self.segment.starts
        ends = starts[rows + 1].tolist()
        return [block[start : end - 1] for start, end in zip(starts[rows].tolist(), ends, strict=True)]
