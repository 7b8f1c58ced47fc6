"""Which service of a fleet is worse, and what is said of each."""

from __future__ import annotations

from dataclasses import replace

from cockpit.release.fleet import (
    Member,
    Requests,
    canary_of,
    gravity,
    idle_tags_of,
    reason_of,
    shares_of,
    state_of,
)
from cockpit.release.service import ConditionState
from tests.live.test_fleet import service

FAILED, MOVING = ConditionState.FAILED, ConditionState.RECONCILING


def test_the_worst_come_first() -> None:
    calm = Requests(60.0, 100, 0)
    ordered = [
        Member(service("z-failed", state=FAILED), calm),
        Member(service("y-failing"), Requests(60.0, 100, 30)),
        Member(service("x-failing"), Requests(60.0, 100, 2)),
        Member(service("w-alarming"), calm, alerts=1),
        Member(service("v-moving", state=MOVING), calm),
        Member(service("u-some-errors"), Requests(60.0, 1000, 1)),
        Member(service("t-canary", canary=10), calm),
        Member(service("a-calm"), calm),
        Member(service("b-calm"), None),
    ]
    assert sorted([*ordered[5:], *ordered[:5]], key=gravity) == ordered


def test_a_service_without_a_ready_condition_is_unknown_and_never_ready() -> None:
    silent = replace(service("api"), conditions=())
    assert state_of(silent) is ConditionState.UNKNOWN
    assert state_of(replace(silent, reconciling=True)) is MOVING
    assert gravity(Member(silent)) < gravity(Member(service("api")))


def test_a_reason_is_given_where_it_does_not_stand_well() -> None:
    assert reason_of(service("api", state=FAILED)) == "why it is so"
    assert reason_of(service("api")) == ""


def test_the_canary_is_the_newest_revision_while_it_shares_the_traffic() -> None:
    assert canary_of(service("api", canary=10)) == ("api-00002-def", 10)
    assert canary_of(service("api")) is None
    assert canary_of(service("api", canary=100)) is None
    assert idle_tags_of(service("api")) == ("canary",)
    assert idle_tags_of(service("api", canary=10)) == ()
    assert shares_of(replace(service("api"), serving=())) == {}


def test_no_requests_are_no_share() -> None:
    assert Requests(60.0).error_share is None
    assert Requests(30.0, 10, 5).per_minute == 20.0
