"""What the simulator can be started as: named situations of plain data, so that listing them costs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

PROJECT = "emergence-469005"
REGION = "europe-west1"
SERVICE = "emergence-app"
REPOSITORY = f"{REGION}-docker.pkg.dev/{PROJECT}/app/{SERVICE}"

HIGHEST_RATE = 500.0
"""Requests a second: the most that anybody may ask of one machine."""

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0

STABLE = f"{SERVICE}-00275-2jb"
CANARY = f"{SERVICE}-00279-kub"
CRASHED = f"{SERVICE}-00276-jvb"


class UnknownScenarioError(ValueError):
    """No scenario has this name; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One revision: its short name, its image's tag, and how long ago it was deployed, in seconds.

    `ready_after` is seconds from created to ready. `failure`, when set, says why it never served: "crash" or
    "image". `fault` goes to the container as SIM_FAULT.
    """

    name: str
    image_tag: str
    age: float = 0.0
    ready_after: float = 52.0
    failure: str = ""
    fault: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    minimum: int = 0
    maximum: int = 4
    concurrency: int = 80


@dataclass(frozen=True, slots=True)
class Target:
    """One line of a split."""

    revision: str
    percent: int = 0
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """How a simulator starts. `load` is requests a second.

    `history` is in place, oldest first; `arriving` is then really deployed, so that it fails for real.
    `withheld` are permissions the caller lacks; `fleet` is a number of further services, with revisions but
    without load.
    """

    name: str
    summary: str
    history: tuple[Deployment, ...]
    split: tuple[Target, ...]
    arriving: Deployment | None = None
    load: float = 20.0
    flaky: bool = False
    withheld: tuple[str, ...] = ()
    fleet: int = 0


_PAST = (
    Deployment(f"{SERVICE}-00271-x9d", "20250918-140212", 22 * DAY),
    Deployment(f"{SERVICE}-00272-tzl", "20250924-081540", 16 * DAY, 49.0),
    Deployment(f"{SERVICE}-00273-c6w", "20250929-164455", 11 * DAY, 58.0),
    Deployment(f"{SERVICE}-00274-m4w", "20251001-093112", 9 * DAY, 61.0),
)
_STABLE = Deployment(STABLE, "20251007-183707", 3 * DAY, 67.0, minimum=1)
_CANARY = Deployment(CANARY, "20251010-073931", 12 * MINUTE)
_FAILED = (
    Deployment(CRASHED, "20251009-215803", 15 * HOUR, 11.0, failure="crash"),
    Deployment(f"{SERVICE}-00277-n5f", "20251009-222417", 14 * HOUR, 6.0, failure="image"),
    Deployment(f"{SERVICE}-00278-qzt", "20251009-224950", 13 * HOUR, 6.0, failure="image"),
)
_ALL_STABLE = (Target(STABLE, 100),)
_TAGGED = (Target(STABLE, 100), Target(CANARY, tag="canary"))
_TENTH = (Target(STABLE, 90), Target(CANARY, 10), Target(CANARY, tag="canary"))


def _with_canary(name: str, summary: str, canary: Deployment, split: tuple[Target, ...] = _TENTH) -> Scenario:
    """A stable revision, some that failed, and a canary."""
    return Scenario(name, summary, (*_PAST, _STABLE, *_FAILED, canary), split)


_HEALTHY = _with_canary(
    "healthy", "stable at 100 %, a tagged canary at 0 %, older revisions retired", _CANARY, _TAGGED
)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        scenario.name: scenario
        for scenario in (
            _HEALTHY,
            _with_canary(
                "bad-canary",
                "the canary has 10 % of the traffic and fails about 15 % of it",
                replace(_CANARY, fault="errors=0.18"),
            ),
            _with_canary(
                "slow-canary",
                "the canary has 10 % of the traffic and its P95 is over the limit",
                replace(_CANARY, fault="latency=25"),
            ),
            Scenario(
                "crash-on-start",
                "a new revision dies with ModuleNotFoundError: No module named 'backend'",
                (*_PAST, _STABLE),
                _ALL_STABLE,
                arriving=Deployment(CRASHED, "20251009-215803", fault="crash-on-start"),
            ),
            Scenario(
                "image-missing",
                "a new revision names an image that is not there",
                (*_PAST, _STABLE),
                _ALL_STABLE,
                arriving=Deployment(f"{SERVICE}-00277-n5f", "missing"),
            ),
            _with_canary(
                "metrics-disabled",
                "the canary has 10 % of the traffic and its metrics are switched off",
                replace(_CANARY, environment=(("CONCEPT_RECALL_METRICS_ENABLED", "false"),)),
            ),
            replace(
                _HEALTHY,
                name="empty-timelines",
                summary="the timelines answer 200 with [], and only the logs say why",
                history=(*_PAST, replace(_STABLE, fault="empty-timelines"), *_FAILED, _CANARY),
            ),
            _with_canary(
                "log-storm",
                "the canary writes 10,000 lines a second",
                replace(_CANARY, fault="log-storm=10000", minimum=1, maximum=1),
            ),
            replace(
                _HEALTHY,
                name="flaky-api",
                summary="calls of the API are unavailable, slow or throttled now and then",
                flaky=True,
            ),
            replace(
                _HEALTHY,
                name="forbidden",
                summary="the caller may look at services but neither change them nor read logs",
                withheld=("run.services.update", "logging.logEntries.list"),
            ),
            replace(
                _HEALTHY,
                name="busy-fleet",
                summary="hundreds of services with thousands of revisions, control plane only",
                fleet=300,
                load=0.0,
            ),
        )
    }
)


def find(name: str) -> Scenario:
    """The scenario of that name. Raises UnknownScenarioError."""
    try:
        return SCENARIOS[name]
    except KeyError:
        raise UnknownScenarioError(f"no scenario {name!r}: use one of {', '.join(SCENARIOS)}") from None
