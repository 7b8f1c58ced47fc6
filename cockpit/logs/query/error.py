"""Why a query is none."""

from __future__ import annotations


class QueryError(Exception):
    """`str(error)` is one line why, `mend` one line what to write instead.

    `position` is the place in the query's text, counted in characters from 0, and `length` how many are meant.
    """

    def __init__(self, message: str, position: int, length: int = 1, mend: str = "") -> None:
        super().__init__(message)
        self.position = position
        self.length = length
        self.mend = mend
