"""What a query comes to: which rows of a segment match, and what of a text is to be marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cockpit.logs.names import Names
    from cockpit.logs.segment import Segment


class Matcher(Protocol):
    """A query, compiled."""

    @property
    def needs_text(self) -> bool:
        """Whether texts are looked through; else columns decide, which takes microseconds."""
        ...

    def matches(self, segment: Segment, names: Names) -> NDArray[np.bool_]:
        """Which rows of a segment match; `names` are the store's."""
        ...

    def marks(self, text: str) -> Sequence[tuple[int, int]]:
        """The parts (start, end) of a text that are the reason, in their order and without overlaps."""
        ...
