"""Themes from TOML files: checked, turned into Textual themes, and read again when their file changes."""

from __future__ import annotations

import difflib
import os
import re
from typing import TYPE_CHECKING, Annotated

import msgspec
from textual.theme import BUILTIN_THEMES, Theme

from cockpit.config import ConfigError, Place, read_toml
from cockpit.tui.colours import GROUNDS, ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

AUTO = "auto"
Colour = Annotated[str, msgspec.Meta(pattern="^#[0-9a-fA-F]{6}$")]


class Colours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a theme file says under `[colours]`. A colour is "#rrggbb".

    `background`, `surface` (dialogs) and `panel` (what stands out on them) are grounds, as are `cursor` (selected
    row of the focused pane), `cursor-dim` (of another pane) and `changed` (what moved just now); `border` and
    `focus` frame panes; `revisions` tells revisions apart.
    """

    background: Colour
    surface: Colour
    panel: Colour
    text: Colour
    muted: Colour
    border: Colour
    focus: Colour
    accent: Colour
    good: Colour
    warn: Colour
    bad: Colour
    cursor: Colour
    cursor_dim: Colour = msgspec.field(name="cursor-dim")
    changed: Colour
    revisions: Annotated[tuple[Colour, ...], msgspec.Meta(min_length=8, max_length=8)]


class ThemeFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme file: a word on what it is for, whether it is dark, and its colours."""

    about: str
    dark: bool
    colours: Colours


_PLAIN = "ansi_default"

OWN_VARIABLES = dict.fromkeys((*ROLES, *GROUNDS, "border", "focus"), _PLAIN)
"""The names that the cockpit's styles use beside Textual's own, in the terminal's foreground."""

_TEXTUALS = {name for name in BUILTIN_THEMES["ansi-dark"].variables if not name.endswith("-style")}

MONOCHROME = Theme(
    name="cockpit-monochrome",
    primary=_PLAIN,
    foreground=_PLAIN,
    background=_PLAIN,
    surface=_PLAIN,
    panel=_PLAIN,
    boost=_PLAIN,
    ansi=True,
    variables=dict.fromkeys(_TEXTUALS, _PLAIN)
    | OWN_VARIABLES
    | {"block-cursor-text-style": "reverse", "input-cursor-text-style": "reverse"},
)
"""The terminal's own two colours, for NO_COLOR: attributes say what colours say elsewhere."""


class Shelf:
    """The themes of some folders; where two have the same name, the earlier folder's is taken.

    `changed` compares the file in use with what it was when it was read, by one `stat`.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._seen: dict[str, tuple[int, int, int] | None] = {}

    def names(self) -> list[str]:
        """Every theme's name, sorted."""
        return sorted(self._files())

    def load(self, name: str) -> Theme:
        """Read one theme. Raises ConfigError."""
        path = self._files().get(name)
        if path is None:
            near = difflib.get_close_matches(name, self.names(), 1)
            mend = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(self.names())}"
            raise ConfigError(f"there is no theme {name}", mend)
        self._seen[name] = _stamp(path)
        tree, places = read_toml(path)
        try:
            return _themed(name, msgspec.convert(tree, ThemeFile))
        except msgspec.ValidationError as error:
            raise _located(str(error), places, path) from None

    def changed(self, name: str) -> bool:
        """Whether the file of a theme that was read is another one than it was."""
        path = self._files().get(name)
        return name in self._seen and path is not None and _stamp(path) != self._seen[name]

    def _files(self) -> dict[str, Path]:
        return {path.stem: path for folder in reversed(self._folders) for path in folder.glob("*.toml")}


def choose(name: str, environment: Mapping[str, str]) -> str:
    """The theme to use: "auto" follows the terminal's background where COLORFGBG tells it, and is dark elsewhere.

    COLORFGBG ("foreground;background" as ANSI numbers) is set by rxvt, konsole and iTerm; 7 and 9 to 15 are light.
    """
    if name != AUTO:
        return name
    ground = environment.get("COLORFGBG", "").rpartition(";")[2]
    return "light" if ground.isdigit() and int(ground) in {7, *range(9, 16)} else "dark"


def _themed(name: str, file: ThemeFile) -> Theme:
    colours = file.colours
    own = {f"revision-{number}": colour for number, colour in enumerate(colours.revisions, 1)}
    own |= {
        word.replace("_", "-"): getattr(colours, word) for word in ("muted", "border", "focus", "good", "warn")
    }
    own |= {
        "bad": colours.bad,
        "cursor": colours.cursor,
        "cursor-dim": colours.cursor_dim,
        "changed": colours.changed,
    }
    return Theme(
        name=f"cockpit-{name}",
        primary=colours.focus,
        secondary=colours.accent,
        accent=colours.accent,
        foreground=colours.text,
        background=colours.background,
        surface=colours.surface,
        panel=colours.panel,
        success=colours.good,
        warning=colours.warn,
        error=colours.bad,
        dark=file.dark,
        variables=own
        | {
            "text": colours.text,
            "text-muted": colours.muted,
            "block-cursor-background": colours.cursor,
            "block-cursor-foreground": colours.text,
            "border-blurred": colours.border,
        },
    )


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _located(message: str, places: Mapping[str, Place], file: Path) -> ConfigError:
    """A validation error of msgspec as one line with the file, the line and the key."""
    what, _, path = message.partition(" - at `$")
    key = re.sub(r"\[\d+\]", "", path.strip("`."))
    mend = ""
    if unknown := re.match(r"Object contains unknown field `(.+)`", what):
        known = [field.encode_name for field in msgspec.structs.fields(Colours if key else ThemeFile)]
        near = difflib.get_close_matches(unknown[1], known, 1)
        key = f"{key}.{unknown[1]}".strip(".")
        what, mend = "is no key of a theme", f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
    elif missing := re.match(r"Object missing required field `(.+)`", what):
        what, mend = f"lacks {missing[1]}", "copy it from one of the themes that ship"
    elif "matching regex" in what or ("`str`" in what and key.startswith("colours")):
        what, mend = "is not a colour", 'write it as "#rrggbb"'
    else:
        what = f"cannot be used: {what[:1].lower()}{what[1:]}"
    place = places.get(key) or places.get(key.rpartition(".")[0]) or Place(str(file))
    return ConfigError(f"{place}: {key} {what}".replace(":  ", ": "), mend)
