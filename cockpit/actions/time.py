"""Which moment is looked at: every pane shows the same one."""

from __future__ import annotations

from cockpit.actions.action import Action, Group
from cockpit.actions.reasons import needs_watch, plays, takes_notes

TIME: tuple[Action, ...] = (
    Action(
        "freeze",
        "Freeze, or go on",
        "Every pane stays at this moment while collecting goes on, or goes back to now. A replay pauses or plays.",
        ("space",),
        Group.TIME,
        "freeze",
        why_not=needs_watch,
    ),
    Action("cursor_left", "A column earlier", "Every pane at the moment before.", ("left",), Group.TIME),
    Action("cursor_right", "A column later", "Every pane at the moment after.", ("right",), Group.TIME),
    Action("earlier", "Earlier", "A quarter of the time in view back.", ("shift+left",), Group.TIME),
    Action("later", "Later", "A quarter of the time in view on.", ("shift+right",), Group.TIME),
    Action(
        "go_to_time",
        "Go to a time",
        "Type it: 14:05, 14:05:30, -10m, +30s, a date, or ISO 8601.",
        ("@",),
        Group.TIME,
        why_not=needs_watch,
    ),
    Action(
        "note",
        "Write a note",
        "A line for the timeline, about the moment that is shown; the recording keeps it.",
        (";",),
        Group.TIME,
        why_not=takes_notes,
    ),
    Action("slower", "Play half as fast", "A recording alone is played.", ("<",), Group.TIME, why_not=plays),
    Action("faster", "Play twice as fast", "A recording alone is played.", (">",), Group.TIME, why_not=plays),
)

AT_LARGE = ("freeze", "go_to_time", "slower", "faster")
"""What leads to another moment on screens over the cockpit, too."""
