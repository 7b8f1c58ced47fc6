"""Events in the order of time, each thing that happened once."""

from __future__ import annotations

from bisect import bisect_left, insort
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cockpit.release.events import Event

MOST_EVENTS = 20_000
"""Ninety days of a service that is released ten times a day have a quarter of that."""

_place = attrgetter("at", "key")


class EventLog:
    """At most `most` events; the oldest leave first, and `dropped` counts them."""

    def __init__(self, most: int = MOST_EVENTS) -> None:
        self.dropped = 0
        self._most = most
        self._by_key: dict[str, Event] = {}
        self._ordered: list[Event] = []
        self._whole: tuple[Event, ...] | None = ()

    @property
    def events(self) -> Sequence[Event]:
        """All of them, oldest first; the same object until there is another one."""
        if self._whole is None:
            self._whole = tuple(self._ordered)
        return self._whole

    def put(self, event: Event) -> bool:
        """Keep an event in the place of one with its key; whether that is news."""
        known = self._by_key.get(event.key)
        if known == event:
            return False
        if known is not None:
            del self._ordered[bisect_left(self._ordered, _place(known), key=_place)]
        self._keep(event)
        return self._by_key.get(event.key) is event

    def recall(self, events: Iterable[Event]) -> Sequence[Event]:
        """Keep events that are known from elsewhere where nothing with their key is; those that are news."""
        news = [event for event in events if event.key not in self._by_key]
        for event in news:
            self._keep(event)
        return news

    def _keep(self, event: Event) -> None:
        self._by_key[event.key] = event
        insort(self._ordered, event, key=_place)
        self._whole = None
        if len(self._ordered) > self._most:
            del self._by_key[self._ordered.pop(0).key]
            self.dropped += 1
