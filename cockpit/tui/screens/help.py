"""Every action with the user's own keys, and the reason where one cannot be taken now."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from cockpit.actions import ACTIONS, Action, Facts, Group
from cockpit.text import clean
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.widgets.sheet import Fact, Section, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from cockpit.tui.keys import Keymap

_IN_DIALOGS = (
    ("↑ ↓", "Choose a revision"),
    ("0-9", "Type its percents"),
    ("+ -  ← →", "One point more or less"),
    ("pgup pgdn", "Ten points more or less"),
    ("[ ]", "The next quick value: 0 1 5 10 25 50 75 100"),
    ("space", "Hold a row, so that the others share the rest"),
    ("⏎", "On to the answer, where cancel is chosen first"),
    ("c", "Copy the gcloud command"),
    ("esc", "Cancel"),
)

SAFETY = (
    "Nothing is changed until the cockpit is armed and a dialog was answered with more than one key. "
    "Every change is saved before it is written, followed until it serves, and can be undone exactly."
)


class HelpScreen(Dialog[None]):
    """The action registry as a page."""

    DEFAULT_CSS = """
    HelpScreen { #frame { height: 100%; } VerticalScroll { height: 1fr; } }
    HelpScreen.-lofty #frame { height: 90%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,question_mark", "leave", show=False)]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, keymap: Keymap, facts: Facts, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__("Help", clock=clock)
        self._keymap = keymap
        self._facts = facts

    def content(self) -> ComposeResult:
        """One sheet, a section a group."""
        groups = [self._section(group) for group in Group]
        dialogs = Section("In the shift dialog", tuple(Fact(keys, Content(words)) for keys, words in _IN_DIALOGS))
        safety = Section("Safety", (Fact("", Content(SAFETY)),))
        with VerticalScroll():
            yield Sheet((*groups, dialogs, safety))

    def on_mount(self) -> None:
        """Say how to leave."""
        self.query_one("#frame").border_subtitle = Content("esc closes")

    def _section(self, group: Group) -> Section:
        return Section(group.value, tuple(self._fact(action) for action in ACTIONS if action.group is group))

    def _fact(self, action: Action) -> Fact:
        reason = action.why_not(self._facts)
        title = Content.styled(action.title, "$text-muted" if reason else "bold")
        if action.danger:
            title = title.append(Content.styled(" ⚠", "$text-muted" if reason else "$warning"))
        parts = [title, Content.styled(f"  {action.help}", "$text-muted")]
        if action.headless:
            parts.append(Content.styled(f"  cockpit {action.headless}", "$text-muted" if reason else "$accent"))
        if reason:
            parts.append(Content.styled(f"\n✗ {clean(reason)}", "$warning"))
        return Fact(self._keymap.all_shown(action.id) or "unbound", Content("").join(parts))
