"""Every action by name: type a few letters, enter takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input

from cockpit.actions import ACTIONS, Action, Group
from cockpit.text import clean
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.widgets.choice_list import ChoiceList
from cockpit.tui.widgets.fuzzy import Match, ranked

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from cockpit.actions import Facts
    from cockpit.tui.keys import Keymap

Found = tuple[Action, Match]


class ActionList(ChoiceList[Found]):
    """Actions as rows: the title with the letters that matched, why it is dimmed, and its keys at the right."""

    def __init__(self, keymap: Keymap, facts: Facts) -> None:
        super().__init__()
        self._keymap = keymap
        self._facts = facts

    def line(self, item: Found, width: int) -> Content:
        """One action."""
        action, hit = item
        reason = action.why_not(self._facts)
        title = Content.styled(action.title, "$text-muted" if reason else "")
        for at in hit.positions:
            title = title.stylize("$accent bold", at, at + 1) if at < len(action.title) else title
        if reason:
            title = title.append(Content.styled(f"  {clean(reason)}", "$text-muted"))
        keys = Content.styled(self._keymap.all_shown(action.id), "$accent")
        return title.truncate(width - keys.cell_length - 1, ellipsis=True, pad=True).append(" ").append(keys)


class PaletteScreen(Dialog[str]):
    """Answers the id of the chosen action; None for none."""

    DEAF_SECONDS: ClassVar[float] = 0.0
    DEFAULT_CSS = """
    PaletteScreen { align: center top; }
    PaletteScreen #frame { max-width: 84; }
    PaletteScreen ActionList { max-height: 16; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "list('move', -1)", show=False, priority=True),
        Binding("down", "list('move', 1)", show=False, priority=True),
        Binding("pageup", "list('page', -1)", show=False, priority=True),
        Binding("pagedown", "list('page', 1)", show=False, priority=True),
    ]
    AUTO_FOCUS = "Input"

    def __init__(self, keymap: Keymap, facts: Facts) -> None:
        super().__init__("Actions")
        self._list = ActionList(keymap, facts)

    def content(self) -> ComposeResult:
        """What is typed, and what it finds."""
        yield Input(placeholder="type a few letters", compact=True)
        yield self._list

    def on_mount(self) -> None:
        """Everything, until something is typed."""
        self._find("")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Find while typing."""
        self._find(event.value)

    def on_input_submitted(self) -> None:
        """Take what is under the cursor."""
        self._take()

    def on_choice_list_chosen(self) -> None:
        """Take what was clicked."""
        self._take()

    def action_list(self, what: str, by: int) -> None:
        """Move in the list while typing."""
        self._list.action_move(by) if what == "move" else self._list.action_page(by)

    def _find(self, query: str) -> None:
        """Titles first; an action whose help alone says what was typed comes after them."""
        named = [action for action in ACTIONS if action.group is not Group.MOVE and action.id != "palette"]
        titled = ranked(query, named, lambda action: action.title)
        found = {action.id for action, _ in titled}
        others = [action for action in named if action.id not in found]
        told = ranked(query, others, lambda action: f"{action.id} {action.help}")
        self._list.show([*titled, *((action, Match(hit.score, ())) for action, hit in told)])

    def _take(self) -> None:
        found = self._list.current
        if found is not None:
            self.dismiss(found[0].id)
