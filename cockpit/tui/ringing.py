"""What the terminal is told when an alert begins to fire: a bell, or a notification for the desktop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.text import clean, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cockpit.live.snapshot import Snapshot
    from cockpit.metrics.alerts import Alert
    from cockpit.release.service import ServiceRef

BELL = "\x07"
LONGEST = 200
"""Cells of a notification: more is cut off on every desktop."""


class Ringer:
    """Tells of each alert once, as `how` says: "none", "bell" or "notification"; `write` goes to the terminal."""

    def __init__(self, how: str, write: Callable[[str], None]) -> None:
        self._how = how
        self._write = write
        self._ref: ServiceRef | None = None
        self._alerts: Sequence[Alert] = ()

    def hear(self, snapshot: Snapshot) -> None:
        """Ring for what fires in this snapshot and did not in the one before."""
        if self._how == "none" or snapshot.metrics is None:
            return
        from cockpit.metrics.rules.state import newly_firing

        before = self._alerts if snapshot.ref == self._ref else ()
        self._ref, self._alerts = snapshot.ref, snapshot.metrics.alerts
        fired = newly_firing(before, self._alerts)
        if fired:
            self._write(BELL if self._how == "bell" else notification(snapshot.ref.service, fired))


def notification(service: str, alerts: Sequence[Alert]) -> str:
    """The sequence (OSC 9) that has a terminal show which alerts of a service began to fire.

    It never begins with a digit: "4;…" would be a progress bar to some terminals.
    """
    told = "; ".join(f"{alert.rule}: {alert.summary}" if alert.summary else alert.rule for alert in alerts)
    return f"\x1b]9;{shorten(clean(f'cockpit: {service}: {told}'), LONGEST)}\x07"
