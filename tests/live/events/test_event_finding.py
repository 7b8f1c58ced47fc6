"""What two snapshots beside each other tell: which events, when, about what, by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from cockpit.live.app.picture import AppPicture, Health, ProbePicture
from cockpit.live.events.finder import EventFinder
from cockpit.live.metrics.picture import Conduct, MetricsPicture, TargetPicture
from cockpit.live.snapshot import Feed, FeedState, Outcome, Phase, Problem, Snapshot
from cockpit.metrics.alerts import Alert, AlertState
from cockpit.release.events import Event, EventKind
from cockpit.release.service import ConditionState
from cockpit.release.traffic import Target
from tests.tui import staged
from tests.tui.staged import (
    AT,
    BROKEN,
    CANARY,
    EPOCH,
    HISTORY,
    NOW,
    STABLE,
    ago,
    condition,
    healthy,
    service,
    split,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cockpit.release.traffic import Split

OTHERS = "ci@emergence-469005.iam.gserviceaccount.com"


def seen(*snapshots: Snapshot) -> list[Event]:
    """What happened at the last of some snapshots."""
    finder = EventFinder()
    *before, last = snapshots
    for snapshot in before:
        finder.look(snapshot)
    return list(finder.look(last).seen)


def kinds(events: Iterable[Event]) -> list[EventKind]:
    """Their kinds."""
    return [event.kind for event in events]


def written(
    asked: Split, serving: Split | None = None, *, after: float = 0.0, generation: int = 43, **changes: object
) -> Snapshot:
    """Healthy, but for a write of traffic two seconds before now and `after` seconds later on the clock."""
    changed = service(
        asked,
        serving,
        generation=generation,
        updated=ago(seconds=2),
        last_modifier=OTHERS,
        client="gcloud 541.0.0",
        **changes,
    )
    return later(replace(healthy(), service=changed), after)


def later(snapshot: Snapshot, seconds: float) -> Snapshot:
    """The same, some seconds later."""
    feeds = tuple(replace(feed, fresh_at=(feed.fresh_at or 0.0) + seconds) for feed in snapshot.feeds)
    return replace(snapshot, at=AT + seconds, wall=NOW + timedelta(seconds=seconds), feeds=feeds)


def test_at_the_first_look_revisions_have_the_times_that_the_api_tells() -> None:
    events = {(event.kind, event.subject): event for event in seen(healthy())}
    made = events[EventKind.REVISION_CREATED, CANARY]
    assert (made.at, made.who) == (ago(minutes=12).timestamp(), "release@emergence-469005.iam.gserviceaccount.com")
    assert made.text.startswith("00279-kub created from ")
    assert ("label commit-sha", "4f1c2d9") in made.details
    ready = events[EventKind.REVISION_READY, STABLE]
    assert (ready.at, ready.text) == (ago(days=3).timestamp() + 67, "00275-2jb ready after 1 min 7 s")
    failed = events[EventKind.REVISION_FAILED, BROKEN]
    assert failed.text == "00276-jvb failed: No module named 'backend'"
    assert (EventKind.REVISION_READY, BROKEN) not in events


def test_a_look_at_the_same_snapshot_tells_nothing_new() -> None:
    assert seen(healthy(), healthy()) == []
    assert seen(healthy(), later(healthy(), 7.0)) == []


def test_a_revision_is_created_and_then_ready_or_failed() -> None:
    arriving = replace(
        staged.revision("emergence-app-00280-new", NOW, ready_after=52),
        conditions=(condition("Ready", ConditionState.RECONCILING, NOW),),
    )
    ready = staged.revision("emergence-app-00280-new", NOW, ready_after=52)
    without, with_one = healthy(), replace(healthy(), revisions=(arriving, *healthy().revisions))
    assert kinds(seen(without, with_one)) == [EventKind.REVISION_CREATED]
    [event] = seen(with_one, replace(with_one, revisions=(ready, *healthy().revisions)))
    assert (event.kind, event.at, event.text) == (
        EventKind.REVISION_READY,
        NOW.timestamp() + 52,
        "00280-new ready after 52 s",
    )
    failed = staged.failed_revision("emergence-app-00280-new", NOW)
    [event] = seen(with_one, replace(with_one, revisions=(failed, *healthy().revisions)))
    assert event.kind is EventKind.REVISION_FAILED


def test_a_condition_whose_time_moves_is_no_second_event() -> None:
    stable = next(each for each in healthy().revisions if each.name == STABLE)
    moved = tuple(replace(each, since=NOW) for each in stable.conditions)
    others = tuple(each for each in healthy().revisions if each.name != STABLE)
    assert seen(healthy(), replace(healthy(), revisions=(replace(stable, conditions=moved), *others))) == []


def test_last_words_take_the_place_of_the_failure_that_had_none() -> None:
    before, after = healthy(), replace(healthy(), last_words={BROKEN: "ImportError: no libpq"})
    [told] = [each for each in seen(before) if each.kind is EventKind.REVISION_FAILED]
    [more] = seen(before, after)
    assert (more.key, more.at) == (told.key, told.at)
    assert more.text == "00276-jvb failed: ImportError: no libpq"


def test_traffic_asked_by_another_hand_names_it_its_tool_and_both_sides() -> None:
    [event] = seen(healthy(), written(split(stable=75, canary=25), split(stable=90, canary=10)))
    assert (event.kind, event.at, event.who) == (
        EventKind.TRAFFIC_ASKED,
        ago(seconds=2).timestamp(),
        OTHERS,
    )
    assert event.text == "asked: 00279-kub 10 → 25 %, 00275-2jb 90 → 75 %"
    assert (event.subject, event.revision) == (CANARY, CANARY)
    assert dict(event.details) == {
        "before": "00275-2jb 90 %, 00279-kub 10 %",
        "after": "00275-2jb 75 %, 00279-kub 25 %",
        "generation": "43",
        "client": "gcloud 541.0.0",
    }


def test_traffic_asked_from_here_names_who_is_at_the_keyboard_and_not_the_tool_before() -> None:
    asked = split(stable=75, canary=25)
    ours = staged.change(id=8, after=asked, generation=42, phase=Phase.VERIFYING, outcome=None)
    [event] = seen(healthy(), replace(written(asked, split(stable=90, canary=10)), change=ours))
    assert event.who == "ops@example.com"
    assert ("made with", "cockpit") in event.details
    assert "client" not in dict(event.details)


def test_traffic_serves_when_the_routes_are_ready_and_the_lag_is_told() -> None:
    asked, old = split(stable=75, canary=25), split(stable=90, canary=10)
    ready = condition("RoutesReady", ConditionState.SUCCEEDED, NOW + timedelta(seconds=1.4))
    waiting = written(asked, old)
    [event] = seen(healthy(), waiting, written(asked, after=3.0, conditions=(ready,)))
    assert (event.kind, event.at) == (EventKind.TRAFFIC_SERVING, NOW.timestamp() + 1.4)
    assert event.text == "serving: 00275-2jb 75 %, 00279-kub 25 %, 3.4 s after it was asked"
    [event] = seen(healthy(), waiting, written(asked, after=3.0))
    assert event.at == NOW.timestamp() + 3.0, "when it was seen, where the API does not say"


def test_what_serves_without_having_been_asked_says_so() -> None:
    [event] = seen(healthy(), replace(healthy(), service=service(split(stable=90, canary=10), split(stable=100))))
    assert event.text == "serving: 00275-2jb 100 %, which is not what was asked"


@pytest.mark.parametrize(
    ("before", "after", "text", "revision"),
    [
        ((), (Target(CANARY, tag="next"),), "tag next put on 00279-kub", CANARY),
        ((Target(CANARY, tag="next"),), (), "tag next taken from 00279-kub", CANARY),
        (
            (Target(CANARY, tag="next"),),
            (Target(STABLE, tag="next"),),
            "tag next moved 00279-kub → 00275-2jb",
            STABLE,
        ),
    ],
)
def test_tags_are_put_moved_and_taken(before: Split, after: Split, text: str, revision: str) -> None:
    shares = (Target(STABLE, 100),)
    old = replace(healthy(), service=service((*shares, *before)))
    [event] = seen(old, written((*shares, *after)))
    assert (event.kind, event.subject, event.text, event.revision) == (
        EventKind.TAG_MOVED,
        "next",
        text,
        revision,
    )
    assert event.who == OTHERS


def test_the_journal_s_changes_are_told_once_the_service_was_read() -> None:
    finder = EventFinder()
    unread = replace(healthy(), service=None, revisions=())
    assert finder.look(unread).told == ()
    told = finder.look(healthy()).told
    assert [(event.kind, event.at) for event in told] == [
        (EventKind.TRAFFIC_ASKED, ago(minutes=6).timestamp()),
        (EventKind.TRAFFIC_SERVING, ago(minutes=6).timestamp() + 3.4),
        (EventKind.TRAFFIC_ASKED, ago(minutes=41).timestamp()),
        (EventKind.TRAFFIC_SERVING, ago(minutes=41).timestamp() + 2.8),
        (EventKind.TRAFFIC_ASKED, ago(minutes=58).timestamp()),
    ]
    assert {event.who for event in told if event.kind is EventKind.TRAFFIC_ASKED} == {"ops@example.com"}
    assert finder.look(later(healthy(), 1.0)).told == ()


def test_what_the_journal_tells_of_a_change_has_the_key_of_what_was_seen_of_it() -> None:
    asked = split(stable=75, canary=25)
    ready = condition("RoutesReady", ConditionState.SUCCEEDED, NOW)
    live = {event.key for event in seen(healthy(), written(asked, conditions=(ready,)))}
    ended = staged.change(
        id=8, before=split(stable=90, canary=10), after=asked, generation=42, generation_after=43
    )
    told = EventFinder().look(replace(healthy(), history=(ended,))).told
    assert {event.key for event in told} == live


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.OVERTAKEN])
def test_changes_that_moved_nothing_are_no_events(outcome: Outcome) -> None:
    change = replace(HISTORY[0], outcome=outcome, generation_after=0, time_to_serving=None)
    assert EventFinder().look(replace(healthy(), history=(change,))).told == ()


def alert(state: AlertState, **given: object) -> Alert:
    """The failure ratio's alert."""
    made = Alert(
        "FailureRatio",
        "memory",
        state,
        labels=(("alertname", "FailureRatio"), ("revision", CANARY)),
        since=EPOCH + AT - 100,
        value=0.148,
        comparison=">",
        threshold=0.1,
        revision=CANARY,
    )
    return replace(made, **given)  # type: ignore[arg-type]


def ruled(*alerts: Alert, after: float = 0.0) -> Snapshot:
    """Healthy, with alerts as they were read `after` seconds later."""
    picture = MetricsPicture(alerts=alerts, read_at=AT + after, epoch=EPOCH)
    return later(replace(healthy(), metrics=picture), after)


def test_an_alert_fires_when_its_time_was_up_and_clears_when_it_was_read_to_be_well() -> None:
    pending = ruled(alert(AlertState.PENDING, fires_at=EPOCH + AT + 20))
    firing = ruled(alert(AlertState.FIRING), after=21.5)
    [fired] = seen(ruled(), pending, firing)
    assert (fired.kind, fired.at, fired.revision) == (EventKind.ALERT_FIRED, EPOCH + AT + 20, CANARY)
    assert fired.text == "FailureRatio fires: 0.148 > 0.1"
    [cleared] = seen(ruled(), pending, firing, ruled(alert(AlertState.INACTIVE, labels=()), after=80.0))
    assert (cleared.kind, cleared.at) == (EventKind.ALERT_CLEARED, EPOCH + AT + 80)
    assert cleared.text == "FailureRatio cleared after 1 min"
    assert cleared.key.partition("/")[2] == fired.key.partition("/")[2]


@pytest.mark.parametrize("state", [AlertState.NO_DATA, AlertState.BROKEN])
def test_an_alert_without_data_has_not_cleared(state: AlertState) -> None:
    firing, unknown = ruled(alert(AlertState.FIRING)), ruled(alert(state, labels=()), after=5.0)
    assert seen(firing, unknown) == []
    assert kinds(seen(firing, unknown, ruled(after=9.0))) == [EventKind.ALERT_CLEARED]


