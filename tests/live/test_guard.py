"""Arming: what allows it, what ends it, and what it never outlives."""

from __future__ import annotations

import pytest

from cockpit.live.guard import UNDO_SECONDS, Guard, Safety
from cockpit.live.session import RefusedError
from cockpit.live.snapshot import Feed, FeedState, Problem

SAFETY = Safety(arm_seconds=300, fresh_seconds=15)


def feed(fresh_at: float | None = 1000.0, state: FeedState = FeedState.LIVE) -> Feed:
    problem = Problem("unreachable", "no answer", "check the network") if state is FeedState.FAILED else None
    return Feed("service", state, fresh_at, problem)


@pytest.fixture
def armed() -> Guard:
    guard = Guard(SAFETY)
    guard.arm(feed(), 1001)
    return guard


def test_it_counts_down_and_ends_by_itself(armed: Guard) -> None:
    assert armed.arming.seconds_left(1001) == 300
    armed.tick(feed(1300), 1300.9, travelling=False)
    assert armed.armed
    armed.tick(feed(1300), 1301, travelling=False)
    assert not armed.armed
    assert armed.arming.ended == "the time was over"


def test_arming_again_starts_the_countdown_anew(armed: Guard) -> None:
    armed.arm(feed(1200), 1200)
    assert armed.arming.seconds_left(1200) == 300


def test_a_machine_that_slept_wakes_up_read_only(armed: Guard) -> None:
    armed.tick(feed(), 1001 + 8 * 3600, travelling=False)
    assert not armed.armed


@pytest.mark.parametrize(
    ("found", "at", "why"),
    [
        (feed(), 1016, "16 s old"),
        (feed(1000, FeedState.FAILED), 1003, "cannot be read: no answer"),
        (feed(None), 1003, "not been read yet"),
        (None, 1003, "not been read yet"),
    ],
)
def test_data_that_are_not_to_be_trusted_disarm_and_forbid_arming(
    armed: Guard, found: Feed | None, at: float, why: str
) -> None:
    armed.tick(found, at, travelling=True)
    assert armed.armed
    armed.tick(found, at, travelling=False)
    assert not armed.armed
    assert why in armed.arming.ended
    with pytest.raises(RefusedError, match=why) as refused:
        armed.arm(found, at)
    assert refused.value.kind == "stale"
    assert refused.value.mend


def test_a_change_leaves_time_to_take_it_back(armed: Guard) -> None:
    armed.keep_for_undo(1290)
    assert armed.arming.seconds_left(1290) == UNDO_SECONDS
    fresh = Guard(SAFETY)
    fresh.arm(feed(), 1000)
    fresh.keep_for_undo(1010)
    assert fresh.arming.seconds_left(1010) == 290


def test_a_change_that_outlived_the_arming_does_not_arm_again(armed: Guard) -> None:
    armed.tick(feed(2000), 2000, travelling=True)
    armed.keep_for_undo(2000)
    assert not armed.armed


def test_the_user_needs_no_reason(armed: Guard) -> None:
    armed.disarm()
    assert armed.arming.ended == ""


def test_read_only_settings_win() -> None:
    guard = Guard(Safety(read_only=True))
    with pytest.raises(RefusedError) as refused:
        guard.arm(feed(), 1000)
    assert "config.toml" in refused.value.mend
