"""What one does with the application's timelines, while their pane has the focus."""

from __future__ import annotations

from cockpit.actions.action import Action, Group
from cockpit.actions.reasons import app

APP: tuple[Action, ...] = (
    Action(
        "app_next",
        "Next timeline",
        "The next timeline that the application keeps of itself.",
        ("n",),
        Group.APP,
        headless="app timelines",
        why_not=app,
    ),
    Action("app_previous", "Timeline before", "The timeline before.", ("N",), Group.APP, why_not=app),
    Action(
        "app_longer",
        "Longer period",
        "The next longer period of the timeline; after the longest comes the shortest.",
        ("[",),
        Group.APP,
        why_not=app,
    ),
    Action(
        "app_shorter",
        "Shorter period",
        "The next shorter period of the timeline; after the shortest comes the longest.",
        ("]",),
        Group.APP,
        why_not=app,
    ),
)