def test_an_alert_that_fires_again_is_another_event() -> None:
    first, well = ruled(alert(AlertState.FIRING)), ruled(after=5.0)
    again = ruled(alert(AlertState.FIRING, since=EPOCH + AT + 8), after=9.0)
    finder = EventFinder()
    found = [event for each in (first, well, again) for event in finder.look(each).seen if "alert" in event.key]
    assert kinds(found) == [EventKind.ALERT_FIRED, EventKind.ALERT_CLEARED, EventKind.ALERT_FIRED]
    assert len({event.key for event in found}) == 3


WHY = Problem("unreachable", "no answer: connection refused", "is it running?")


def feeding(state: FeedState, fresh_at: float | None, after: float = 0.0) -> Snapshot:
    """Healthy, but for how the service's feed stands."""
    feed = Feed("service", state, fresh_at, WHY if state is not FeedState.LIVE else None)
    return replace(healthy(), feeds=(feed,), at=AT + after)


def test_a_feed_was_lost_when_it_was_heard_last_and_is_back_with_its_next_answer() -> None:
    lost = feeding(FeedState.FAILED, AT - 1, after=30.0)
    [event] = seen(feeding(FeedState.LIVE, AT - 1), lost)
    assert (event.kind, event.at) == (EventKind.FEED_LOST, EPOCH + AT - 1)
    assert event.text == "service lost: no answer: connection refused"
    stale = feeding(FeedState.STALE, AT - 1, after=40.0)
    [back] = seen(feeding(FeedState.LIVE, AT - 1), lost, stale, feeding(FeedState.LIVE, AT + 41, after=41.0))
    assert (back.kind, back.at, back.text) == (EventKind.FEED_BACK, EPOCH + AT + 41, "service back after 42 s")


