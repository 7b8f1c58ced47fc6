"""Which revision a process belongs to that was met through the service's own URL."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TRIES = 3.0
"""Scrapes through a tag, for each process behind it, that did not meet the one in question, until it is taken for
none of the tag's: one that is would be missed by chance once in e^3, about twenty, and be met there soon after."""

REMEMBERED = 512
"""Scrapes through tags that are remembered, by revision."""


class Attribution:
    """Knows the split, and when each revision was scraped through its tag."""

    def __init__(self) -> None:
        self._serving: frozenset[str] = frozenset()
        self._scrapes: dict[str, deque[int]] = {}

    def serves(self, percents: Mapping[str, int]) -> bool:
        """Take the split that serves now; answers whether it has other revisions than before."""
        serving = frozenset(revision for revision, percent in percents.items() if percent > 0)
        changed = serving != self._serving
        self._serving = serving
        return changed

    def scraped(self, revision: str, at: int) -> None:
        """A revision answered through its tag."""
        self._scrapes.setdefault(revision, deque(maxlen=REMEMBERED)).append(at)

    def revision(self, since: int, size: Callable[[str], float]) -> str:
        """The revision of a process that was there from `since` on and that no scrape through a tag has met.

        By elimination: the only one that serves, or the only one of these that has no tag, once the others were
        scraped TRIES times as often as they have processes (`size`). "" when that does not decide it.
        """
        if len(self._serving) == 1:
            return next(iter(self._serving))
        tagged = [revision for revision in self._serving if revision in self._scrapes]
        if len(self._serving) != len(tagged) + 1:
            return ""
        if any(self._tried(revision, since) < TRIES * max(1.0, size(revision)) for revision in tagged):
            return ""
        [left] = self._serving.difference(tagged)
        return left

    @property
    def serving(self) -> frozenset[str]:
        """The revisions that answer at the service's URL."""
        return self._serving

    def _tried(self, revision: str, since: int) -> int:
        times = list(self._scrapes[revision])
        return len(times) - bisect_left(times, since)
