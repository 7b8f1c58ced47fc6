"""What decides which keys can be taken."""

from __future__ import annotations

from dataclasses import replace

from cockpit.actions import BY_ID, Facts
from cockpit.live.snapshot import Arming
from cockpit.tui.views.facts import facts_of
from tests.tui import staged


def test_an_arming_that_ended_by_itself_can_begin_again() -> None:
    snapshot = replace(staged.healthy(), arming=Arming(ended="the time was over"))
    assert BY_ID["arm"].why_not(facts_of(snapshot, "", Facts())) == ""


def test_a_cockpit_that_is_read_only_by_its_settings_says_so() -> None:
    snapshot = replace(staged.healthy(), arming=Arming(forbidden="read_only is set in [safety]"))
    assert BY_ID["arm"].why_not(facts_of(snapshot, "", Facts())) == "read_only is set in [safety]"
