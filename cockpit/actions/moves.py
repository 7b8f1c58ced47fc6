"""The cockpit itself, and the way from pane to pane and row to row."""

from __future__ import annotations

from cockpit.actions.action import Action, Group

MOVES: tuple[Action, ...] = (
    Action(
        "theme",
        "Next theme",
        "Switch to the next theme; its file is reloaded when it changes.",
        ("T",),
        Group.COCKPIT,
    ),
    Action("palette", "Command palette", "Find any action by name.", (":", "ctrl+p"), Group.COCKPIT, "palette"),
    Action("help", "Help", "Every action with its key.", ("?", "f1"), Group.COCKPIT, "help"),
    Action(
        "quit",
        "Quit",
        "Leave; asks first while a change is under way.",
        ("q", "ctrl+q", "ctrl+c"),
        Group.COCKPIT,
        "quit",
    ),
    Action("next_pane", "Next pane", "Focus the next pane.", ("tab",), Group.MOVE),
    Action("previous_pane", "Previous pane", "Focus the previous pane.", ("shift+tab",), Group.MOVE),
    Action("pane_1", "Revisions pane", "Focus the revisions.", ("1",), Group.MOVE),
    Action("pane_2", "Signals pane", "Focus the signals: canary against stable.", ("2",), Group.MOVE),
    Action("pane_3", "Chart pane", "Focus the chart of one signal by revision.", ("3",), Group.MOVE),
    Action("pane_4", "Alerts pane", "Focus the alerts.", ("4",), Group.MOVE),
    Action("pane_5", "Summary pane", "Focus the summary of the selected revision.", ("5",), Group.MOVE),
    Action("pane_6", "History pane", "Focus the history of changes.", ("6",), Group.MOVE),
    Action("pane_7", "Command log pane", "Focus the log of what ran, as gcloud.", ("7",), Group.MOVE),
    Action("pane_8", "Logs pane", "Focus the log.", ("8",), Group.MOVE),
    Action("down", "Down", "Next row.", ("down", "j"), Group.MOVE),
    Action("up", "Up", "Previous row.", ("up", "k"), Group.MOVE),
    Action("page_down", "Page down", "One page further.", ("pagedown",), Group.MOVE),
    Action("page_up", "Page up", "One page back.", ("pageup",), Group.MOVE),
    Action("first", "First row", "To the first row.", ("home",), Group.MOVE),
    Action("last", "Last row", "To the last row.", ("end",), Group.MOVE),
)
