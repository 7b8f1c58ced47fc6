"""One track a process, although every scrape reaches an instance of the balancer's choice.

How rates come out right: PromQL takes the increase of each track by itself, so that no counter is ever compared
with another process's, and a sum over tracks adds what each really counted. A track is sampled when the balancer
happens to pick its process, so the window must hold several sightings of each: with k scrapes of n processes
every i seconds one is seen about every i·n/k seconds, and a window should span twelve of these gaps: a minute for
k = n and five seconds. What lies outside of a track's first and last sample PromQL extrapolates by at most half
the track's mean gap at each end. That is alike for all series of a track, so that a ratio of two (errors over
requests) is not biased; a rate by itself comes out low, in a simulated balancer by 6 % with twelve gaps, by 15 %
with six. `coverage` falls with it and says so.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.attribution import Attribution
from cockpit.metrics.counters import Counters
from cockpit.metrics.coverage import Coverage, Watched, coverage
from cockpit.metrics.fingerprint import Fingerprints
from cockpit.metrics.labels import NAME, value_of
from cockpit.metrics.processes import Process, Processes
from cockpit.metrics.store.store import SET_BACK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from cockpit.metrics.exposed import Exposed
    from cockpit.metrics.fingerprint import Fingerprint
    from cockpit.metrics.store import Store

FOLD = 500
"""Milliseconds in which answers of one process are of one burst. Only the first makes a row: the others say
nothing that the next sighting will not, and answers overtake each other, so that their order is not known."""

SETTLING = 15_000
"""Milliseconds for which a new split may go unnoticed: who was met for the first time since is attributed anew."""

MOST_BURST, FIRST_BURST = 8, 3
FALLS_BELIEVED = 3
"""A "counter" that falls more often than this under unchanged fingerprints is none, and resets no track more."""

EVERYBODY = "any"
"""The `instance` of a track that holds whichever process answered."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one scrape was of. `kept` is False for an answer too close to, or older than, the process's last row.

    `revision` is "" where it is not known. `separable` is False where nothing tells processes apart.
    """

    instance: str
    revision: str
    tag: str
    kept: bool
    born: bool = False
    reset: bool = False
    separable: bool = True


class Instances:
    """The processes of one service, and their tracks in the store.

    `window_ms` is what rates look back over; coverage is of that window. Times are epoch milliseconds.
    """

    def __init__(self, store: Store, service: str, *, window_ms: int = 60_000) -> None:
        self._store = store
        self._service = service
        self._window = window_ms
        self._fingerprints = Fingerprints()
        self._counters = Counters()
        self._attribution = Attribution()
        self._processes = Processes()
        self._sightings: deque[tuple[int, Process]] = deque()
        self._falls: Counter[str] = Counter()
        self._watching: dict[str, int] = {}
        self._newest = 0

    @property
    def revisions(self) -> tuple[str, ...]:
        """The revisions that were met in the window, sorted; "" stands for processes whose revision is unknown."""
        return tuple(sorted({process.revision for _, process in self._sightings}))

    def serves(self, percents: Mapping[str, int]) -> None:
        """Take the split that serves now, percent by revision: one of these answers at the service's URL."""
        if self._attribution.serves(percents):
            for process in self._processes:
                fresh = process.first_seen > self._newest - SETTLING
                if fresh and not process.certain and process.fingerprint is not None:
                    self._attribute(process, self._guess(process))

    def saw(self, at: int, exposed: Exposed, revision: str = "", tag: str = "") -> Sighting:
        """Keep one scrape, with at least one sample, that was answered at `at`.

        `revision` and `tag` are those of the URL it came through, "" for the service's own.
        """
        self._move_to(at)
        if tag:
            self._attribution.scraped(revision, at)
        fingerprint = self._fingerprints.of(exposed)
        process, born = self._meet(at, fingerprint if fingerprint.tells else None, revision, tag)
        self._count(at, process)
        kept, reset = self._keep(at, process, exposed)
        self._end_overdue(at, process.revision)
        return Sighting(
            process.labels["instance"],
            process.revision,
            process.tag,
            kept,
            born,
            reset,
            separable=process.fingerprint is not None,
        )

    def saw_none(self, at: int, revision: str) -> None:
        """A tag's URL answered at `at`, without metrics: what has some is none of that revision's processes."""
        self._attribution.scraped(revision, at)

    def coverage(self, revision: str, at: int, hint: int = 0) -> Coverage:
        """How much of a revision is seen; `hint` is a number of its instances known from elsewhere (its log)."""
        begin = at - self.watched(revision, at)
        times = self._seen(revision, begin, at)
        apart = [each for each in times if each.fingerprint is not None]
        if times and not apart:
            alone = 1.0 if hint == 1 else 0.0
            return Coverage(1, float(max(1, hint)), alone, sum(map(len, times.values())), separable=False)
        found = coverage((Watched.of(times[each], at - max(begin, each.born)) for each in apart), hint)
        return replace(found, separable=len(apart) == len(times))

    def watched(self, revision: str, at: int) -> int:
        """For how many milliseconds of the window a revision has been watched: all of it, unless it is young."""
        return at - max(at - self._window, self._watching.get(revision, at))

    def wanted_burst(self, revision: str) -> int:
        """How many scrapes at once meet about every instance: of a revision, "" for all that the service's URL
        reaches. Three until something is known; one where more would tell nothing."""
        wanted = self._attribution.serving | {""} if not revision else {revision}
        found = [each for each in (self.coverage(name, self._newest) for name in wanted) if each.sightings]
        if sum(each.sightings for each in found) < FIRST_BURST:
            return FIRST_BURST
        if not any(each.separable for each in found):
            return 1
        return max(1, min(MOST_BURST, math.ceil(sum(each.estimated for each in found))))

    def _move_to(self, at: int) -> None:
        """Time has come to `at`, or was set back to it."""
        if at < self._newest - SET_BACK:
            self._sightings.clear()
            self._watching.clear()
            self._newest = at
            for process in self._processes:
                process.last_seen = min(process.last_seen, at)
        self._newest = max(self._newest, at)
        while self._sightings and self._sightings[0][0] <= self._newest - self._window:
            self._sightings.popleft()

    def _meet(self, at: int, fingerprint: Fingerprint | None, revision: str, tag: str) -> tuple[Process, bool]:
        """The process that answered, and whether it is new."""
        if fingerprint is None:
            revision = revision or self._attribution.revision(at, self._size)
            process = self._processes.shared(revision, tag)
        else:
            process = self._processes.find(fingerprint)
        if process is not None:
            process.shows(fingerprint)
            self._learn(process, revision, tag)
            return process, False
        name = EVERYBODY if fingerprint is None else self._processes.free_name(fingerprint.name)
        labels = {"service": self._service, "revision": revision, "tag": tag, "instance": name}
        process = Process(fingerprint, name, self._store.track(labels), revision, tag, at, at, certain=bool(tag))
        self._learn(process, revision, tag)
        self._processes.add(process)
        return process, True

    def _learn(self, process: Process, revision: str, tag: str) -> None:
        """What the URL tells of a process's revision: a tag is certain, the rest by elimination."""
        if tag or revision:
            known = process.certain and process.revision == revision
            process.certain = True
            self._attribute(process, revision, process.tag if known and process.tag else tag)
        elif not process.certain and process.fingerprint is not None and not process.revision:
            self._attribute(process, self._guess(process))

    def _guess(self, process: Process) -> str:
        return self._attribution.revision(process.born, self._size)

    def _size(self, revision: str) -> float:
        return self.coverage(revision, self._newest).estimated

    def _attribute(self, process: Process, revision: str, tag: str = "") -> None:
        """Say whose a process is; what was kept of it goes there, too."""
        if (process.revision, process.tag) != (revision, tag):
            process.revision, process.tag = revision, tag
            process.hits = process.others = process.missed = 0
            self._store.relabel(process.track, {"service": self._service, **process.labels})

    def _count(self, at: int, process: Process) -> None:
        self._sightings.append((at, process))
        self._watching[process.revision] = min(at, self._watching.get(process.revision, at))
        process.last_seen = max(at, process.last_seen)
        process.hits += 1
        process.missed = 0
        for other in self._processes:
            if other is not process and other.revision == process.revision and other.fingerprint is not None:
                other.others += 1
                other.missed += 1

    def _keep(self, at: int, process: Process, exposed: Exposed) -> tuple[bool, bool]:
        """Whether the scrape made a row, and whether that began a new track."""
        last = process.track.last
        if last is not None and last - SET_BACK <= at < last + FOLD:
            return False, False
        process.ended = False
        if process.fingerprint is None:
            return self._store.append(process.track, at, exposed), False
        counters = self._counters.of(exposed)
        reset = self._has_reset(process, exposed, counters)
        if reset:
            self._store.end(process.track, at)
            process.resets += 1
            process.track = self._store.track({"service": self._service, **process.labels})
        return self._store.append(process.track, at, exposed, from_zero=counters), reset

    def _has_reset(self, process: Process, exposed: Exposed, counters: NDArray[np.bool_]) -> bool:
        """Whether a counter stands lower than in the process's last row."""
        before = process.track.latest(exposed.table, exposed.ids)
        fallen = np.flatnonzero(counters & (exposed.values < before))
        names = {value_of(exposed.table.labels[exposed.ids[place]], NAME) for place in fallen}
        self._falls.update(names)
        return any(self._falls[name] <= FALLS_BELIEVED for name in names)

    def _end_overdue(self, at: int, revision: str) -> None:
        """Take for gone which of a revision's processes were not met for too long."""
        living = [
            each
            for each in self._processes
            if each.revision == revision and not each.ended and each.fingerprint is not None
        ]
        for process in living:
            if process.is_overdue(len(living)):
                process.ended = True
                self._store.end(process.track, at)

    def _seen(self, revision: str, begin: int, at: int) -> dict[Process, list[int]]:
        """When each living process of a revision was met in a time range."""
        times: dict[Process, list[int]] = {}
        for when, process in self._sightings:
            if process.revision == revision and not process.ended and begin <= when <= at:
                times.setdefault(process, []).append(when)
        return times
