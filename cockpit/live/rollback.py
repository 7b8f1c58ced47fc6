"""Where back is: the splits a service has really served, and which of them a roll-back or an undo restores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.live.snapshot import Outcome
from cockpit.release.plan import Intent
from cockpit.release.traffic import LATEST, Target, is_served, percents, pin, same_split

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from cockpit.live.snapshot import Change
    from cockpit.release.service import Service
    from cockpit.release.traffic import Split


@dataclass(frozen=True, slots=True)
class SplitSeen:
    """One split that served, whoever asked for it, and what LATEST stood for then."""

    at: datetime
    split: Split
    latest_ready: str
    generation: int
    modifier: str = ""

    @property
    def served(self) -> dict[str, int]:
        """Percent by revision, LATEST resolved."""
        return percents(pin(self.split, self.latest_ready))


def seen_in(service: Service, at: datetime) -> SplitSeen | None:
    """What the service serves, or None while that is in flux or not what was asked."""
    if service.reconciling or not is_served(service.spec, service.serving, service.latest_ready):
        return None
    return SplitSeen(at, service.spec, service.latest_ready, service.generation, service.last_modifier)


def rollback_of(service: Service, seen: Iterable[SplitSeen], revisions: Collection[str]) -> Split | None:
    """The last split that served other percents than what is asked now, with today's tags; None if none is known.

    `seen` is newest first. A split that needs a revision which is gone is passed over (`revisions` empty: not
    known). LATEST goes back to the revision it stood for: the newest one may be what is being fled from.
    """
    now = percents(pin(service.spec, service.latest_ready))
    for past in seen:
        served = past.served
        if served == now or (revisions and not served.keys() - {LATEST} <= set(revisions)):
            continue
        return _shares(past, service.latest_ready) + tuple(
            Target(target.revision, tag=target.tag) for target in service.spec if target.tag
        )
    return None


def _shares(past: SplitSeen, latest_ready: str) -> Split:
    split = past.split or (Target(LATEST, 100),)
    kept = split if past.latest_ready == latest_ready else pin(split, past.latest_ready)
    return tuple(Target(target.revision, target.percent) for target in kept if target.percent)


def undoable(history: Iterable[Change], spec: Split) -> Change | None:
    """The last change that took hold and that no later undo has taken back; `history` is newest first.

    A change that Cloud Run took and then failed to serve took hold too, and so did one of unknown fate that stands
    in the spec now.
    """
    undone = 0
    for change in history:
        if not _took_hold(change, spec):
            continue
        if change.intent is Intent.UNDO:
            undone += 1
        elif undone:
            undone -= 1
        else:
            return change
    return None


def _took_hold(change: Change, spec: Split) -> bool:
    if change.outcome in (Outcome.FAILED, Outcome.UNKNOWN):
        return change.generation_after > change.generation or same_split(spec, change.after)
    return change.outcome is Outcome.APPLIED
