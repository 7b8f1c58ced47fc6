"""Cells become pixels, each at its place and in its colours."""

from __future__ import annotations

import io

from PIL import Image

from cockpit.tui.pictures.cells import Run, screen_runs
from cockpit.tui.pictures.glyphs import CELL
from cockpit.tui.pictures.png import MARGIN, png
from cockpit.tui.pictures.svg import svg
from tests.tui.staged import cockpit, healthy

INK, GROUND, OTHER = (230, 237, 243), (13, 17, 23), (40, 60, 90)


def picture(*lines: list[Run]) -> Image.Image:
    """The lines, drawn and read again."""
    return Image.open(io.BytesIO(png(lines))).convert("RGB")


def cell(image: Image.Image, column: int, row: int) -> Image.Image:
    """One cell of a picture."""
    x, y = MARGIN + column * CELL.width, MARGIN + row * CELL.height
    return image.crop((x, y, x + CELL.width, y + CELL.height))


def colours(image: Image.Image) -> set[object]:
    """The colours in a picture."""
    return {colour for _, colour in image.getcolors(1 << 16) or []}


def test_every_cell_stands_at_its_place_in_its_colours() -> None:
    image = picture(
        [Run("ab", 2, INK, GROUND), Run("█", 1, OTHER, GROUND), Run("  ", 2, INK, OTHER)],
        [Run("日", 2, INK, GROUND), Run("e\u0301.", 2, INK, GROUND), Run(" ", 1, INK, GROUND)],
    )
    assert image.size == (5 * CELL.width + 2 * MARGIN, 2 * CELL.height + 2 * MARGIN)
    assert image.getpixel((0, 0)) == GROUND
    assert {INK, GROUND} <= colours(cell(image, 0, 0))
    assert colours(cell(image, 2, 0)) == {OTHER}
    assert colours(cell(image, 3, 0)) == colours(cell(image, 4, 0)) == {OTHER}
    assert len(colours(cell(image, 0, 1))) > 1
    assert len(colours(cell(image, 3, 1))) > 1  # the dot, after a letter with a mark on it
    assert colours(cell(image, 4, 1)) == {GROUND}


def test_lines_are_drawn_under_and_through() -> None:
    plain = picture([Run("  ", 2, INK, GROUND)])
    assert colours(plain) == {GROUND}
    for drawn in (Run("  ", 2, INK, GROUND, underlined=True), Run("  ", 2, INK, GROUND, struck=True)):
        assert colours(picture([drawn])) == {GROUND, INK}


def test_nothing_at_all_is_a_picture_too() -> None:
    assert picture().size == (2 * MARGIN, 2 * MARGIN)


async def test_the_cells_are_those_of_the_screen() -> None:
    app = cockpit(healthy())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        lines = screen_runs(app)
        shown = svg(app)
    assert [sum(run.cells for run in line) for line in lines] == [80] * 24
    assert "emergence-app" in "".join(run.text for run in lines[0] + lines[1])
    assert "emergence-app" in shown
    assert "@font-face" not in shown
    assert "<image" not in shown
