"""Everything a user can do, named once: keys, footer, palette, help and the headless commands all read it here."""

from cockpit.actions.action import Action, Facts, Group
from cockpit.actions.app import APP
from cockpit.actions.events import EVENTS
from cockpit.actions.logs import LOGS
from cockpit.actions.look import LOOK
from cockpit.actions.moves import MOVES
from cockpit.actions.screens import SCREENS
from cockpit.actions.time import TIME
from cockpit.actions.traffic import TRAFFIC

__all__ = ["ACTIONS", "BY_ID", "Action", "Facts", "Group"]

ACTIONS: tuple[Action, ...] = (*TRAFFIC, *LOOK, *TIME, *LOGS, *APP, *EVENTS, *SCREENS, *MOVES)

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}
