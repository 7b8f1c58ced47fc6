"""What one does with the timeline while its pane has the focus."""

from __future__ import annotations

from cockpit.actions.action import Action, Group

EVENTS: tuple[Action, ...] = (
    Action(
        "event_open",
        "All of the event",
        "What was before and after, by whom, and all else that is known.",
        ("enter",),
        Group.TIMELINE,
        headless="events",
    ),
    Action(
        "event_time",
        "Go to the event's time",
        "Every pane shows the moment of the selected event; end leads back to now.",
        ("t",),
        Group.TIMELINE,
    ),
    Action("timeline_zoom_in", "Less time", "Less time in view, down to a minute.", ("]",), Group.TIMELINE),
    Action("timeline_zoom_out", "More time", "More time in view, up to ninety days.", ("[",), Group.TIMELINE),
    Action(
        "timeline_form",
        "Lanes or table",
        "The same time as lanes on one axis, or as a table: time, action, notes.",
        ("v",),
        Group.TIMELINE,
    ),
    Action(
        "timeline_copy",
        "Copy as text",
        "The events in view as an aligned table, to the terminal's clipboard (OSC 52).",
        ("y",),
        Group.TIMELINE,
    ),
    Action(
        "timeline_markdown",
        "Copy as Markdown",
        "The events in view as a table for a report, to the terminal's clipboard (OSC 52).",
        ("c",),
        Group.TIMELINE,
    ),
)
