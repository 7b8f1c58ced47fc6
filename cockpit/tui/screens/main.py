"""The cockpit itself: header, traffic, panes and footer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.screen import Screen

from cockpit.actions import ACTIONS
from cockpit.tui.keys import bindings

if TYPE_CHECKING:
    from textual.binding import BindingType


class MainScreen(Screen[None]):
    """One service at a glance."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(action.id for action in ACTIONS)
