"""Health: of each path that is probed, whenever it becomes another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.app.picture import Health
from cockpit.live.events.moments import millis
from cockpit.release.events import Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.live.app.picture import AppPicture, ProbePicture
    from cockpit.live.snapshot import Snapshot


class HealthWatch:
    """Remembers how each path was when something was known of it."""

    def __init__(self) -> None:
        self._last: AppPicture | None = None
        self._known: dict[tuple[str, str], Health] = {}

    def look(self, snapshot: Snapshot) -> Iterator[Event]:
        """Which health changed since the last look. Where nobody looks, nothing changes; to be well at the first
        look is no change either."""
        app = snapshot.app
        if app is None or app is self._last:
            return
        self._last = app
        for probe in app.probes:
            place = probe.url, probe.path
            before = self._known.get(place)
            unasked = probe.health is Health.UNKNOWN and (before is None or probe.resting)
            if probe.health is before or unasked:
                continue
            self._known[place] = probe.health
            if before is not None or probe.health is not Health.OK:
                yield _changed(probe, before, snapshot)


def _changed(probe: ProbePicture, before: Health | None, snapshot: Snapshot) -> Event:
    kind = EventKind.HEALTH_CHANGED
    at = snapshot.time if probe.since is None else probe.since
    where = f"{probe.tag or snapshot.ref.service}{probe.path}"
    facts = (
        ("before", before.value if before is not None else ""),
        ("after", probe.health.value),
        ("why", probe.why),
        ("mend", probe.mend),
        ("status", str(probe.status or "")),
        ("URL", f"{probe.url}{probe.path}"),
    )
    return Event(
        at,
        kind,
        where,
        f"{where} is {probe.health.value}{f': {probe.why}' if probe.why else ''}",
        f"{kind.value}/{probe.url}{probe.path}/{millis(at)}/{probe.health.value}",
        revision=probe.revision,
        details=tuple(fact for fact in facts if fact[1]),
    )
