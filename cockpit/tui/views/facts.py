"""What a snapshot says about which actions can be taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.live.agreement import asked
from cockpit.release.state import can_serve, short_name
from cockpit.text import clean

if TYPE_CHECKING:
    from cockpit.actions import Facts
    from cockpit.live.snapshot import Snapshot


def facts_of(snapshot: Snapshot, selected: str, around: Facts) -> Facts:
    """The facts, for the full name of the selected revision ("" for none); `around` are those of no snapshot."""
    if snapshot.service is None:
        return replace(around, watching=True)
    revision = next((one for one in snapshot.revisions if one.name == selected), None)
    return replace(
        around,
        watching=True,
        loaded=True,
        busy=under_way(snapshot),
        cannot_arm=clean(snapshot.arming.forbidden),
        selected=clean(short_name(selected, snapshot.ref.service)),
        selected_percent=asked(snapshot.service).get(selected, 0),
        selected_ready=revision is not None and can_serve(revision),
        can_roll_back=snapshot.rollback is not None,
        can_undo=snapshot.undo is not None,
        has_sides=snapshot.change is not None and snapshot.change.sides is not None,
        has_signals=bool(snapshot.metrics and snapshot.metrics.readings),
        has_app=bool(snapshot.app and snapshot.app.timelines),
    )


def under_way(snapshot: Snapshot) -> str:
    """Which part of a change is under way; "" for none."""
    change = snapshot.change
    return change.phase.value if change and change.outcome is None else ""
