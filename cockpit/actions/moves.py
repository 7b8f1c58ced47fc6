"""The cockpit itself, and the way from pane to pane and row to row."""

from __future__ import annotations

from cockpit.actions.action import Action, Group
from cockpit.actions.panes import PANE_MOVES

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
    *PANE_MOVES,
    Action("down", "Down", "Next row.", ("down", "j"), Group.MOVE),
    Action("up", "Up", "Previous row.", ("up", "k"), Group.MOVE),
    Action("page_down", "Page down", "One page further.", ("pagedown",), Group.MOVE),
    Action("page_up", "Page up", "One page back.", ("pageup",), Group.MOVE),
    Action("first", "First row", "To the first row.", ("home",), Group.MOVE),
    Action(
        "last", "Last row, or back to now", "To the last row; from the past back to now.", ("end",), Group.MOVE
    ),
)
