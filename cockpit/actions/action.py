"""One thing a user can do, and what decides whether it can be done now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whether an action can be taken now, picked out of a snapshot by whoever shows one.

    `watching` is whether there is a service to read, `loaded` whether it was read. `busy` says in words which
    change is under way, `cannot_arm` why arming is refused; "" means nothing stands in the way. `selected` is the
    short name of the selected revision, "" for none; `selected_ready` is False for one that could not serve.
    `looking_back` says in words why what is shown is not the present ("" when it is): nothing is changed then.
    `plays` is whether it is a recording. `in_browser` is whether a browser shows it, from which no files of this
    machine are written.
    """

    watching: bool = False
    loaded: bool = False
    busy: str = ""
    cannot_arm: str = ""
    selected: str = ""
    selected_percent: int = 0
    selected_ready: bool = False
    can_roll_back: bool = False
    can_undo: bool = False
    has_sides: bool = False
    has_fleet: bool = False
    has_signals: bool = False
    has_engine: bool = False
    has_logs: bool = False
    has_app: bool = False
    looking_back: str = ""
    plays: bool = False
    in_browser: bool = False


class Group(Enum):
    """Where the help lists an action. Those of LOGS, APP and TIMELINE have their keys in one pane alone."""

    TRAFFIC = "Traffic"
    LOOK = "Look"
    TIME = "Time"
    LOGS = "In the logs"
    APP = "In the app"
    TIMELINE = "In the timeline"
    COCKPIT = "Cockpit"
    MOVE = "Move"


def _always(_facts: Facts) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a user can do.

    `keys` are the default ones, in Textual's names or as single characters. `label` is the footer's short word,
    "" for actions the footer leaves out. `danger` marks what leads to a write. `headless` is the command that
    does the same without a terminal. `why_not` gives the reason it is dimmed, "" when it can be taken.
    """

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    group: Group
    label: str = ""
    danger: bool = False
    headless: str = ""
    why_not: Callable[[Facts], str] = _always

    @property
    def scope(self) -> Group | None:
        """The group whose pane must have the focus for the keys; None for keys that are good everywhere.

        Within a scope no key means two things.
        """
        return self.group if self.group in {Group.LOGS, Group.APP, Group.TIMELINE} else None
