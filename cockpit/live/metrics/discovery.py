"""Which signals are shown: those that settings name, then what the exposed metrics lend themselves to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.signals.discover import asked_for, discover

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cockpit.metrics.engine import Engine
    from cockpit.metrics.exposed import Family
    from cockpit.metrics.labels import Labels
    from cockpit.metrics.signals.signal import Signal

LOOK_AGAIN = 15.0
"""Seconds after which label sets are looked at again: the first request brings those that tell errors apart."""


class Discovery:
    """Finds signals, anew when there are other metrics. `named` come first; requests to `paths` are our own."""

    def __init__(self, named: tuple[Signal, ...], paths: Collection[str]) -> None:
        self._named = named
        self._paths = paths
        self._found: tuple[Signal, ...] = ()
        self._families: Mapping[str, Family] = {}
        self._labels: dict[str, frozenset[Labels]] = {}
        self._looked = float("-inf")

    async def signals(self, engine: Engine, moment: float) -> tuple[Signal, ...]:
        """The signals as of a moment (seconds). Raises QueryError."""
        families = await engine.families()
        same = families is self._families or families == self._families
        if not same or moment - self._looked >= LOOK_AGAIN:
            labels = {name: frozenset(await engine.series(name)) for name in asked_for(families)}
            self._looked = moment
            if not same or labels != self._labels:
                self._families, self._labels = families, labels
                self._found = discover(families, lambda name: labels.get(name, ()), self._paths)
        ids = {signal.id for signal in self._named}
        return (*self._named, *(signal for signal in self._found if signal.id not in ids))
