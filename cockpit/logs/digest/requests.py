"""The requests among some rows, with the endpoints that they went to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cockpit.logs.request import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cockpit.logs.digest.batch import Batch
    from cockpit.logs.names import Names
    from cockpit.logs.segment import Segment

REST = 0
"""The number of all endpoints beyond those that are told apart."""
MOST_ENDPOINTS = 5_000
_MOST_KNOWN = 1 << 13
_MOST_COUNTED = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class Requests:
    """Requests of a batch: `rows` in its segment, and of each the number of its endpoint and its text in UTF-8."""

    segment: Segment
    base: int
    rows: NDArray[np.int64]
    endpoints: NDArray[np.uint16]
    texts: list[bytes]


class EndpointTable:
    """Endpoints, numbered as they are met, a bounded number of them.

    Which method and path a number stands for is in `keys`.
    """

    def __init__(self, names: Names) -> None:
        self.keys: list[tuple[str, str]] = [("", "")]
        self._methods = names.method.names
        self._numbers: dict[tuple[str, str], int] = {}
        self._known: dict[tuple[int, bytes], int] = {}
        self._beyond: set[int] = set()

    @property
    def beyond(self) -> int:
        """How many endpoints are REST, at least."""
        return len(self._beyond)

    def requests(self, batch: Batch) -> Requests:
        """The requests of a batch."""
        segment, rows = batch.segment, batch.rows
        found = batch.among((segment.method[rows] != 0) | (segment.statuses[rows] != 0))
        texts = batch.raw_texts(found)
        numbers = map(self._number, segment.method[found].tolist(), texts)
        return Requests(segment, batch.base, found, np.fromiter(numbers, np.uint16, len(found)), texts)

    def _number(self, method: int, text: bytes) -> int:
        path = text.partition(b" ")[0].partition(b"?")[0]
        number = self._known.get((method, path))
        if number is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            number = self._numbered((self._methods[method], fold(path.decode(errors="replace"))))
            self._known[method, path] = number
        return number

    def _numbered(self, key: tuple[str, str]) -> int:
        number = self._numbers.get(key)
        if number is None:
            if len(self.keys) > MOST_ENDPOINTS:
                if len(self._beyond) < _MOST_COUNTED:
                    self._beyond.add(hash(key))
                return REST
            number = self._numbers[key] = len(self.keys)
            self.keys.append(key)
        return number
