"""The screens of the cockpit, and how the panes lie on the first of them."""

from __future__ import annotations

from cockpit.actions.action import Action, Group
from cockpit.actions.reasons import engine, needs_watch, pick

SCREENS: tuple[Action, ...] = (
    Action(
        "cockpit",
        "The cockpit",
        "Back to the service at hand, from any screen.",
        ("f2",),
        Group.COCKPIT,
        why_not=needs_watch,
    ),
    Action(
        "dashboards",
        "Dashboards",
        "The Grafana dashboards that config.toml names, and ours for emergence-app.",
        ("f3", "D"),
        Group.COCKPIT,
        "dashboards",
        headless="dashboard",
        why_not=engine,
    ),
    Action(
        "fleet",
        "Fleet",
        "Every service of the configured projects and regions: state, traffic, errors, alerts; enter opens one.",
        ("f4", "G"),
        Group.COCKPIT,
        headless="fleet",
        why_not=pick,
    ),
    Action(
        "whole_pane",
        "This pane on the whole screen",
        "The pane with the focus as large as the terminal; escape or the same key leads back.",
        ("f",),
        Group.MOVE,
    ),
    Action(
        "arrangement",
        "Next arrangement of the panes",
        "overview, release, metrics, logs: each shows other panes larger.",
        ("P",),
        Group.MOVE,
    ),
    Action(
        "jump",
        "Jump",
        "A letter over every pane, row and screen: press it to go there.",
        ("J",),
        Group.MOVE,
    ),
)
