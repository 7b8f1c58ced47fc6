"""Instances: started and died, in the words of the platform. Those of one moment and revision are one event."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.logs.digest.lifelines import Stage
from cockpit.logs.moment import SECOND
from cockpit.release.events import Event, EventKind
from cockpit.release.state import short_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.logs.digest.lifelines import Said

TOGETHER = 10 * SECOND
"""What happens to instances of a revision within one such part of time is one event."""
MOST_MOMENTS = 2_000
MOST_LISTED = 50
_SHORT = 8
"""Characters of an instance's id that a line has room for: the last ones, since the first are often the same."""

_KINDS = {
    Stage.STARTED: EventKind.INSTANCE_STARTED,
    Stage.FAILED: EventKind.INSTANCE_DIED,
    Stage.ENDED: EventKind.INSTANCE_DIED,
}
_VERBS = {Stage.STARTED: "started", Stage.FAILED: "did not start", Stage.ENDED: "died"}


class _Moment(NamedTuple):
    """What happened to instances of a revision, and when about."""

    stage: Stage
    words: str
    revision: str
    number: int

    @property
    def key(self) -> str:
        return f"{_KINDS[self.stage].value}/{self.revision}/{self.number}/{self.stage.value}/{self.words}"


class InstanceWatch:
    """Puts together what the platform says of single instances."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._moments: dict[_Moment, dict[str, int]] = {}
        self._changed: set[_Moment] = set()

    def take(self, time: int, revision: str, instance: str, said: Said) -> None:
        """What the platform said of an instance at a time (Unix ns)."""
        if said.stage not in _KINDS:
            return
        moment = _Moment(said.stage, said.words, revision, time // TOGETHER)
        if moment not in self._moments and len(self._moments) >= MOST_MOMENTS:
            self._moments.pop(next(iter(self._moments)))
        times = self._moments.setdefault(moment, {})
        if time < times.get(instance, time + 1):
            times[instance] = time
            self._changed.add(moment)

    def events(self) -> Iterator[Event]:
        """What is new since the last call; an event of more instances than before has the same key."""
        changed, self._changed = self._changed, set()
        for moment in changed & self._moments.keys():
            yield self._event(moment, self._moments[moment])

    def _event(self, moment: _Moment, times: dict[str, int]) -> Event:
        name, count = short_name(moment.revision, self._service), len(times)
        first, *_ = times
        who = f"instance …{first[-_SHORT:]} of {name}" if count == 1 else f"{count} instances of {name}"
        by_time = sorted(times, key=times.__getitem__)
        listed = ", ".join(by_time[:MOST_LISTED])
        more = f" and {count - MOST_LISTED} more" if count > MOST_LISTED else ""
        return Event(
            min(times.values()) / SECOND,
            _KINDS[moment.stage],
            first if count == 1 else moment.revision,
            f"{who} {_VERBS[moment.stage]}{f': {moment.words}' if moment.words else ''}",
            moment.key,
            revision=moment.revision,
            details=(("instances" if count > 1 else "instance", listed + more),),
        )
