"""A screen as SVG: Textual's own export, which browsers show as a terminal would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

_FONT = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def svg(app: App[None]) -> str:
    """The picture of the screen that is on top. It loads nothing: the widths in it hold with any font."""
    return _FONT.sub("", app.export_screenshot(title="cockpit"))
