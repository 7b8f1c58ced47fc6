"""What stands in every cell of the screen, in the colours that are seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import SVG_EXPORT_THEME

from cockpit.text import width

if TYPE_CHECKING:
    from rich.color import Color
    from textual.app import App

Colour = tuple[int, int, int]

DIM = 0.4
"""How far a dim text fades into its ground."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line in one style, `cells` wide."""

    text: str
    cells: int
    ink: Colour
    ground: Colour
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    struck: bool = False


def screen_runs(app: App[None]) -> list[list[Run]]:
    """The lines of the screen that is on top, with what shows from under it."""
    console = Console(width=app.size.width, height=app.size.height, color_system="truecolor", force_terminal=True)
    # Textual's own way to its picture, and the only one to the whole screen.
    drawn = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    assert drawn is not None  # all of it was asked for
    segments = Segment.filter_control(console.render(drawn))
    return [[_run(segment) for segment in line if segment.text] for line in Segment.split_lines(segments)]


def _run(segment: Segment) -> Run:
    style = segment.style or Style.null()
    ink, ground = _colour(style.color, foreground=True), _colour(style.bgcolor, foreground=False)
    if style.reverse:
        ink, ground = ground, ink
    if style.dim:
        ink = _faded(ink, ground)
    return Run(
        segment.text,
        width(segment.text),
        ink,
        ground,
        bold=bool(style.bold),
        italic=bool(style.italic),
        underlined=bool(style.underline),
        struck=bool(style.strike),
    )


def _colour(colour: Color | None, *, foreground: bool) -> Colour:
    theme = SVG_EXPORT_THEME
    if colour is None:
        red, green, blue = theme.foreground_color if foreground else theme.background_color
    else:
        red, green, blue = colour.get_truecolor(theme, foreground=foreground)
    return red, green, blue


def _faded(ink: Colour, ground: Colour) -> Colour:
    red, green, blue = (round(one + (other - one) * DIM) for one, other in zip(ink, ground, strict=True))
    return red, green, blue
