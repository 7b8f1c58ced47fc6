"""The processes of a service that scrapes have met."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.metrics.fingerprint import Fingerprint
    from cockpit.metrics.store import Track

MOST = 512
"""Processes remembered, those seen last: what calls itself another with every scrape must not pile up."""

MISSED = 7.0
"""How many sightings a process must have been due, by its share so far, and missed, to be taken for gone: one that
lives is missed so often by chance once in e^7, about a thousand times."""


@dataclass(slots=True, eq=False)
class Process:
    """One process, or all of a URL where nothing tells them apart (`fingerprint` None).

    Times are epoch milliseconds. `certain` is whether a URL told the revision. Of its revision's sightings since
    its own first, `hits` were its own and `others` were not, `missed` of these since its last.
    """

    fingerprint: Fingerprint | None
    name: str
    track: Track
    revision: str
    tag: str
    first_seen: int
    last_seen: int
    certain: bool = False
    resets: int = 0
    hits: int = 0
    others: int = 0
    missed: int = 0
    ended: bool = False

    @property
    def labels(self) -> dict[str, str]:
        """The target's labels but for the service: a reset makes another instance of the same process."""
        instance = f"{self.name}-{self.resets + 1}" if self.resets else self.name
        return {"revision": self.revision, "tag": self.tag, "instance": instance}

    @property
    def born(self) -> int:
        """When it started as far as it says, else when it was first seen."""
        told = self.fingerprint.born if self.fingerprint is not None else None
        return self.first_seen if told is None else min(self.first_seen, round(told * 1000))

    def shows(self, fingerprint: Fingerprint | None) -> None:
        """Take in marks that were not there before: some metrics are created late."""
        if fingerprint is not None and self.fingerprint is not None:
            created = {**self.fingerprint.created, **fingerprint.created}
            self.fingerprint = replace(fingerprint, created=created)

    def is_overdue(self, living: int) -> bool:
        """Whether it would have been met by now if it were one of that many living ones."""
        until_last = self.hits + self.others - self.missed
        share = min(1 / max(1, living), self.hits / max(1, until_last))
        return self.missed * share >= MISSED


@dataclass(slots=True)
class Processes:
    """Processes by what is the same in every scrape of theirs."""

    _known: dict[tuple[str, float | None], list[Process]] = field(default_factory=dict)
    _shared: dict[tuple[str, str], Process] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Process]:
        """All that are remembered."""
        for group in self._known.values():
            yield from group
        yield from self._shared.values()

    def find(self, fingerprint: Fingerprint) -> Process | None:
        """The process that exposes these marks."""
        for each in self._known.get(fingerprint.key, ()):
            if each.fingerprint is not None and each.fingerprint.agrees(fingerprint):
                return each
        return None

    def shared(self, revision: str, tag: str) -> Process | None:
        """What stands for all processes of a URL that cannot be told apart."""
        return self._shared.get((revision, tag))

    def add(self, process: Process) -> None:
        """Remember one; the one that was seen longest ago is forgotten when there are too many."""
        if process.fingerprint is None:
            self._shared[process.revision, process.tag] = process
        else:
            self._known.setdefault(process.fingerprint.key, []).append(process)
        known = list(self)
        if len(known) > MOST:
            self._forget(min(known, key=lambda each: each.last_seen))

    def free_name(self, name: str) -> str:
        """The name, or the first of `NAME.2`, `NAME.3`, … that no other process has."""
        taken = {each.name for each in self}
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{name}.{number}"
        return free

    def _forget(self, process: Process) -> None:
        if process.fingerprint is None:
            del self._shared[process.revision, process.tag]
            return
        group = self._known[process.fingerprint.key]
        group.remove(process)
        if not group:
            del self._known[process.fingerprint.key]
