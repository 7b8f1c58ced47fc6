"""What a snapshot says about which actions can be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.actions import Facts
from cockpit.live.agreement import asked
from cockpit.release.state import can_serve, short_name
from cockpit.text import clean

if TYPE_CHECKING:
    from cockpit.live.snapshot import Snapshot


def facts_of(
    snapshot: Snapshot, selected: str, *, has_fleet: bool, has_engine: bool = False, has_logs: bool = False
) -> Facts:
    """The facts, for the full name of the selected revision ("" for none)."""
    if snapshot.service is None:
        return Facts(watching=True, has_fleet=has_fleet, has_logs=has_logs)
    change = snapshot.change
    revision = next((one for one in snapshot.revisions if one.name == selected), None)
    return Facts(
        watching=True,
        loaded=True,
        busy=change.phase.value if change and change.outcome is None else "",
        cannot_arm=clean(snapshot.arming.forbidden),
        selected=clean(short_name(selected, snapshot.ref.service)),
        selected_percent=asked(snapshot.service).get(selected, 0),
        selected_ready=revision is not None and can_serve(revision),
        can_roll_back=snapshot.rollback is not None,
        can_undo=snapshot.undo is not None,
        has_sides=change is not None and change.sides is not None,
        has_fleet=has_fleet,
        has_signals=bool(snapshot.metrics and snapshot.metrics.readings),
        has_engine=has_engine,
        has_logs=has_logs,
    )
