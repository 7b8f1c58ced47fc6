"""A service among others: how it stands, what its requests come to, and which is worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.release.service import ConditionState
from cockpit.release.traffic import percents, tags

if TYPE_CHECKING:
    from cockpit.release.service import Condition, Service, ServiceRef

ALARMING = 0.01
"""A share of failing requests from which on a service stands before those that merely reconcile."""


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests of the last `window` seconds by any of the service's URLs; `errors` of them ended in 5xx."""

    window: float
    total: int = 0
    errors: int = 0

    @property
    def per_minute(self) -> float:
        """Requests a minute."""
        return 60.0 * self.total / self.window

    @property
    def errors_per_minute(self) -> float:
        """Requests a minute that ended in 5xx."""
        return 60.0 * self.errors / self.window

    @property
    def error_share(self) -> float | None:
        """The share of requests that ended in 5xx, 0 to 1; None without requests."""
        return self.errors / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Member:
    """A service of a fleet. `requests` and `alerts` (how many fire) are None where nobody knows."""

    service: Service
    requests: Requests | None = None
    alerts: int | None = None

    @property
    def ref(self) -> ServiceRef:
        """Its name in the world."""
        return self.service.ref


def state_of(service: Service) -> ConditionState:
    """How a service stands: reconciling, or as its Ready condition says."""
    if service.reconciling:
        return ConditionState.RECONCILING
    ready = _ready(service)
    return ConditionState.UNKNOWN if ready is None else ready.state


def reason_of(service: Service) -> str:
    """Why a service does not stand well, as Cloud Run says it; "" where it does, or does not say."""
    ready = _ready(service)
    if ready is None or ready.state is ConditionState.SUCCEEDED:
        return ""
    return ready.message or ready.reason


def shares_of(service: Service) -> dict[str, int]:
    """Percent by serving revision; none where nothing serves."""
    return percents(service.serving) if service.serving else {}


def canary_of(service: Service) -> tuple[str, int] | None:
    """The newest revision while it shares the traffic with others, and its percent; None without a canary."""
    shares = shares_of(service)
    if len(shares) < 2:
        return None
    newest = service.latest_ready if service.latest_ready in shares else max(shares)
    return newest, shares[newest]


def idle_tags_of(service: Service) -> tuple[str, ...]:
    """Tags whose revision gets no percent of the traffic, by name."""
    shares = shares_of(service)
    return tuple(tag for tag, revision in tags(service.serving).items() if not shares.get(revision))


def gravity(member: Member) -> tuple[int, float, str]:
    """Sorts the worst first: failed, alarming, failing requests, reconciling, canaries, all others by name."""
    state, requests = state_of(member.service), member.requests
    share = (requests.error_share or 0.0) if requests else 0.0
    if state is ConditionState.FAILED:
        rank = 0
    elif member.alerts or share >= ALARMING:
        rank = 1
    elif state is not ConditionState.SUCCEEDED:
        rank = 2
    elif share:
        rank = 3
    else:
        rank = 4 if canary_of(member.service) else 5
    return rank, -share, member.ref.service


def _ready(service: Service) -> Condition | None:
    return next((condition for condition in service.conditions if condition.type == "Ready"), None)
