"""From roles to styles: what "muted", "bad bold" or "revision-3" looks like in the theme at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from textual.color import Color

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REVISION_COLOURS = 8
FILLS = "█▒▚░▓▞▤▧"
"""One fill a revision colour, so that a bar reads without colours too."""

ROLES = ("muted", "good", "warn", "bad", "accent", *(f"revision-{n + 1}" for n in range(REVISION_COLOURS)))
GROUNDS = ("cursor", "cursor-dim", "changed")
_ATTRIBUTES = ("bold", "dim", "italic", "underline", "reverse", "strike")
_WITHOUT_COLOUR = {"bad": "bold", "warn": "bold", "accent": "bold", "muted": "dim", "cursor": "reverse"}


class Palette:
    """Styles by role. Without colours, attributes stand in for the roles that must not be missed."""

    def __init__(self, variables: Mapping[str, str], *, colours: bool = True) -> None:
        self._variables = variables
        self._colours = colours
        self._styles: dict[str, Style] = {}

    def style(self, role: str) -> Style:
        """The style of a role: names of colours, of backgrounds and of attributes, parted by spaces."""
        style = self._styles.get(role)
        if style is None:
            style = self._styles[role] = Style.combine([Style.null(), *map(self._word, role.split())])
        return style

    def _word(self, word: str) -> Style:
        if word in _ATTRIBUTES:
            return Style.parse(word)
        if not self._colours:
            return Style.parse(_WITHOUT_COLOUR.get(word, ""))
        colour = Color.parse(self._variables[word]).rich_color
        return Style(bgcolor=colour) if word in GROUNDS else Style(color=colour)


class Slots:
    """Which revision has which colour: given out on first sight and kept, so that a colour means one revision.

    Where all are taken, a slot that no revision in sight holds any more goes to the newcomer.
    """

    def __init__(self) -> None:
        self._slots: dict[str, int] = {}

    def give(self, revisions: Sequence[str]) -> Mapping[str, int]:
        """The slot of each revision in sight, 0-based."""
        for name in revisions:
            if name not in self._slots:
                self._slots[name] = self._free(revisions)
        return {name: self._slots[name] for name in revisions}

    def _free(self, in_sight: Sequence[str]) -> int:
        taken = set(self._slots.values())
        free = next((slot for slot in range(REVISION_COLOURS) if slot not in taken), None)
        if free is not None:
            return free
        gone = next((name for name in self._slots if name not in in_sight), None)
        return self._slots.pop(gone) if gone is not None else len(self._slots) % REVISION_COLOURS
