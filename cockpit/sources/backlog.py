"""What a log held before a tail began: page by page, as far back as somebody asks."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from cockpit.sources.servicelog import beside_it
from cockpit.sources.tail import moment_of

if TYPE_CHECKING:
    from cockpit.sources.cloudlogging import LogEntry
    from cockpit.sources.seen import Seen
    from cockpit.sources.tail import Logging

_MOST = 1 << 30
_FILTERS = 100


class Backlog:
    """Older entries of what matches a query, those that match a filter beside it or all of them.

    It knows for each filter down to which moment everything that matches is at hand, and `seen` knows what is:
    what comes twice, by two filters, is given once.
    """

    def __init__(self, logging: Logging, query: str, seen: Seen) -> None:
        self._logging = logging
        self._query = query
        self._seen = seen
        self._reached: dict[str, int | None] = {}

    def is_whole(self, beside: str = "") -> bool:
        """Whether nothing that matches is older than what is at hand."""
        return any(key in self._reached and self._reached[key] is None for key in ("", beside))

    def reached(self, since: int, beside: str = "") -> int:
        """The moment (Unix nanoseconds) from which on all that matches is at hand, `since` being the tail's."""
        known = [self._reached.get(key) for key in ("", beside)]
        return min([since, *(moment for moment in known if moment is not None)])

    async def page(self, since: int, beside: str = "") -> list[LogEntry]:
        """The next older entries, in the order of time; none where there are none. Raises a SourceError."""
        if self.is_whole(beside):
            return []
        until = self.reached(since, beside)
        query = beside_it(self._query, beside)
        async with aclosing(self._logging.pages(query, until=until, most=_MOST)) as pages:
            async for page in pages:
                # What stands at the very moment was given before, and empty pages are normal.
                if fresh := self._seen.fresh(reversed(page)):
                    self._note(beside, moment_of(page[-1]))
                    return fresh
        self._note(beside, None)
        return []

    def _note(self, beside: str, reached: int | None) -> None:
        while len(self._reached) >= _FILTERS:
            # All is known of "", which stays: forgetting another one costs a few pages read twice.
            del self._reached[next(key for key in self._reached if key)]
        self._reached[beside] = reached
