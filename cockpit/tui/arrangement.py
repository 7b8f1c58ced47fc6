"""How the panes are arranged now: by which preset, which had the focus, and whether one has the whole screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.tui.layout import PANES, layout
from cockpit.tui.presets import OVERVIEW, PRESETS

if TYPE_CHECKING:
    from cockpit.tui.layout import Layout
    from cockpit.tui.presets import Preset


class Arrangement:
    """At first by a preset, with the focus where that wants it."""

    def __init__(self, preset: Preset = OVERVIEW) -> None:
        self.preset = preset
        self.zoomed = False
        self._recent = [preset.main]

    @property
    def active(self) -> int:
        """The pane with the focus."""
        return self._recent[0]

    def focus(self, pane: int) -> None:
        """Another pane has the focus."""
        self._recent = [pane, *(each for each in self._recent if each != pane)]

    def neighbour(self, steps: int) -> int:
        """The pane so many further on than the one with the focus."""
        return PANES[(PANES.index(self.active) + steps) % len(PANES)]

    def choose(self, preset: Preset, pane: int = 0) -> None:
        """Arrange by a preset, as it is at first; with the focus on a pane, 0 for the preset's own."""
        self.preset, self.zoomed = preset, False
        self._recent = [preset.main]
        if pane in PANES:
            self.focus(pane)

    def following(self) -> Preset:
        """The preset after this one."""
        return PRESETS[(PRESETS.index(self.preset) + 1) % len(PRESETS)]

    def layout(self, width: int, height: int) -> Layout:
        """What is in view at a size in cells."""
        return layout(width, height, self._recent, self.preset, zoomed=self.zoomed)
