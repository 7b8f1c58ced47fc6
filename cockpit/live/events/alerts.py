"""Alerts: fired and cleared, as their rules stood from one reading to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.events.moments import millis, read_at
from cockpit.metrics.alerts import AlertState, against
from cockpit.metrics.labels import notation
from cockpit.release.events import Event, EventKind
from cockpit.text import duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.alerts import Alert
    from cockpit.metrics.labels import Labels

    Identity = tuple[str, str, Labels]

_UNKNOWN = {AlertState.NO_DATA, AlertState.BROKEN}


class AlertWatch:
    """Remembers what fires: an alert that has no data meanwhile has not cleared."""

    def __init__(self) -> None:
        self._last: tuple[Alert, ...] = ()
        self._firing: dict[Identity, tuple[Alert, float]] = {}

    def look(self, snapshot: Snapshot) -> Iterator[Event]:
        """What fired and what cleared since the last look."""
        alerts = snapshot.metrics.alerts if snapshot.metrics is not None else ()
        if alerts == self._last:
            return
        pending = {_identity(each): each for each in self._last if each.state is AlertState.PENDING}
        self._last = alerts
        now, here = read_at(snapshot), {_identity(each): each for each in alerts}
        for name, alert in here.items():
            if alert.state is AlertState.FIRING and name not in self._firing:
                due = pending[name].fires_at if name in pending else None
                at = min(due, now) if due is not None else now
                self._firing[name] = alert, at
                yield _fired(alert, at)
        unknown = {(each.group, each.rule) for each in alerts if each.state in _UNKNOWN}
        for name in [name for name in self._firing if not _goes_on(here.get(name), name[:2] in unknown)]:
            alert, since = self._firing.pop(name)
            yield _cleared(alert, now, now - since)


def _goes_on(alert: Alert | None, unknown: bool) -> bool:
    """Whether an alert that fired fires on, or nobody knows."""
    if alert is None:
        return unknown
    return alert.state is AlertState.FIRING or alert.state in _UNKNOWN


def _fired(alert: Alert, at: float) -> Event:
    value = against(alert)
    said = " · ".join(filter(None, (value, alert.summary)))
    return _event(alert, EventKind.ALERT_FIRED, at, f"{alert.rule} fires{f': {said}' if said else ''}")


def _cleared(alert: Alert, at: float, fired_for: float) -> Event:
    return _event(alert, EventKind.ALERT_CLEARED, at, f"{alert.rule} cleared after {duration(fired_for)}")


def _event(alert: Alert, kind: EventKind, at: float, text: str) -> Event:
    since = millis(alert.since) if alert.since is not None else millis(at)
    facts = (
        ("group", alert.group),
        ("labels", notation(alert.labels)),
        ("expression", alert.expression),
        ("value", against(alert)),
        ("summary", alert.summary),
    )
    return Event(
        at,
        kind,
        alert.rule,
        text,
        f"{kind.value}/{alert.group}/{alert.rule}/{notation(alert.labels)}/{since}",
        revision=alert.revision,
        details=tuple(fact for fact in facts if fact[1]),
    )


def _identity(alert: Alert) -> Identity:
    return alert.group, alert.rule, alert.labels
