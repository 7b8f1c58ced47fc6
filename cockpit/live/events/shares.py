"""What served, as spans of time: from when until when, and nothing where nobody looked."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

from cockpit.live.agreement import serving
from cockpit.live.timeline import Shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cockpit.live.snapshot import Snapshot

SERVICE = "service"
LONGEST_SILENCE = 60.0
"""Seconds between two reads of the service within which what both found is taken to have served all along."""
MOST_SPANS = 20_000


class ShareSpans:
    """Puts together what single reads of the service found. The oldest spans go where there are too many."""

    def __init__(self) -> None:
        self._before: tuple[Shares, ...] = ()
        self._ended: deque[Shares] = deque(maxlen=MOST_SPANS)
        self._open: Shares | None = None
        self._whole: tuple[Shares, ...] | None = ()

    @property
    def spans(self) -> Sequence[Shares]:
        """All of them, oldest first; the same object until there is another one."""
        if self._whole is None:
            last = () if self._open is None else (self._open,)
            self._whole = (*self._before, *self._ended, *last)
        return self._whole

    def recall(self, spans: Sequence[Shares]) -> None:
        """Take in what was seen before the first look, oldest first; what overlaps that is cut off."""
        first = min(
            (each.since for each in (*islice(self._ended, 1), self._open) if each is not None), default=None
        )
        cut = (each if first is None else each._replace(until=min(each.until, first)) for each in spans)
        self._before = tuple(each for each in cut if each.since < each.until)[-MOST_SPANS:]
        self._whole = None

    def saw(self, snapshot: Snapshot, changed_at: float | None = None) -> bool:
        """Take in a snapshot; whether the spans are other ones. `changed_at` is when the split at hand began to
        serve, where that is known better than by when it was seen."""
        feed, service = snapshot.feed(SERVICE), snapshot.service
        if feed is None or feed.fresh_at is None or service is None:
            return False
        now, last = snapshot.epoch + feed.fresh_at, self._open
        percents = tuple(sorted(serving(service).items(), key=lambda pair: (-pair[1], pair[0])))
        if last is not None and (now < last.until or (now == last.until and percents == last.percents)):
            return False
        if last is None or now - last.until > LONGEST_SILENCE:
            self._begin(Shares(now, now, percents))
        elif percents == last.percents:
            self._open = last._replace(until=now)
        else:
            at = now if changed_at is None else min(max(changed_at, last.since), now)
            self._open = last._replace(until=at)
            self._begin(Shares(at, now, percents))
        self._whole = None
        return True

    def _begin(self, span: Shares) -> None:
        if self._open is not None and self._open.since < self._open.until:
            self._ended.append(self._open)
        self._open = span
