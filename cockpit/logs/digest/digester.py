"""Sums up a log in small steps, so that whoever waits for it can do other things in between."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from cockpit.logs.digest.batch import Batch
from cockpit.logs.digest.components import Announcements
from cockpit.logs.digest.endpoints import EndpointTally
from cockpit.logs.digest.errors import ErrorTally
from cockpit.logs.digest.instances import InstanceTally
from cockpit.logs.digest.requests import EndpointTable
from cockpit.logs.digest.result import Digest
from cockpit.logs.digest.scanners import ProbeTally
from cockpit.logs.entry import Flag, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Sequence

    from numpy.typing import NDArray

    from cockpit.logs.digest.result import ByRevision, Pair
    from cockpit.logs.query.matcher import Matcher
    from cockpit.logs.segment import Segment
    from cockpit.logs.store import LogStore

ROWS_A_STEP = 1024


class Digester:
    """A digest of the rows that a store has now; what comes or goes later makes no difference to it.

    Of those rows the ones of `revisions` (full names; none for all) that `matcher` finds, from `since` until
    before `until`. `least` is the severity from which on entries are errors, `components` are patterns whose first
    group names a component that announces itself. Raises PatternError for one that is none.
    """

    def __init__(
        self,
        store: LogStore,
        *,
        revisions: Collection[str] = (),
        compared: Pair | None = None,
        matcher: Matcher | None = None,
        since: int | None = None,
        until: int | None = None,
        least: Severity = Severity.ERROR,
        components: Sequence[str] = (),
    ) -> None:
        self._names = names = store.names
        self._segments = sorted(store.segments(), key=lambda each: int(each[1].times.min(initial=0)))
        self._revisions = revisions
        self._compared = compared
        self._matcher = matcher
        self._since, self._until = since, until
        self._table = EndpointTable(names)
        self._endpoints = EndpointTally(self._table, names)
        self._errors = ErrorTally(names, least)
        self._probes = ProbeTally(self._table, names)
        self._instances = InstanceTally(names, Announcements(components))
        self._counts: Counter[int] = Counter()
        self._gaps = 0
        self._span: tuple[int, int] | None = None
        self._total = sum(len(segment) for _, segment in self._segments)
        self._done = 0
        self._digest: Digest | None = None
        self._work = self._worked()

    @property
    def progress(self) -> float:
        """The part of the rows that has been looked at, 0 to 1."""
        return self._done / self._total if self._total else 1.0

    @property
    def digest(self) -> Digest | None:
        """The digest, once it is there."""
        return self._digest

    def step(self) -> bool:
        """Do a few milliseconds' work; True while there is more."""
        try:
            next(self._work)
        except StopIteration as stop:
            self._digest = stop.value if self._digest is None else self._digest
            return False
        return True

    def run(self) -> Digest:
        """Do it all."""
        while self.step():
            pass
        if self._digest is None:
            raise RuntimeError("an earlier step failed")
        return self._digest

    def _worked(self) -> Generator[None, None, Digest]:
        while self._segments:
            base, segment = self._segments.pop(0)
            rows = self._chosen(segment)
            block = segment.block if len(rows) else b""
            yield
            for start in range(0, len(rows), ROWS_A_STEP):
                self._take(Batch(base, segment, block, rows[start : start + ROWS_A_STEP]))
                yield
                yield from self._errors.made_room()
            self._done += len(segment)
        endpoints = yield from self._endpoints.settled()
        errors = yield from self._errors.settled(self._comparable())
        first, last = self._span or (None, None)
        return Digest(
            self._counts.total(),
            first,
            last,
            self._gaps,
            self._by_revision(),
            self._compared,
            endpoints,
            errors,
            self._probes.settled(),
            self._instances.settled(),
        )

    def _take(self, batch: Batch) -> None:
        revisions = np.bincount(batch.segment.revision[batch.rows])
        self._counts.update({number: int(revisions[number]) for number in np.flatnonzero(revisions).tolist()})
        times = batch.segment.times[batch.rows]
        earliest, latest = int(times.min()), int(times.max())
        first, last = self._span or (earliest, latest)
        self._span = min(first, earliest), max(last, latest)
        requests = self._table.requests(batch)
        self._endpoints.take(requests)
        self._probes.take(requests)
        self._errors.take(batch)
        self._instances.take(batch)
        self._instances.take_requests(requests)

    def _chosen(self, segment: Segment) -> NDArray[np.int64]:
        """The rows of a segment that are asked for; gaps are counted, they are no entries."""
        chosen = np.ones(len(segment), np.bool_)
        if self._since is not None:
            chosen &= segment.times >= self._since
        if self._until is not None:
            chosen &= segment.times < self._until
        gaps = (segment.flags & Flag.GAP) != 0
        self._gaps += int(np.count_nonzero(gaps & chosen))
        chosen &= ~gaps
        if self._revisions:
            known = (self._names.revision.find(name) for name in self._revisions)
            chosen &= np.isin(segment.revision, [number for number in known if number is not None])
        if self._matcher is not None:
            chosen &= self._matcher.matches(segment, self._names)
        return np.flatnonzero(chosen)

    def _comparable(self) -> Pair | None:
        """The compared revisions, where both have rows: of what was never seen nothing is new or gone."""
        pair = self._compared
        seen = {self._names.revision.names[number] for number in self._counts}
        return pair if pair and {pair.stable, pair.canary} <= seen else None

    def _by_revision(self) -> ByRevision[int]:
        """Stable and canary first, then those with the most rows."""
        pair = (self._compared.stable, self._compared.canary) if self._compared else ()
        counts = [(self._names.revision.names[number], count) for number, count in self._counts.items()]
        counts.sort(key=lambda each: (pair.index(each[0]) if each[0] in pair else len(pair), -each[1], each[0]))
        return tuple(counts)
