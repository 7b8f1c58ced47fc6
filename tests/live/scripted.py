"""A `Releases` that says what it is told to: for orders of events that no real wire gives on demand."""

# ruff: noqa: ARG002 (a scripted answer does not look at what it was asked)

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cockpit.release.service import Condition, ConditionState, Revision, Service, Template
from cockpit.release.traffic import ServingTarget, Split, Target
from cockpit.sources.cloudrun import OperationState
from tests.sources.local import CANARY, REF, STABLE

if TYPE_CHECKING:
    from cockpit.release.service import ServiceRef

READY = (Condition("Ready", ConditionState.SUCCEEDED),)
AT_FIRST: Split = (Target(STABLE, 100), Target(CANARY, 0, "canary"))
TENTH: Split = (Target(STABLE, 90), Target(CANARY, 10), Target(CANARY, 0, "canary"))


def service(spec: Split = AT_FIRST, generation: int = 4, serving: Split | None = None, **more: Any) -> Service:
    """A service that serves what is asked, unless told otherwise."""
    served = tuple(ServingTarget(each.revision or CANARY, each.percent, each.tag) for each in serving or spec)
    facts: dict[str, Any] = {
        "observed_generation": generation,
        "etag": f'"{generation}"',
        "reconciling": False,
        "template": Template(),
        "latest_ready": CANARY,
        "last_modifier": "ana@example.com",
    }
    return Service(ref=REF, generation=generation, spec=spec, serving=served, **(facts | more))


class ScriptedReleases:
    """Answers each call with what was scripted for it, and then with what `standing` is."""

    def __init__(self, standing: Service | None = None) -> None:
        self.standing = standing or service()
        self.revision = Revision(STABLE, Template(), READY)
        self.calls: list[str] = []
        self._scripts: dict[str, deque[Any]] = defaultdict(deque)

    def script(self, method: str, *answers: Any) -> None:
        """What the next calls of that method answer; an exception is raised, a callable called."""
        self._scripts[method].extend(answers)

    async def service(self, ref: ServiceRef) -> Service:
        """What stands, unless scripted."""
        found: Service = self._answer("service", self.standing)
        return found

    async def services(self, project: str, region: str) -> tuple[Service, ...]:
        """The one service, unless scripted."""
        found: tuple[Service, ...] = self._answer("services", (self.standing,))
        return found

    async def revisions(self, ref: ServiceRef) -> tuple[Revision, ...]:
        """Stable and canary, unless scripted."""
        both = (replace(self.revision, name=CANARY), self.revision)
        found: tuple[Revision, ...] = self._answer("revisions", both)
        return found

    async def write_traffic(self, ref: ServiceRef, split: Split, etag: str) -> str:
        """Applied at once, unless scripted."""
        answer: str = self._answer("write_traffic", "operations/1")
        self.standing = service(split, self.standing.generation + 1)
        return answer

    async def operation(self, name: str) -> OperationState:
        """Done, unless scripted."""
        state: OperationState = self._answer("operation", OperationState(name, True))
        return state

    async def permissions(self, ref: ServiceRef, wanted: tuple[str, ...]) -> frozenset[str]:
        """All of them, unless scripted."""
        found: frozenset[str] = self._answer("permissions", frozenset(wanted))
        return found

    async def close(self) -> None:
        """Nothing to release."""

    def _answer(self, method: str, default: Any) -> Any:
        self.calls.append(method)
        script = self._scripts[method]
        answer = script.popleft() if script else default
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer
