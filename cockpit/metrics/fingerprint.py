"""What tells one process from another in what it exposes, behind a balancer that does not say whom it asked."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.labels import NAME, value_of
from cockpit.metrics.tables import PerTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from cockpit.metrics.exposed import Exposed
    from cockpit.metrics.labels import Labels

START = "process_start_time_seconds"
CREATED = "_created"
INSTANCE_ID = "instance_id"

_EPOCH_FROM, _EPOCH_TO = 1e9, 1e11
"""Seconds: what is created outside of these is no moment but a number of things."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Marks of one process: the id it gives its instance, and in epoch seconds when it started and when each of
    its metrics was created. Some are created late: of two sets, what both have must agree."""

    instance_id: str
    start: float | None
    created: Mapping[str, float]

    @property
    def tells(self) -> bool:
        """Whether there is anything that tells processes apart."""
        return bool(self.instance_id or self.start is not None or self.created)

    @property
    def key(self) -> tuple[str, float | None]:
        """What is the same in every scrape of a process."""
        return self.instance_id, self.start

    @property
    def born(self) -> float | None:
        """When the process started, in epoch seconds, as far as it says."""
        return self.start if self.start is not None else min(self.created.values(), default=None)

    @property
    def name(self) -> str:
        """The instance's own id, or eight hex digits that are the same whenever the process is met."""
        if self.instance_id:
            return self.instance_id
        marks = f"{self.start!r} {min(self.created.values(), default=None)!r}"
        return blake2b(marks.encode(), digest_size=4).hexdigest()

    def agrees(self, other: Fingerprint) -> bool:
        """Whether both can be of one process."""
        if self.key != other.key:
            return False
        common = self.created.keys() & other.created.keys()
        if not common and self.key == ("", None):
            return False
        return all(self.created[name] == other.created[name] for name in common)


class Fingerprints:
    """Finds the marks in scrapes, looking at each series of a table once."""

    def __init__(self) -> None:
        self._marks: PerTable[_Marks] = PerTable(_Marks)

    def of(self, exposed: Exposed) -> Fingerprint:
        """The fingerprint of the process that answered."""
        marks = self._marks.of(exposed.table)
        marks.look(exposed.table.labels)
        values = marks.values(exposed)
        start = next((value for name, value in values if name == START), None)
        created = {name: value for name, value in values if name != START and marks.is_creation(name)}
        return Fingerprint(marks.instance_id(exposed.ids), start, created)


class _Marks:
    """Which series of one table are marks, and the place of the instance's id that each carries, -1 for none."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._flags = np.empty(0, np.bool_)
        self._whose = np.empty(0, np.int64)
        self._instances: dict[str, int] = {}

    def look(self, labels: list[Labels]) -> None:
        """Look at the series that came since the last time."""
        fresh = labels[len(self._flags) :]
        if fresh:
            self._names.update(value_of(each, NAME) for each in fresh)
            self._flags = np.concatenate((self._flags, np.array([_is_mark(each) for each in fresh], np.bool_)))
            self._whose = np.concatenate((self._whose, np.array(list(self._places(fresh)), np.int64)))

    def values(self, exposed: Exposed) -> list[tuple[str, float]]:
        """Name and value of the marks in a scrape that are moments."""
        places = np.flatnonzero(self._flags.take(exposed.ids))
        return [
            (value_of(exposed.table.labels[number], NAME), value)
            for number, value in zip(exposed.ids[places].tolist(), exposed.values[places].tolist(), strict=True)
            if _EPOCH_FROM <= value <= _EPOCH_TO
        ]

    def is_creation(self, name: str) -> bool:
        """Whether `X_created` goes with a counter, histogram or summary X, and is no metric of its own."""
        metric = name.removesuffix(CREATED)
        return f"{metric}_total" in self._names or f"{metric}_count" in self._names

    def instance_id(self, ids: NDArray[np.int64]) -> str:
        """The id that the series of a scrape carry, "" where they carry none or several."""
        if not self._instances:
            return ""
        whose = self._whose.take(ids)
        whose = whose[whose >= 0]
        if not whose.size or (whose != whose[0]).any():
            return ""
        return list(self._instances)[int(whose[0])]

    def _places(self, labels: Iterable[Labels]) -> Iterable[int]:
        for each in labels:
            instance = value_of(each, INSTANCE_ID)
            yield self._instances.setdefault(instance, len(self._instances)) if instance else -1


def _is_mark(labels: Labels) -> bool:
    name = value_of(labels, NAME)
    return name == START or (len(labels) == 1 and name.endswith(CREATED))
