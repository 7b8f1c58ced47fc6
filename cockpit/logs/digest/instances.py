"""The lives of instances: their starts and ends, how long they took, what they announced and what they raised."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from cockpit.logs.digest.lifelines import PLATFORM_LOG, said
from cockpit.logs.digest.lives import Event, Key, Life, lives_of, restarts
from cockpit.logs.digest.result import Fleet, Instance, Instances, Spread
from cockpit.logs.entry import Flag, Severity
from cockpit.logs.moment import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from cockpit.logs.digest.batch import Batch
    from cockpit.logs.digest.components import Announcements
    from cockpit.logs.digest.requests import Requests
    from cockpit.logs.names import Names

ANNOUNCED_WITHIN = 180 * SECOND
"""Components announce themselves so long after an instance was first heard of; later lines are about work."""
MOST_EVENTS = 100_000
MOST_LISTED = 500
_MOST_COMPONENTS = 64


class InstanceTally:
    """Follows instances; the rows had better come in the order of time, more or less."""

    def __init__(self, names: Names, announcements: Announcements) -> None:
        self._names = names
        self._announcements = announcements
        self._platform = names.log.find(PLATFORM_LOG)
        self._instances = len(names.instance)
        self._first_seen: dict[int, int] = {}
        self._first_answer: dict[int, int] = {}
        self._tracebacks: Counter[int] = Counter()
        self._components: defaultdict[int, set[str]] = defaultdict(set)
        self._events: list[Event] = []
        self._left_out = 0

    def take(self, batch: Batch) -> None:
        """Take in what some rows say of instances."""
        segment, rows = batch.segment, batch.rows
        keys = self._keys(batch, rows)
        times = segment.times[rows]
        self._see(self._first_seen, keys, times)
        traced = (segment.flags[rows] & Flag.TRACEBACK) != 0
        self._tracebacks.update(keys[traced].tolist())
        platform = segment.log[rows] == (-1 if self._platform is None else self._platform)
        self._note_events(batch, rows[platform])
        first = np.fromiter((self._first_seen[key] for key in keys.tolist()), np.int64, len(keys))
        spoken = ~(platform | traced) & (segment.severities[rows] <= Severity.NOTICE) & (segment.method[rows] == 0)
        self._listen(batch, rows[spoken & (times <= first + ANNOUNCED_WITHIN)])

    def take_requests(self, found: Requests) -> None:
        """Take in when requests were answered."""
        segment, rows = found.segment, found.rows
        latencies = np.nan_to_num(segment.latencies[rows].astype(np.float64)) * SECOND
        self._see(self._first_answer, self._keys(found, rows), segment.times[rows] + latencies.astype(np.int64))

    def settled(self) -> Instances:
        """Sum up."""
        lives = list(lives_of(self._events))
        told = {life.key for life in lives}
        lives += [Life(key) for number in sorted(self._tracebacks) if (key := self._key(number)) not in told]
        lives.sort(key=self._interest)
        return Instances(
            tuple(sorted(self._fleets(lives), key=itemgetter(0))),
            tuple(map(self._instance, lives[:MOST_LISTED])),
            max(0, len(lives) - MOST_LISTED) + self._left_out,
        )

    def _keys(self, source: Batch | Requests, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """A number for revision and instance together."""
        revisions = source.segment.revision[rows].astype(np.int64)
        return revisions * self._instances + source.segment.instance[rows]

    def _key(self, number: int) -> Key:
        return Key(*divmod(number, self._instances))

    @staticmethod
    def _see(earliest: dict[int, int], keys: NDArray[np.int64], times: NDArray[np.int64]) -> None:
        different, places = np.unique(keys, return_inverse=True)
        first = np.full(len(different), np.iinfo(np.int64).max)
        np.minimum.at(first, places, times)
        for key, time in zip(different.tolist(), first.tolist(), strict=True):
            if time < earliest.get(key, time + 1):
                earliest[key] = time

    def _note_events(self, batch: Batch, rows: NDArray[np.int64]) -> None:
        texts = batch.raw_texts(rows)
        columns = (batch.segment.times, batch.segment.revision, batch.segment.instance)
        values = zip(*(column[rows].tolist() for column in columns), strict=True)
        for row, text, (time, *key) in zip(rows.tolist(), texts, values, strict=True):
            found = said(text.replace(b"\v", b"\n").decode(errors="replace"))
            if found and len(self._events) < MOST_EVENTS:
                self._events.append(Event(time, batch.base + row, Key(*key), found))
            elif found:
                self._left_out += 1

    def _listen(self, batch: Batch, rows: NDArray[np.int64]) -> None:
        for key, text in zip(self._keys(batch, rows).tolist(), batch.raw_texts(rows), strict=True):
            component = self._announcements.component(text.partition(b"\v")[0].decode(errors="replace"))
            if component and len(self._components[key]) < _MOST_COMPONENTS:
                self._components[key].add(component)

    def _interest(self, life: Life) -> tuple[object, ...]:
        """What ended or failed first, then what raised most, then as they started."""
        raised = self._tracebacks[self._number(life.key)]
        return (not life.end, -raised, life.started or 0, self._names.instance.names[life.key.instance])

    def _number(self, key: Key) -> int:
        return key.revision * self._instances + key.instance

    def _instance(self, life: Life) -> Instance:
        number = self._number(life.key)
        return Instance(
            self._names.revision.names[life.key.revision],
            self._names.instance.names[life.key.instance],
            life.started,
            life.reason,
            _after(life.started, life.ready),
            _after(life.started, self._first_answer.get(number)),
            life.end,
            self._tracebacks[number],
            tuple(sorted(self._components.get(number, ()))),
        )

    def _fleets(self, lives: Iterable[Life]) -> Iterator[tuple[str, Fleet]]:
        """The fleet of each revision, with its name."""
        own: defaultdict[int, list[Life]] = defaultdict(list)
        for life in lives:
            own[life.key.revision].append(life)
        instances, tracebacks = Counter[int](), Counter[int]()
        announced: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for number in self._first_seen:
            revision, instance = self._key(number)
            instances[revision] += bool(instance)
            tracebacks[revision] += self._tracebacks[number]
            announced[revision].update(self._components.get(number, ()))
        for revision, count in instances.items():
            fleet = self._fleet(own[revision], announced[revision], count, tracebacks[revision])
            yield self._names.revision.names[revision], fleet

    def _fleet(self, lives: Sequence[Life], announced: Counter[str], instances: int, tracebacks: int) -> Fleet:
        told = [self._instance(life) for life in lives]
        return Fleet(
            instances=instances,
            starts=sum(life.started is not None for life in lives),
            failed=sum(life.came_to_nothing for life in lives),
            crashes=sum(life.ended is not None for life in lives),
            restarts=restarts(lives),
            tracebacks=tracebacks,
            ready_after=_spread(each.ready_after for each in told),
            answered_after=_spread(each.answered_after for each in told),
            components=tuple(sorted(announced.items())),
        )


def _after(start: int | None, moment: int | None) -> float | None:
    """Seconds between two moments, None where the later one is none, or earlier."""
    return (moment - start) / SECOND if start is not None and moment is not None and moment >= start else None


def _spread(values: Iterable[float | None]) -> Spread | None:
    known = [value for value in values if value is not None]
    return Spread(len(known), min(known), statistics.median(known), max(known)) if known else None
