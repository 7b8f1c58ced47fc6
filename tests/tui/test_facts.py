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


def test_a_browser_only_looks_on() -> None:
    facts = facts_of(staged.healthy(), staged.CANARY, Facts(in_browser=True, has_logs=True))
    for action in ("arm", "shift", "more", "less", "promote", "rollback", "undo", "tags"):
        assert BY_ID[action].why_not(facts) == "changes are made from the terminal: a browser only looks on"
    assert "not from a browser" in BY_ID["log_write"].why_not(facts)
    for action in ("copy", "detail", "whole_logs", "log_copy"):
        assert BY_ID[action].why_not(facts) == ""
