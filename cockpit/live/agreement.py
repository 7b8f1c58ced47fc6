"""Whether asked, serving and observed say the same, and in words where they do not."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

from cockpit.release.service import ConditionState
from cockpit.release.state import age, short_name
from cockpit.release.traffic import is_served, percents, pin, same_split
from cockpit.text import clean, duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import Service

ENOUGH = 50
"""Requests in the window below which a share says nothing."""

DEVIATIONS = 3.5
"""Standard deviations of a binomial share beyond which it is called different: by chance 1 in 2,000 readings."""

UNDER_WAY = {ConditionState.PENDING, ConditionState.RECONCILING}


def asked(service: Service) -> Mapping[str, int]:
    """Percent by revision as the spec asks, LATEST resolved."""
    return percents(pin(service.spec, service.latest_ready))


def serving(service: Service) -> Mapping[str, int]:
    """Percent by revision as it serves; nothing where the service does not say."""
    return percents(service.serving) if service.serving else {}


def serving_note(snapshot: Snapshot) -> str:
    """How serving differs from asked, "" where it does not."""
    service = snapshot.service
    if service is None or is_served(service.spec, service.serving, service.latest_ready):
        return ""
    since = _reconciling_for(snapshot, service)
    if since is not None:
        return f"≠ asked · reconciling {duration(since)}"
    if asked(service) == serving(service):
        return "≠ asked · tags differ"
    return "≠ asked · reconciling" if service.reconciling else "≠ asked · not reconciling"


def observed_note(snapshot: Snapshot) -> str:
    """How observed differs from serving beyond chance, "" where it does not or nothing can be said."""
    service, observed = snapshot.service, snapshot.observed
    if service is None or observed is None or observed.total < ENOUGH:
        return ""
    expected, seen = serving(service), dict(observed.by_revision)
    off = [
        name for name in sorted(expected.keys() | seen.keys()) if _differs(name, expected, seen, observed.total)
    ]
    if not off:
        return ""
    if (young := _young_split(snapshot, service)) is not None:
        return f"≠ serving · catching up {round(young)}/{round(observed.window)} s"
    worst = max(off, key=lambda name: abs(seen.get(name, 0) * 100 / observed.total - expected.get(name, 0)))
    return f"≠ serving · {clean(short_name(worst, service.ref.service))}"


def _differs(name: str, expected: Mapping[str, int], seen: Mapping[str, int], total: int) -> bool:
    """Whether a share lies outside what chance gives; at 0 and 100 percent one point is left to stragglers."""
    share, whole = seen.get(name, 0) / total, expected.get(name, 0) / 100
    return abs(share - whole) > 0.01 + DEVIATIONS * sqrt(whole * (1 - whole) / total)


def _reconciling_for(snapshot: Snapshot, service: Service) -> float | None:
    """Seconds since reconciling began, None where nothing tells."""
    change = snapshot.change
    if change and change.outcome is None and change.began is not None:
        return snapshot.at - change.began
    if not service.reconciling:
        return None
    ready = next((one for one in service.conditions if one.type == "Ready" and one.state in UNDER_WAY), None)
    return age((ready and ready.since) or service.updated, snapshot.wall)


def _young_split(snapshot: Snapshot, service: Service) -> float | None:
    """Seconds this split has been serving, where that is less than what the observed window looks back.

    Our own change knows it; of somebody else's the service says when it was written and when that was ready.
    """
    change, observed = snapshot.change, snapshot.observed
    if observed is None:
        return None
    ready = next((one.since for one in service.conditions if one.type == "Ready"), None)
    written = max(filter(None, (service.updated, ready)), default=None)
    ages = [] if (old := age(written, snapshot.wall)) is None else [old]
    if change is not None and change.ended is not None and same_split(change.after, service.spec):
        ages.append(snapshot.at - change.ended)
    since = min(ages, default=observed.window)
    return since if since < observed.window else None
