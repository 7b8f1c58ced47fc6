"""The samples of the last while, in bounded memory: what PromQL reads and scrapes are written to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.labels import NAME, NOTHING, value_of
from cockpit.metrics.store.chunk import FEWEST_ROWS
from cockpit.metrics.store.target import target_labels
from cockpit.metrics.store.track import Track

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from cockpit.metrics.exposed import Exposed
    from cockpit.metrics.labels import Labels
    from cockpit.metrics.matchers import Matcher
    from cockpit.metrics.series import Block
    from cockpit.metrics.store.selection import Selection

LOOKBACK = 300_000
"""Milliseconds for which a sample counts as now, as in PromQL."""

SET_BACK = 60_000
"""A row so many milliseconds older than the newest means a clock set back, not an answer that was late."""

SERIES_BYTES = 1024
"""What a series may take beside its values, for the bound on how many a track takes."""

PLANS = 256


@dataclass(frozen=True, slots=True)
class Usage:
    """What the store holds, and what it had to leave out or drop before its time.

    `bytes` counts arrays exactly and label sets by estimate. `crowded_out` are samples dropped for want of memory,
    `refused` series (counted at each new chunk or reader that brings them) that one track had too many of, `late`
    rows that were no newer than their track's last. `full` is whether a track has as many series as it may: others
    of the newest scrape may be missing.
    """

    bytes: int
    tracks: int
    series: int
    samples: int
    crowded_out: int
    refused: int
    late: int
    full: bool = False


class Store:
    """Samples by track, for `retention_ms` before the newest and in at most `max_bytes`; the oldest go first.

    Implements `series.Storage`. It belongs to one thread; what `select` answers is a copy and stays as it is.
    """

    def __init__(self, retention_ms: int, max_bytes: int) -> None:
        if retention_ms <= 0 or max_bytes < 1 << 20:
            raise ValueError("a store needs a retention above 0 ms and at least 1 MiB")
        self._retention = retention_ms
        self._max_bytes = max_bytes
        self._most_series = max_bytes // 2 // (8 * FEWEST_ROWS + SERIES_BYTES)
        self._tracks: dict[Track, int] = {}
        self._written: dict[str, Track] = {}
        self._bytes = 0
        self._newest: int | None = None
        self._swept = 0
        self._plans: dict[tuple[Matcher, ...], list[tuple[Track, Selection]]] = {}
        self._crowded_out = self._refused = self._late = 0
        self._changes = 0

    @property
    def newest(self) -> int | None:
        """The time of the newest row of all (epoch milliseconds); None while there is none."""
        return self._newest

    @property
    def changes(self) -> int:
        """How often it has changed: while this number stands, every question has the answer it had."""
        return self._changes

    def track(self, labels: Mapping[str, str]) -> Track:
        """A new track for one process, with the target's labels `service`, `revision`, `tag` and `instance`.

        No other track may have the same ones. Raises ValueError for another label.
        """
        return Track(target_labels(labels), self._most_series)

    def append(self, track: Track, at: int, exposed: Exposed, from_zero: NDArray[np.bool_] | None = None) -> bool:
        """Add one scrape, answered at `at` (epoch milliseconds); False when the track has a row as new already.

        A series that the scrape lacks is STALE. `from_zero` marks, by position in `exposed.ids`, the counters:
        one that is new in a track that is not began at 0, and the row before gets that 0, so that a label set's
        first increase counts. Samples with a time of their own are taken as of now unless that time is older than
        the lookback: then they are left out. A row a minute older than the newest of all means that the clock was
        set back: what lies after it is forgotten.
        """
        if self._newest is not None and at < self._newest - SET_BACK:
            self._set_back(at)
        if track.last is not None and at <= track.last:
            self._late += 1
            return False
        version, ids, values = track.version, exposed.ids, exposed.values
        if exposed.stamps and (
            old := [place for place, stamp in exposed.stamps.items() if stamp <= at - LOOKBACK]
        ):
            ids, values = np.delete(ids, old), np.delete(values, old)
            from_zero = None if from_zero is None else np.delete(from_zero, old)
        track.append(at, exposed.table, ids, values, from_zero)
        self._wrote(track, at, version)
        return True

    def end(self, track: Track, at: int) -> None:
        """Say that a process is gone: its series leave instant vectors at `at`."""
        version = track.version
        track.end(at)
        if track in self._tracks:
            self._wrote(track, at, version)

    def relabel(self, track: Track, labels: Mapping[str, str]) -> None:
        """Give a track, its past included, other target's labels. Raises ValueError as `track` does."""
        track.relabel(target_labels(labels))
        self._plans.clear()
        self._changes += 1

    def append_samples(self, at: int, samples: Iterable[tuple[Labels, float]], source: str = "") -> bool:
        """Add samples of one moment under their label sets as they are: what a rule recorded, or `up`.

        Each source has rows of its own: a series that it lacks this time is STALE, and samples of the same moment
        go to the same row. False when the source has a newer row already.
        """
        track = self._written.setdefault(source, Track(NOTHING, self._most_series))
        if track.last is not None and at < track.last:
            self._late += 1
            return False
        pairs = list(samples)
        version = track.version
        track.write(at, [labels for labels, _ in pairs], [value for _, value in pairs])
        self._wrote(track, at, version)
        return True

    def load(self, columns: Iterable[tuple[Labels, ArrayLike, ArrayLike]]) -> None:
        """Add whole series that are known from elsewhere, as from a file: label set, times (epoch milliseconds,
        ascending), values. Each label set comes once."""
        groups: dict[bytes, tuple[list[Labels], NDArray[np.int64], list[NDArray[np.float64]]]] = {}
        for labels, stamps, values in columns:
            times = np.asarray(stamps, dtype=np.int64)
            group = groups.setdefault(times.tobytes(), ([], times, []))
            group[0].append(labels)
            group[2].append(np.asarray(values, dtype=np.float64))
        for names, times, lines in groups.values():
            if times.size:
                track = Track(NOTHING, self._most_series)
                track.fill(names, times, np.stack(lines, axis=1))
                self._wrote(track, int(times[-1]), -1)

    def select(self, matchers: Sequence[Matcher], start: int, end: int) -> Sequence[Block]:
        """As `series.Storage`: a block a track, copies; tracks without rows in the range are left out.

        Where two tracks hold one label set, the one that was written first has it.
        """
        blocks = []
        for track, selection in self._plan(tuple(matchers)):
            block = track.read(selection, start, end)
            if block is not None:
                blocks.append(block)
        return blocks

    def series(self, metric: str = "") -> list[Labels]:
        """The label sets of one metric now, of all where `metric` is ""."""
        if self._newest is None:
            return []
        return [
            labels
            for track in self._tracks
            if track.last is not None and track.last > self._newest - LOOKBACK
            for labels in track.living()
            if not metric or value_of(labels, NAME) == metric
        ]

    def usage(self) -> Usage:
        """What the store holds, and what was lost on the way."""
        return Usage(
            bytes=self._bytes,
            tracks=len(self._tracks),
            series=sum(len(track.series) for track in self._tracks),
            samples=sum(chunk.samples for track in self._tracks for chunk in track.chunks),
            crowded_out=self._crowded_out,
            refused=self._refused + sum(track.refused for track in self._tracks),
            late=self._late,
            full=any(track.full for track in self._tracks),
        )

    def _plan(self, matchers: tuple[Matcher, ...]) -> list[tuple[Track, Selection]]:
        """Which tracks have what of a selector; good until series come, go, or change their labels."""
        plan = self._plans.get(matchers)
        if plan is None:
            if len(self._plans) >= PLANS:
                self._plans.clear()
            found = ((track, track.select(matchers)) for track in self._tracks)
            plan = self._plans[matchers] = _each_once([(track, has) for track, has in found if has is not None])
        return plan

    def _wrote(self, track: Track, at: int, version: int) -> None:
        """Take account of what a track has become."""
        self._changes += 1
        if track.version != version or track not in self._tracks:
            self._plans.clear()
        self._weigh(track)
        self._newest = at if self._newest is None else max(self._newest, at)
        if at - self._swept > self._retention // 64:
            self._drop_outdated()
            self._swept = at
        if self._bytes > self._max_bytes:
            self._make_room(track)

    def _weigh(self, track: Track) -> None:
        size = track.nbytes
        self._bytes += size - self._tracks.get(track, 0)
        self._tracks[track] = size

    def _drop_outdated(self) -> None:
        edge = (self._newest or 0) - self._retention
        for track in list(self._tracks):
            while (end := track.oldest_end) is not None and end <= edge:
                self._drop(track)

    def _make_room(self, writing: Track) -> None:
        """Drop the oldest chunks of all until the rest fits; the one that is written now stays."""
        while self._bytes > self._max_bytes:
            ends = (
                (track.oldest_end, number)
                for number, track in enumerate(self._tracks)
                if track is not writing or track.oldest_end != track.last
            )
            _, oldest = min(((end, number) for end, number in ends if end is not None), default=(0, None))
            if oldest is None:
                return
            self._crowded_out += self._drop(list(self._tracks)[oldest])

    def _drop(self, track: Track) -> int:
        """Drop a track's oldest chunk, and the track with its last; answers the samples that were in it."""
        lost = track.drop_oldest()
        self._weigh(track)
        if track.last is None:
            self._bytes -= self._tracks.pop(track)
            self._refused += track.refused
            track.refused = 0
            self._written = {source: each for source, each in self._written.items() if each is not track}
        self._plans.clear()
        return lost

    def _set_back(self, at: int) -> None:
        for track in list(self._tracks):
            if track.last is not None and track.last >= at:
                track.cut(at)
                self._weigh(track)
        self._newest = self._swept = at
        self._plans.clear()


def _each_once(plan: list[tuple[Track, Selection]]) -> list[tuple[Track, Selection]]:
    """A plan in which no label set stands twice. Targets differ, so only written tracks can claim another's."""
    if all(track.target for track, _ in plan):
        return plan
    taken: set[Labels] = set()
    once = []
    for track, selection in plan:
        left = selection.without(taken)
        taken.update(left.labels)
        if left.labels:
            once.append((track, left))
    return once
