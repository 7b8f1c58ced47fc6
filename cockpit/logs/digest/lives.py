"""The lives of instances, put together from single events."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from cockpit.logs.digest.lifelines import Said, Stage
from cockpit.logs.moment import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RESTARTED_WITHIN = 60 * SECOND
"""A start that comes so soon after an end that nobody asked for takes its place."""


class Key(NamedTuple):
    """An instance: the numbers of its revision's name and of its own."""

    revision: int
    instance: int


class Event(NamedTuple):
    """What the platform said of an instance, in the row of that id."""

    time: int
    row: int
    key: Key
    said: Said


@dataclass(slots=True)
class Life:
    """From a start, where that is known, to an end that nobody asked for, where there was one."""

    key: Key
    started: int | None = None
    reason: str = ""
    ready: int | None = None
    failed: bool = False
    ended: int | None = None
    end: str = ""

    @property
    def came_to_nothing(self) -> bool:
        """Whether it started and never became ready."""
        return self.failed or (self.started is not None and self.ended is not None and self.ready is None)


def lives_of(events: Iterable[Event]) -> Iterator[Life]:
    """The lives that events tell of, whatever their order; each start begins another one."""
    lives: dict[Key, Life] = {}
    for time, _, key, (stage, words) in sorted(events):
        life = lives.get(key)
        if life is None or stage is Stage.STARTED:
            if life is not None:
                yield life
            life = lives[key] = Life(key)
        match stage:
            case Stage.STARTED:
                life.started, life.reason = time, words
            case Stage.READY:
                life.ready = time
            case Stage.FAILED:
                life.failed, life.end = True, life.end or words
            case Stage.ENDED:
                life.ended, life.end = time, words
    yield from lives.values()


def restarts(lives: Iterable[Life]) -> int:
    """Starts that each take the place of a life that ended unasked shortly before."""
    known = list(lives)
    ends = deque(sorted(life.ended for life in known if life.ended is not None))
    count = 0
    for start in sorted(life.started for life in known if life.started is not None):
        while ends and start - ends[0] > RESTARTED_WITHIN:
            ends.popleft()
        if ends and ends[0] <= start:
            ends.popleft()
            count += 1
    return count
