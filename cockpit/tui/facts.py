"""What a snapshot says about which actions can be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.actions import Facts

if TYPE_CHECKING:
    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import Revision


def facts_of(snapshot: Snapshot | None, selected: str, *, has_fleet: bool) -> Facts:
    """The facts, for the full name of the selected revision ("" for none)."""
    if snapshot is None or snapshot.service is None:
        return Facts(has_fleet=has_fleet, cannot_arm="the service has not been read yet")
    change = snapshot.change
    revision = next((one for one in snapshot.revisions if one.name == selected), None)
    return Facts(
        loaded=True,
        busy=change.phase.value if change and change.outcome is None else "",
        cannot_arm="" if snapshot.arming.until is not None else snapshot.arming.why_not,
        selected=selected,
        selected_percent=_asked(snapshot, selected),
        selected_ready=revision is not None and _can_serve(revision),
        can_roll_back=snapshot.rollback is not None,
        can_undo=snapshot.undo is not None,
        has_sides=change is not None and change.sides is not None,
        has_fleet=has_fleet,
    )


def _asked(snapshot: Snapshot, revision: str) -> int:
    service = snapshot.service
    if service is None:
        return 0
    return sum(target.percent for target in service.spec if (target.revision or service.latest_ready) == revision)


def _can_serve(revision: Revision) -> bool:
    ready = next((condition for condition in revision.conditions if condition.type == "Ready"), None)
    return ready is not None and ready.state.value == "succeeded"
