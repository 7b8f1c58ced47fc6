"""Conditions, as the platform words them: how a revision and a service came to be ready, or why they did not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from google.cloud import run_v2

from cockpit.simulator.world.messages import Condition, ConditionPb, RevisionPb, ServicePb, seconds, stamp

if TYPE_CHECKING:
    from cockpit.simulator.seams import Launch

PENDING = int(run_v2.Condition.State.CONDITION_PENDING)
RECONCILING = int(run_v2.Condition.State.CONDITION_RECONCILING)
FAILED = int(run_v2.Condition.State.CONDITION_FAILED)
SUCCEEDED = int(run_v2.Condition.State.CONDITION_SUCCEEDED)
ERROR = int(run_v2.Condition.Severity.ERROR)
INFO = int(run_v2.Condition.Severity.INFO)


class Problem(NamedTuple):
    """Why a write never came to serve: a `google.rpc.Code`, what its operation and its conditions say."""

    code: int
    message: str
    reason: str


def condition(
    kind: str, state: int, at: float, *, reason: str = "", message: str = "", severity: int = 0
) -> ConditionPb:
    """One condition. `reason` is an enum value of the API, in capitals or in camel case; others become UNKNOWN."""
    result = Condition(type_=kind, state=state, message=message, last_transition_time=stamp(at), severity=severity)
    if reason:
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", reason).upper()
        if own := run_v2.Condition.RevisionReason.__members__.get(name):
            result.revision_reason = int(own)
        else:
            common = run_v2.Condition.CommonReason.__members__
            result.reason = int(common.get(name, run_v2.Condition.CommonReason.UNKNOWN))
    return result


def find(message: RevisionPb | ServicePb, kind: str) -> ConditionPb | None:
    """The condition of that type, or None."""
    return next((each for each in message.conditions if each.type_ == kind), None)


def replace(message: RevisionPb | ServicePb, new: ConditionPb) -> None:
    """Put `new` where the condition of its type stands, or at the end."""
    old = find(message, new.type_)
    if old is None:
        message.conditions.append(new)
    else:
        old.CopyFrom(new)


def starting(revision: RevisionPb, at: float) -> None:
    """Mark a revision that was only just created."""
    revision.reconciling = True
    del revision.conditions[:]
    revision.conditions.extend(
        [
            condition("Ready", RECONCILING, at, message="Deploying revision."),
            condition("Active", PENDING, at, severity=INFO),
            condition("ContainerHealthy", PENDING, at),
            condition("ResourcesAvailable", RECONCILING, at, message="Provisioning imported containers."),
        ]
    )


def settled(revision: RevisionPb, launch: Launch, at: float) -> None:
    """Mark a revision whose first start has ended, one way or the other."""
    revision.reconciling = False
    revision.observed_generation = revision.generation
    revision.update_time.CopyFrom(stamp(at))
    took = at - seconds(revision.create_time)
    if launch.ready:
        outcome = [
            condition("Ready", SUCCEEDED, at, message=f"Deploying revision succeeded in {took:.2f}s."),
            condition("ContainerHealthy", SUCCEEDED, at, message=f"Containers became healthy in {took:.2f}s."),
            condition("ResourcesAvailable", SUCCEEDED, at),
        ]
    else:
        reason = launch.reason or "HEALTH_CHECK_CONTAINER_ERROR"
        failed = condition("Ready", FAILED, at, reason=reason, message=launch.message)
        # A container that never ran was not provided; one that ran and died was.
        ran = failed.WhichOneof("reasons") == "revision_reason"
        where = "ContainerHealthy" if ran else "ResourcesAvailable"
        outcome = [
            failed,
            condition("ContainerHealthy", PENDING, at),
            condition("ResourcesAvailable", SUCCEEDED, at),
            condition(where, FAILED, at, reason=reason, message=launch.message),
            condition("Active", PENDING, at, severity=INFO),
        ]
    for each in outcome:
        replace(revision, each)


def active(revision: RevisionPb, routed: bool, at: float) -> bool:
    """Mark whether traffic or a tag reaches a ready revision. True when that is news."""
    state = SUCCEEDED if routed else FAILED
    old = find(revision, "Active")
    if old is not None and old.state == state:
        return False
    revision.scaling_status.desired_min_instance_count = revision.scaling.min_instance_count if routed else 0
    if routed:
        new = condition("Active", SUCCEEDED, at, severity=INFO)
    elif old is not None and old.state == SUCCEEDED:
        new = condition("Active", FAILED, at, reason="RETIRED", message="Revision retired.", severity=INFO)
    else:
        new = condition("Active", FAILED, at, reason="RESERVE", message="Revision in reserve.", severity=INFO)
    replace(revision, new)
    return True


def service_reconciling(service: ServicePb, at: float, *, new_revision: bool) -> None:
    """Mark a service that was just written."""
    service.reconciling = True
    service.terminal_condition.CopyFrom(condition("Ready", RECONCILING, at))
    replace(service, condition("RoutesReady", RECONCILING, at))
    if new_revision:
        replace(service, condition("ConfigurationsReady", RECONCILING, at))


def service_part(service: ServicePb, kind: str, at: float, problem: Problem | None) -> None:
    """Say how the routes or the configuration of a service ended."""
    replace(service, _ended(kind, at, problem))


def service_ready(service: ServicePb, at: float, problem: Problem | None) -> None:
    """Say how the newest write ended."""
    service.reconciling = False
    service.terminal_condition.CopyFrom(_ended("Ready", at, problem))


def _ended(kind: str, at: float, problem: Problem | None) -> ConditionPb:
    if problem is None:
        return condition(kind, SUCCEEDED, at)
    return condition(kind, FAILED, at, reason=problem.reason, message=problem.message)
