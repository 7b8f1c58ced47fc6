"""Keys: the registry's own, and what the user makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cockpit.actions import ACTIONS, BY_ID, Facts
from cockpit.config import ConfigError, load
from cockpit.tui.deeds import Deeds
from cockpit.tui.keys import DEFAULT_KEYMAP, Keymap, is_key, keymap, named
from tests.tui.staged import cockpit, healthy

if TYPE_CHECKING:
    from pathlib import Path


def keymap_of(folder: Path, text: str) -> Keymap:
    """The keymap of a configuration file with these lines."""
    file = folder / "config.toml"
    file.write_text(text)
    return keymap(load(file, {}))


def test_every_action_has_an_id_of_its_own_and_a_key_no_other_has() -> None:
    assert len(BY_ID) == len(ACTIONS)
    keys = [(action.scope, named(key)) for action in ACTIONS for key in action.keys]
    assert len(keys) == len(set(keys))
    assert all(is_key(key) for action in ACTIONS for key in action.keys)


def test_every_action_is_done_by_somebody() -> None:
    deeds = Deeds(cockpit(healthy()))
    assert deeds.names == set(BY_ID)


def test_what_leads_to_a_write_is_marked_and_has_a_headless_command() -> None:
    assert {action.id for action in ACTIONS if action.danger} == {
        "shift", "more", "less", "promote", "rollback", "undo", "tags"
    }  # fmt: skip
    assert all(action.headless for action in ACTIONS if action.danger)


@pytest.mark.parametrize("action", [action for action in ACTIONS if action.danger], ids=lambda action: action.id)
def test_nothing_is_changed_before_it_is_read_or_while_a_change_is_under_way(action: object) -> None:
    known = BY_ID[getattr(action, "id", "")]
    ready = Facts(
        loaded=True,
        selected="00279-kub",
        selected_percent=10,
        selected_ready=True,
        can_roll_back=True,
        can_undo=True,
    )
    assert known.why_not(Facts()) == "the service has not been read yet"
    assert known.why_not(ready) == ""
    busy = Facts(loaded=True, busy="writing", selected="00279-kub", selected_percent=10, selected_ready=True)
    assert known.why_not(busy) == "a change is under way: writing"


def test_a_user_remaps_keys(tmp_path: Path) -> None:
    mine = keymap_of(tmp_path, '[keys]\nshift = ["S", "ctrl+s"]\npalette = []\n')
    assert mine.shown("shift") == "S"
    assert mine.shown("palette") == ""
    assert mine.shown("promote") == DEFAULT_KEYMAP.shown("promote")
    assert mine.remapped() == {"shift": "S,ctrl+s", "palette": "unbound"}


def test_two_actions_can_swap_keys(tmp_path: Path) -> None:
    mine = keymap_of(tmp_path, '[keys]\nshift = "p"\npromote = "s"\n')
    assert (mine.shown("shift"), mine.shown("promote")) == ("p", "s")


@pytest.mark.parametrize(
    ("line", "says", "mend"),
    [
        ('shfit = "s"', "keys.shfit is no action of the cockpit", "did you mean shift?"),
        ('shift = "crtl+s"', "keys.shift names no key: 'crtl+s'", "write a character"),
        ('shift = "f99"', "keys.shift names no key: 'f99'", "write a character"),
        ('shift = "p"', "keys.shift is p, and so is promote", "give promote another key"),
        ('log_wrap = "t"', "keys.log_wrap is t, and so is log_trace", "give log_trace another key"),
        ('refresh = "plus"', "keys.refresh is plus, and so is more", "give more another key"),
    ],
)
def test_what_cannot_be_is_said_with_its_line_and_the_mend(
    tmp_path: Path, line: str, says: str, mend: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        keymap_of(tmp_path, f"[keys]\n\n{line}\n")
    assert str(refused.value) == f"{tmp_path / 'config.toml'}:3: {says}"
    assert mend in refused.value.mend


async def test_a_remapped_key_takes_its_action_and_the_old_one_no_more() -> None:
    swapped = Keymap({**DEFAULT_KEYMAP.keys, "fold": ("f",), "help": ()})
    app = cockpit(healthy(), keymap=swapped)
    async with app.run_test(size=(120, 40)) as pilot:
        assert not app.main.revisions.unfolded
        await pilot.press("z")
        assert not app.main.revisions.unfolded
        await pilot.press("f")
        assert app.main.revisions.unfolded
        await pilot.press("question_mark")
        assert app.screen is app.main
