"""Where back is: which split a roll-back and which change an undo goes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from cockpit.live.rollback import SplitSeen, rollback_of, seen_in, undoable
from cockpit.live.snapshot import Change, Outcome, Phase
from cockpit.release.plan import Intent
from cockpit.release.traffic import LATEST, Split, Target
from tests.live.scripted import AT_FIRST, TENTH, service
from tests.sources.local import CANARY, REF, STABLE

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FOLLOWS_LATEST: Split = (Target(LATEST, 100),)
REVISIONS = (STABLE, CANARY)


def seen(split: Split, latest_ready: str = CANARY) -> SplitSeen:
    return SplitSeen(NOW, split, latest_ready, 1)


def change(number: int, before: Split, after: Split, intent: Intent = Intent.SHIFT) -> Change:
    return Change(
        number,
        REF,
        intent,
        before,
        after,
        Phase.DONE,
        "ana",
        NOW,
        outcome=Outcome.APPLIED,
        generation=number,
        generation_after=number + 1,
    )


def test_what_is_in_flux_or_not_served_is_not_seen() -> None:
    assert seen_in(service(), NOW) == SplitSeen(NOW, AT_FIRST, CANARY, 4, "ana@example.com")
    assert seen_in(service(reconciling=True), NOW) is None
    assert seen_in(service(TENTH, serving=AT_FIRST), NOW) is None


def test_the_last_split_with_other_percents_keeps_todays_tags() -> None:
    now = service((Target(STABLE, 90), Target(CANARY, 10), Target(CANARY, 0, "next")))
    assert rollback_of(now, [seen(TENTH), seen(AT_FIRST)], REVISIONS) == (
        Target(STABLE, 100),
        Target(CANARY, 0, "next"),
    )


def test_a_change_of_tags_alone_is_no_change_of_traffic() -> None:
    tagged = (Target(STABLE, 100),)
    assert rollback_of(service(AT_FIRST), [seen(AT_FIRST), seen(tagged)], REVISIONS) is None


def test_a_deploy_that_latest_followed_goes_back_to_what_latest_was() -> None:
    now = service(FOLLOWS_LATEST, latest_ready="bad")
    assert rollback_of(now, [seen(FOLLOWS_LATEST, "bad"), seen(FOLLOWS_LATEST, CANARY)], (*REVISIONS, "bad")) == (
        Target(CANARY, 100),
    )


def test_latest_stays_latest_where_it_still_means_the_same() -> None:
    assert rollback_of(service(TENTH), [seen(TENTH), seen(FOLLOWS_LATEST)], REVISIONS) == (
        Target(LATEST, 100),
        Target(CANARY, 0, "canary"),
    )


def test_what_needs_a_revision_that_is_gone_is_passed_over() -> None:
    gone = ((Target("gone", 100),),)
    past = [seen(TENTH), seen(gone[0]), seen(AT_FIRST)]
    assert rollback_of(service(TENTH), past, REVISIONS) == AT_FIRST
    assert rollback_of(service(TENTH), past, ()) == (Target("gone", 100), Target(CANARY, 0, "canary"))


def test_undo_goes_back_step_by_step() -> None:
    quarter = (Target(STABLE, 75), Target(CANARY, 25))
    first, second = change(1, AT_FIRST, TENTH), change(2, TENTH, quarter)
    undo = change(3, quarter, TENTH, Intent.UNDO)
    assert undoable([second, first], quarter) == second
    assert undoable([undo, second, first], TENTH) == first
    third = change(4, TENTH, quarter)
    assert undoable([third, undo, second, first], quarter) == third
    assert undoable([change(5, quarter, TENTH, Intent.UNDO), third, undo, second, first], TENTH) == first


def test_what_did_not_take_hold_is_not_undone() -> None:
    first = change(1, AT_FIRST, TENTH)
    for outcome in (Outcome.REFUSED, Outcome.OVERTAKEN):
        assert undoable([replace(change(2, TENTH, AT_FIRST), outcome=outcome), first], TENTH) == first
    lost = replace(change(2, TENTH, AT_FIRST), outcome=Outcome.FAILED, generation_after=2)
    assert undoable([lost, first], TENTH) == first


def test_what_failed_to_serve_or_is_unknown_but_stands_in_the_spec_is_undone() -> None:
    failed = replace(change(2, AT_FIRST, TENTH), outcome=Outcome.FAILED)
    assert undoable([failed], TENTH) == failed
    unknown = replace(failed, outcome=Outcome.UNKNOWN, generation_after=0)
    assert undoable([unknown], TENTH) == unknown
    assert undoable([unknown], AT_FIRST) is None
