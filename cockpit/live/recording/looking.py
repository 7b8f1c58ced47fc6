"""From when until when somebody looked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

AWAY = 10.0
"""Seconds without a sign of life after which nobody has looked: the machine slept."""

_PUT = """
    INSERT INTO spans (id, since, until) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET until = excluded.until
"""

Span = tuple[float, float]


class Looking:
    """The spans of one session, on their way into its file. Times are epoch seconds."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self._written: list[Span] = []
        self._broken = False

    def seen(self, at: float) -> None:
        """Somebody looks at a moment."""
        if self.spans and not self._broken and at - self.spans[-1][1] <= AWAY:
            since, until = self.spans[-1]
            self.spans[-1] = (since, max(until, at))
        else:
            self.spans.append((at, at))
            self._broken = False

    def write(self, connection: sqlite3.Connection) -> None:
        """Write what is new."""
        first = max(0, len(self._written) - 1)
        rows = ((number + 1, *self.spans[number]) for number in range(first, len(self.spans)))
        connection.executemany(_PUT, rows)

    def written(self) -> None:
        """What was written is in the file."""
        self._written = list(self.spans)

    def discard(self) -> None:
        """What was not written is lost, and for that time nobody has looked."""
        self.spans = list(self._written)
        self._broken = True


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in spans that do not overlap, oldest first."""
    found: list[Span] = []
    for since, until in sorted(spans):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(until, found[-1][1]))
        else:
            found.append((since, until))
    return tuple(found)
