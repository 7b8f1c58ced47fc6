"""Which entries were given already: what streams and lists both bring is given once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cockpit.sources.cloudlogging import LogEntry


class Seen:
    """Entries known by time and insert ID, as Cloud Logging itself tells duplicates.

    Of what is later than `edge` (Unix seconds) the last `keep` are known, and at most twice as many: two
    generations, so that forgetting costs nothing. What is not is known for good, since somebody pages through it
    once more; without an edge that is everything. A key is 64 bits of a hash: two entries in a million million
    share one.
    """

    def __init__(self, keep: int) -> None:
        self.edge: int | None = None
        self._keep = keep
        self._young: set[int] = set()
        self._old: set[int] = set()
        self._early: set[int] = set()

    @property
    def kept(self) -> int:
        """How many entries are known."""
        return len(self._young) + len(self._old) + len(self._early)

    def fresh(self, entries: Iterable[LogEntry]) -> list[LogEntry]:
        """Those that are seen for the first time, in their order; they are known from then on."""
        young, old, early = self._young, self._old, self._early
        edge = self.edge
        found = []
        for entry in entries:
            stamp = entry.timestamp
            seconds = stamp.seconds
            key = hash((seconds, stamp.nanos, entry.insert_id))
            if key in young or key in old or key in early:
                continue
            (early if edge is None or seconds <= edge else young).add(key)
            found.append(entry)
        if len(young) >= self._keep:
            self._young, self._old = set(), young
        return found
