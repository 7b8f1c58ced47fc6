"""What stood where in the last scrape: where the next one has the same series in the same lines, only its numbers
are read."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

from cockpit.metrics.exposition.floats import numbers
from cockpit.metrics.exposition.grammar import MalformedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The lines of a body without their values. A line without a sample, as a comment, is all prefix."""

    prefixes: list[bytes]
    size: int
    is_sample: list[bool]
    is_other: list[bool]

    @classmethod
    def of(cls, lines: Sequence[bytes], values: Sequence[bytes], is_sample: NDArray[np.bool_]) -> Layout | None:
        """The layout of lines that end with their values; None where one does not."""
        prefixes = [
            (line[: len(line) - len(value)] if line.endswith(value) else b"") if sampled else line
            for line, value, sampled in zip(lines, values, is_sample.tolist(), strict=True)
        ]
        if not all(compress(prefixes, is_sample.tolist())):
            return None
        return cls(prefixes, sum(map(len, prefixes)), is_sample.tolist(), (~is_sample).tolist())

    def values(self, lines: Sequence[bytes]) -> NDArray[np.float64] | None:
        """The values of lines that are laid out so; None where they are not, or where one is no number."""
        if len(lines) != len(self.prefixes):
            return None
        values = list(map(bytes.removeprefix, lines, self.prefixes))
        # Each line lost its prefix or nothing, so that all of them did if together they lost as much.
        if sum(map(len, lines)) - sum(map(len, values)) != self.size or any(compress(values, self.is_other)):
            return None
        try:
            return numbers(list(compress(values, self.is_sample)))
        except MalformedError:
            return None
