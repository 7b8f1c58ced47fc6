"""When a URL was last used by somebody else: an unused one may have scaled to zero, and a scrape would wake it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.requests import NAME as REQUESTS
from cockpit.live.snapshot import FeedState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from cockpit.live.metrics.targets import TargetUrl
    from cockpit.live.snapshot import Snapshot
    from cockpit.release.observed import Observed
    from cockpit.release.service import Revision


class LastUse:
    """Moments of last use by revision, read off the request log, in which our own scrapes are not counted.

    A URL counts as used from the start, so that a canary without traffic is looked at for a while.
    """

    def __init__(self, started: float, patience: float) -> None:
        self._patience = patience
        self._woken = started
        self._service = started
        self._revisions: dict[str, float] = {}
        self._always: frozenset[str] = frozenset()
        self._service_is_on = False

    def wake(self, at: float) -> None:
        """Somebody asked for fresh numbers: every URL counts as used now."""
        self._woken = at

    def always_on(self, revisions: Iterable[Revision], serving: Collection[str]) -> None:
        """See which revisions keep a minimum of instances, so that scraping them starts none.

        The service's URL may reach any that is `serving`.
        """
        self._always = frozenset(each.name for each in revisions if each.template.min_instances > 0)
        self._service_is_on = bool(serving) and self._always.issuperset(serving)

    def saw(self, observed: Observed | None, at: float) -> None:
        """Take what the request log counted in its window that ends now; None where nobody knows, which is use."""
        if observed is None:
            self._woken = at
            return
        used = {name for name, count in (*observed.by_revision, *observed.tagged) if count}
        self._revisions.update(dict.fromkeys(used, at))
        if observed.total:
            self._service = at

    def resting(self, target: TargetUrl, at: float) -> bool:
        """Whether a URL is better left alone."""
        if target.revision in self._always if target.revision else self._service_is_on:
            return False
        used = self._revisions.get(target.revision, self._woken) if target.revision else self._service
        return at - max(used, self._woken) > self._patience


def known_use(snapshot: Snapshot) -> Observed | None:
    """What the request log counted, None where nobody knows: it has not been read yet, or not for long.

    A log that fails counts ever fewer requests, though there may be as many as ever.
    """
    feed = snapshot.feed(REQUESTS)
    return None if feed is not None and feed.state is FeedState.FAILED else snapshot.observed
