"""The panes of the cockpit, and the way to each. A pane that is added has a line here."""

from __future__ import annotations

from cockpit.actions.action import Action, Group

PANES: tuple[tuple[int, str, str], ...] = (
    (1, "Revisions", "the revisions"),
    (2, "Signals", "the signals: canary against stable"),
    (3, "Chart", "the chart of one signal by revision"),
    (4, "Alerts", "the alerts"),
    (5, "Summary", "the summary of the selected revision"),
    (6, "History", "the history of changes"),
    (7, "Command log", "the log of what ran, as gcloud"),
    (8, "Logs", "the log"),
    (9, "Timeline", "the timeline: what happened, and what served"),
    (10, "App", "the application: its health at every URL, and its timelines"),
)
"""Number, name, and what it shows; the number's last digit is its key."""


def key_of(number: int) -> str:
    """The key that focuses a pane: the last digit of its number."""
    return str(number)[-1]


PANE_MOVES: tuple[Action, ...] = tuple(
    Action(f"pane_{number}", f"{name} pane", f"Focus {what}.", (key_of(number),), Group.MOVE)
    for number, name, what in PANES
)