def test_a_feed_that_is_only_late_is_not_lost() -> None:
    assert seen(feeding(FeedState.LIVE, AT), feeding(FeedState.STALE, AT, after=16.0)) == []


def scraping(state: FeedState, conduct: Conduct = Conduct.SCRAPING) -> Snapshot:
    """Healthy, but for how the scraping of a tag's URL stands."""
    target = TargetPicture("https://canary---app.run.app", "canary", CANARY, Feed("metrics", state, AT), conduct)
    return replace(healthy(), metrics=MetricsPicture(targets=(target,)))


def test_metrics_that_are_lost_are_named_by_their_tag_and_resting_ones_are_not_lost() -> None:
    [event] = seen(scraping(FeedState.LIVE), scraping(FeedState.FAILED))
    assert event.subject == "metrics of canary"
    assert seen(scraping(FeedState.LIVE), scraping(FeedState.FAILED, Conduct.RESTING)) == []


def probed(health: Health, *, resting: bool = False, since: datetime | None = None) -> Snapshot:
    """Healthy, but for a probe of the canary's health."""
    at = since.timestamp() if since is not None else None
    probe = ProbePicture(
        "https://canary---app.run.app",
        "canary",
        CANARY,
        "/api/health",
        Feed("probe"),
        health,
        "500 instead of 200" if health is Health.FAILING else "",
        since=at,
        resting=resting,
    )
    return replace(healthy(), app=AppPicture((probe,)))


def test_health_changes_at_the_time_that_the_probe_knows() -> None:
    [event] = seen(probed(Health.OK), probed(Health.FAILING, since=NOW))
    assert (event.kind, event.at, event.revision) == (EventKind.HEALTH_CHANGED, NOW.timestamp(), CANARY)
    assert event.text == "canary/api/health is failing: 500 instead of 200"
    assert dict(event.details)["before"] == "ok"


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        (probed(Health.UNKNOWN), probed(Health.OK), 0),
        (probed(Health.UNKNOWN), probed(Health.FAILING), 1),
        (probed(Health.OK), probed(Health.UNKNOWN), 1),
        (probed(Health.OK), probed(Health.UNKNOWN, resting=True), 0),
        (probed(Health.DEGRADED), probed(Health.OK), 1),
    ],
)
def test_to_be_well_at_first_is_no_change_and_nor_is_rest(before: Snapshot, after: Snapshot, count: int) -> None:
    assert len(seen(before, after)) == count
