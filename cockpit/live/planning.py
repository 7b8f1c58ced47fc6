"""From a wish and a snapshot to a plan. Pure: nothing is read and nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.session import RefusedError
from cockpit.live.snapshot import Sides
from cockpit.release import traffic
from cockpit.release.plan import Intent, Plan
from cockpit.release.state import short_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import Service
    from cockpit.release.traffic import Split


def plan_shift(snapshot: Snapshot, percents: Mapping[str, int]) -> Plan:
    """Give revisions their percents; the others share the rest. Raises RefusedError, as all of these do."""
    service = _service(snapshot)
    return _plan(service, Intent.SHIFT, _or_refuse(lambda: traffic.shift(service.spec, percents)))


def plan_promote(snapshot: Snapshot, revision: str) -> Plan:
    """Everything to one revision."""
    service = _service(snapshot)
    return _plan(service, Intent.PROMOTE, _or_refuse(lambda: traffic.promote(service.spec, revision)))


def plan_tag(snapshot: Snapshot, tag: str, revision: str) -> Plan:
    """Put a tag on a revision; "" takes it away."""
    service = _service(snapshot)

    def tagged() -> Split:
        if not revision:
            return traffic.remove_tag(service.spec, tag)
        return traffic.set_tag(service.spec, tag, revision, service=service.ref.service)

    return _plan(service, Intent.TAG, _or_refuse(tagged))


def plan_rollback(snapshot: Snapshot) -> Plan:
    """Back to what served before the last change by anyone."""
    service = _service(snapshot)
    if snapshot.rollback is None:
        raise RefusedError(
            "no other split of this service has been seen yet",
            "shift to the revision you want",
            kind="no-rollback",
        )
    return _plan(service, Intent.ROLLBACK, snapshot.rollback)


def plan_undo(snapshot: Snapshot) -> Plan:
    """Back to the exact list before our last change, unless somebody has changed it since."""
    service = _service(snapshot)
    last = snapshot.undo
    if last is None:
        raise RefusedError("the journal has no change of this service to undo", kind="no-undo")
    if not traffic.same_split(service.spec, last.after):
        raise RefusedError(
            f"somebody changed the split after change {last.id}: it is {_stands(service)} now",
            "roll back, or shift to the split you want",
            kind="overtaken",
            sides=Sides(last.before, last.after, service.spec, service.generation, service.last_modifier),
        )
    return _plan(service, Intent.UNDO, last.before)


def _service(snapshot: Snapshot) -> Service:
    if snapshot.service is None:
        raise RefusedError("the service has not been read yet", "wait for the first answer", kind="stale")
    return snapshot.service


def _stands(service: Service) -> str:
    """What is asked now, in short names."""
    shares = traffic.percents(service.spec).items()
    return ", ".join(
        f"{short_name(traffic.label(name), service.ref.service)} {percent} %" for name, percent in shares
    )


def _plan(service: Service, intent: Intent, after: Split) -> Plan:
    return Plan(service.ref, intent, service.spec, after, service.generation, service.etag, service.latest_ready)


def _or_refuse(arithmetic: Callable[[], Split]) -> Split:
    try:
        return arithmetic()
    except traffic.TrafficError as error:
        raise RefusedError(str(error), error.mend, kind="traffic") from error
