"""Text from anywhere as Markdown that formats nothing."""

from __future__ import annotations

import re

from cockpit.text import clean

# What would be emphasis, code, a link, a picture, HTML, or the end of a cell; an underscore in a word is none.
_SPECIAL = re.compile(r"[\\`*\[\]<>|~&!]|(?<![^\W_])_|_(?![^\W_])")


def plain(text: str) -> str:
    """Any text as Markdown that shows it as it is, in one line."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", clean(text))
