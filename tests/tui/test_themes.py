"""Themes: the ones that ship, the user's own, and those that cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from cockpit.config import ConfigError, shipped
from cockpit.tui.colours import GROUNDS, REVISION_COLOURS, ROLES, Palette
from cockpit.tui.themes import OWN_VARIABLES, Shelf, choose
from tests.tui import staged
from tests.tui.staged import until

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = Shelf([shipped("themes")])
DARK = (shipped("themes") / "dark.toml").read_text(encoding="utf-8")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.1, 1.4.3)."""

    def luminance(colour: str) -> float:
        channels = [
            value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
            for value in Color.parse(colour).normalized
        ]
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_promised_themes_ship() -> None:
    assert SHIPPED.names() == ["colour-blind", "dark", "high-contrast", "light"]


@pytest.mark.parametrize("name", SHIPPED.names())
def test_every_word_can_be_read_on_every_ground(name: str) -> None:
    theme = SHIPPED.load(name)
    least = 7.0 if name == "high-contrast" else 4.5
    assert theme.background
    grounds = {"background": theme.background} | {ground: theme.variables[ground] for ground in GROUNDS}
    words = {"text": theme.variables["text"]} | {role: theme.variables[role] for role in ROLES if role != "accent"}
    words["accent"] = theme.accent or ""
    for ground, under in grounds.items():
        # Muted words and the colours of revisions may stand back a little on a row that stands out.
        needed = least if ground == "background" else 3.0
        for word, over in words.items():
            assert contrast(over, under) >= needed, f"{word} on {ground}: {contrast(over, under):.1f}"


@pytest.mark.parametrize("name", SHIPPED.names())
def test_revisions_have_as_many_colours_as_they_have_slots(name: str) -> None:
    variables = SHIPPED.load(name).variables
    colours = [variables[f"revision-{number}"] for number in range(1, REVISION_COLOURS + 1)]
    assert len(set(colours)) == REVISION_COLOURS


def test_a_role_without_colours_is_told_by_attributes() -> None:
    plain = Palette({}, colours=False)
    assert plain.style("bad").bold
    assert plain.style("muted").dim
    assert plain.style("cursor").reverse
    assert plain.style("revision-3 bold").color is None


@pytest.mark.parametrize(
    ("before", "after", "says", "mend"),
    [
        ('good = "#5fd38d"', 'godo = "#5fd38d"', ":13: colours.godo is no key of a theme", "did you mean good?"),
        ('good = "#5fd38d"', "", ": colours lacks good", "copy it"),
        ('good = "#5fd38d"', 'good = "grene"', ":13: colours.good is not a colour", '"#rrggbb"'),
        ('good = "#5fd38d"', "good = 5", ":13: colours.good is not a colour", '"#rrggbb"'),
        ("dark = true", "dakr = true", ":2: dakr is no key of a theme", "did you mean dark?"),
        ("dark = true", "dark = 1", ":2: dark cannot be used: expected `bool`, got `int`", ""),
        ('"#a8a1ff"]', '"#a8a1f"]', ":19: colours.revisions is not a colour", '"#rrggbb"'),
        ('good = "#5fd38d"', 'good = "#5fd38d', ":13: not TOML:", "mend this line"),
    ],
)
def test_a_broken_theme_says_where_and_how_to_mend_it(
    tmp_path: Path, before: str, after: str, says: str, mend: str
) -> None:
    assert before in DARK
    file = tmp_path / "mine.toml"
    file.write_text(DARK.replace(before, after))
    with pytest.raises(ConfigError) as refused:
        Shelf([tmp_path]).load("mine")
    place, _, rest = str(refused.value).partition("mine.toml")
    assert place == f"{tmp_path}/"
    assert says in rest
    assert mend in refused.value.mend


def test_an_unknown_theme_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match="there is no theme drak") as refused:
        SHIPPED.load("drak")
    assert refused.value.mend == "did you mean dark?"


def test_a_users_theme_takes_the_place_of_the_one_that_ships(tmp_path: Path) -> None:
    (tmp_path / "dark.toml").write_text(DARK.replace("#0f1318", "#010203"))
    both = Shelf([tmp_path, shipped("themes")])
    assert both.load("dark").background == "#010203"
    assert both.names() == SHIPPED.names()


def test_a_shelf_without_its_folder_is_empty(tmp_path: Path) -> None:
    assert Shelf([tmp_path / "missing", shipped("themes")]).names() == SHIPPED.names()


@pytest.mark.parametrize(
    ("colours", "chosen"),
    [
        ("15;0", "dark"),
        ("0;15", "light"),
        ("0;default;15", "light"),
        ("0;7", "light"),
        ("", "dark"),
        ("?", "dark"),
    ],
)
def test_auto_follows_the_terminal_where_it_tells(colours: str, chosen: str) -> None:
    assert choose("auto", {"COLORFGBG": colours}) == chosen
    assert choose("high-contrast", {"COLORFGBG": colours}) == "high-contrast"


async def test_a_theme_is_worn_again_when_its_file_changes_and_kept_when_it_breaks(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(DARK)
    app = staged.cockpit(staged.healthy(), "mine", themes=tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        assert app.theme_variables["good"] == "#5fd38d"
        file.write_text(DARK.replace("#5fd38d", "#00ff00"))
        await until(pilot, lambda: app.theme_variables["good"] == "#00ff00")
        file.write_text(DARK.replace("#5fd38d", "no colour"))
        await until(pilot, lambda: "colours.good is not a colour" in app.main.footer.render_line(0).text)
        assert app.theme_variables["good"] == "#00ff00"


async def test_a_theme_that_is_broken_at_the_start_is_a_message() -> None:
    app = staged.cockpit(staged.healthy(), "drak")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert app.theme == "cockpit-dark"
        assert "there is no theme drak" in app.main.footer.render_line(0).text


async def test_the_next_theme_by_key_is_seen_in_what_is_drawn() -> None:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=(120, 40)) as pilot:
        before = app.main.revisions.render_line(1)
        await pilot.press("T")
        await pilot.pause()
        assert app.theme == "cockpit-high-contrast"
        assert app.main.revisions.render_line(1) != before


async def test_without_colours_nothing_has_a_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = staged.cockpit(staged.reconciling())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("T")
        view = app.main.revisions
        styles = [
            segment.style for y in range(view.size.height) for segment in view.render_line(y) if segment.style
        ]
        assert {style.color.name for style in styles if style.color} <= {"default"}
        assert {style.bgcolor.name for style in styles if style.bgcolor} <= {"default"}
        assert "NO_COLOR is set" in app.main.footer.render_line(0).text


def test_styles_find_the_cockpits_own_names_under_a_foreign_theme() -> None:
    assert set(OWN_VARIABLES) == {*ROLES, *GROUNDS, "border", "focus"}
