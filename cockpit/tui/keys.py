"""Which key takes which action: the registry's defaults, remapped by the user's settings."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.keys import KEY_NAME_REPLACEMENTS, Keys, key_to_character

from cockpit.actions import ACTIONS, BY_ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.binding import BindingType

    from cockpit.actions import Group
    from cockpit.config import Settings

_SHOWN = {
    "enter": "⏎",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "shift+left": "⇧←",
    "shift+right": "⇧→",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}
_MODIFIERS = {"ctrl", "shift", "alt", "meta", "super", "hyper"}
_NAMES = {key.value for key in Keys} | set(KEY_NAME_REPLACEMENTS.values())
_UNBOUND = "unbound"
"""No keyboard sends it: Textual's keymap cannot take a key away, only give another one."""


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

    def remapped(self) -> dict[str, str]:
        """What differs from the registry, as `App.set_keymap` wants it. That is applied at every key press."""
        changed = {action: keys for action, keys in self.keys.items() if keys != BY_ID[action].keys}
        return {action: ",".join(map(named, keys)) or _UNBOUND for action, keys in changed.items()}


DEFAULT_KEYMAP = Keymap({action.id: action.keys for action in ACTIONS})


def keymap(settings: Settings) -> Keymap:
    """The registry's keys with the user's in their place.

    Raises ConfigError, with the place and the mend, for an action or a key that does not exist, and for a key that
    two actions of one scope would have.
    """
    for action, keys in settings.keys.items():
        if action not in BY_ID:
            near = difflib.get_close_matches(action, BY_ID, 1)
            mend = f"did you mean {near[0]}?" if near else f"known here: {', '.join(BY_ID)}"
            raise settings.error(f"keys.{action}", "is no action of the cockpit", mend)
        for key in keys:
            if not is_key(key):
                mend = 'write a character, a name like "f2" or "pageup", or a combination like "ctrl+s"'
                raise settings.error(f"keys.{action}", f"names no key: {key!r}", mend)
    chosen = {action.id: settings.keys.get(action.id, action.keys) for action in ACTIONS}
    _refuse_clashes(chosen, settings)
    return Keymap(chosen)


def bindings(actions: Iterable[str], taker: str = "app.take") -> list[BindingType]:
    """Bindings for some actions, for a screen's or a pane's BINDINGS: `taker` takes each, by default the app.

    They are remapped by the app's keymap.
    """
    return [
        Binding(",".join(map(named, BY_ID[action].keys)), f"{taker}('{action}')", BY_ID[action].title, id=action)
        for action in actions
    ]


def named(key: str) -> str:
    """Textual's name of a key: "+" is plus, "ctrl+S" is ctrl+s."""
    *modifiers, last = ["+"] if key == "+" else key.split("+")
    if modifiers:
        return "+".join([*sorted(modifiers), last.lower()])
    if key == ",":
        return "comma"
    (binding,) = Binding.make_bindings([(last, "")])
    return binding.key


def is_key(key: str) -> bool:
    """Whether a keyboard can send it."""
    *modifiers, last = ["+"] if key == "+" else key.split("+")
    known = len(last) == 1 and last.isprintable() and last != " "
    return _MODIFIERS.issuperset(modifiers) and (known or last in _NAMES or key_to_character(last) is not None)


def _refuse_clashes(chosen: Mapping[str, tuple[str, ...]], settings: Settings) -> None:
    taken: dict[tuple[Group | None, str], str] = {}
    for action, keys in sorted(chosen.items(), key=lambda pair: pair[0] in settings.keys):
        for key in keys:
            other = taken.setdefault((BY_ID[action].scope, named(key)), action)
            if other != action:
                mend = f"give {other} another key under [keys], or choose another for {action}"
                raise settings.error(f"keys.{action}", f"is {key}, and so is {other}", mend)
