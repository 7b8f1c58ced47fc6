"""Which key takes which action: the registry's defaults, remapped by the user's configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding

from cockpit.actions import ACTIONS, BY_ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.binding import BindingType

_SHOWN = {
    "enter": "⏎",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys of every action, in Textual's names or as single characters."""

    keys: Mapping[str, tuple[str, ...]]

    def shown(self, action: str) -> str:
        """The first key of an action as people read it; "" when it has none."""
        keys = self.keys[action]
        return _SHOWN.get(keys[0], keys[0]) if keys else ""

    def all_shown(self, action: str) -> str:
        """Every key of an action as people read them."""
        return "  ".join(_SHOWN.get(key, key) for key in self.keys[action])

    def textual(self) -> dict[str, str]:
        """As `App.set_keymap` wants it."""
        return {action: ",".join(map(_named, keys)) for action, keys in self.keys.items() if keys}


DEFAULT_KEYMAP = Keymap({action.id: action.keys for action in ACTIONS})


def bindings(actions: Iterable[str]) -> list[BindingType]:
    """Bindings for some actions, for a screen's BINDINGS: each is taken by the app, and remapped by its keymap."""
    return [
        Binding(",".join(map(_named, BY_ID[action].keys)), f"app.take('{action}')", BY_ID[action].title, id=action)
        for action in actions
    ]


def _named(key: str) -> str:
    """Textual's name of a key: "+" is plus, and a comma would otherwise end a list of keys."""
    (binding,) = Binding.make_bindings([(key, "")]) if key != "," else (Binding("comma", ""),)
    return binding.key
