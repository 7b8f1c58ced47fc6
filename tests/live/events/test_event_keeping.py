"""Events are kept once each, in order; what served is kept as spans, with gaps where nobody looked."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.live.events.finder import EventFinder
from cockpit.live.events.log import EventLog
from cockpit.live.events.shares import LONGEST_SILENCE, ShareSpans
from cockpit.live.events.timeline import MOST_NOTE, LiveTimeline, PastTimeline
from cockpit.live.session import RefusedError
from cockpit.live.snapshot import Feed, FeedState, Snapshot
from cockpit.live.timeline import Shares
from cockpit.release.events import Event, EventKind
from cockpit.release.traffic import Target
from tests.live.clocks import FakeClock
from tests.tui.staged import AT, CANARY, EPOCH, REF, STABLE, ago, healthy, service, split


def note(at: float, key: str, text: str = "") -> Event:
    """An event."""
    return Event(at, EventKind.NOTE, "note", text, key)


def test_events_are_in_order_and_one_of_a_key_takes_the_other_s_place() -> None:
    log = EventLog()
    assert log.put(note(2, "b"))
    assert log.put(note(1, "a"))
    assert not log.put(note(1, "a"))
    assert log.put(note(3, "b", "more"))
    assert [(event.at, event.text) for event in log.events] == [(1, ""), (3, "more")]


def test_what_is_recalled_gives_way_to_what_is_known() -> None:
    log = EventLog()
    log.put(note(2, "b", "mine"))
    news = log.recall([note(1, "a"), note(9, "b", "theirs")])
    assert [event.key for event in news] == ["a"]
    assert [(event.at, event.text) for event in log.events] == [(1, ""), (2, "mine")]


def test_of_too_many_events_the_oldest_leave_and_are_counted() -> None:
    log = EventLog(most=3)
    for at in range(5):
        log.put(note(at, str(at)))
    assert [event.at for event in log.events] == [2, 3, 4]
    assert log.dropped == 2
    assert not log.put(note(0, "too old"))


def test_the_sequence_is_the_same_object_until_something_is_new() -> None:
    log = EventLog()
    log.put(note(1, "a"))
    before = log.events
    log.put(note(1, "a"))
    assert log.events is before
    log.put(note(2, "b"))
    assert log.events is not before


class _World:
    """A service that others write to, read now and then."""

    def __init__(self) -> None:
        self.now = 0.0
        self.generation = 1
        self.shares = {STABLE: 100}
        self.tag = STABLE

    def write(self, percent: int, tag: str) -> None:
        """Another split, and the tag on another revision."""
        self.shares = {name: share for name, share in ((STABLE, 100 - percent), (CANARY, percent)) if share}
        self.tag = tag
        self.generation += 1

    def read(self) -> Snapshot:
        """What a read of it gives: it serves what was asked."""
        asked = tuple(Target(name, share) for name, share in self.shares.items())
        updated = ago(seconds=1000 - self.generation)
        made = service((*asked, Target(self.tag, tag="canary")), generation=self.generation, updated=updated)
        feed = Feed("service", FeedState.LIVE, AT + self.now)
        return replace(healthy(), at=AT + self.now, service=made, history=(), feeds=(feed,))


STEPS = st.lists(
    st.tuples(st.integers(0, 100), st.sampled_from((STABLE, CANARY)), st.floats(0.1, 50)), max_size=12
)


def walked(steps: list[tuple[int, str, float]]) -> list[Snapshot]:
    """A snapshot for every write, and the one before all of them."""
    world = _World()
    found = [world.read()]
    for percent, tag, seconds in steps:
        world.now += seconds
        world.write(percent, tag)
        found.append(world.read())
    return found


def events_of(snapshots: list[Snapshot]) -> list[Event]:
    """What a session that saw them found."""
    finder = EventFinder()
    return [event for snapshot in snapshots for event in finder.look(snapshot).seen]


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_no_event_comes_twice_and_none_is_lost(steps: list[tuple[int, str, float]]) -> None:
    found = walked(steps)
    events = events_of(found)
    assert max(Counter(event.key for event in events).values(), default=0) <= 1
    asked = [event for event in events if event.kind is EventKind.TRAFFIC_ASKED]
    splits = [one.service.spec for one in found if one.service is not None]
    shares = [tuple(each for each in spec if each.percent) for spec in splits]
    assert len(asked) == sum(one != other for one, other in pairwise(shares))
    sides = [dict(event.details) for event in asked]
    assert all(one["after"] == other["before"] for one, other in pairwise(sides))


@settings(max_examples=60, deadline=None)
@given(STEPS, st.data())
def test_two_cockpits_and_a_restarted_one_have_one_event_for_what_happened(
    steps: list[tuple[int, str, float]], data: st.DataObject
) -> None:
    found = walked(steps)
    cut = data.draw(st.integers(0, len(found)))
    whole = EventLog()
    for event in events_of(found):
        whole.put(event)
    joined = EventLog()
    for part in (found[: cut + 1], found[cut:], found):
        joined.recall(events_of(part))
    assert {event.key for event in joined.events} == {event.key for event in whole.events}


def read(at: float, *, stable: int = 100, fresh: float | None = None) -> Snapshot:
    """What a read at a moment found."""
    feed = Feed("service", FeedState.LIVE, at if fresh is None else fresh)
    return replace(
        healthy(), at=at, epoch=0.0, service=service(split(stable=stable, canary=100 - stable)), feeds=(feed,)
    )


def test_what_served_goes_on_while_it_is_read_and_changes_when_it_began_to_serve() -> None:
    spans = ShareSpans()
    for at in (10.0, 15.0, 20.0):
        assert spans.saw(read(at))
    assert not spans.saw(read(22.0, fresh=20.0)), "nobody has read it again"
    spans.saw(read(25.0, stable=90), changed_at=23.5)
    assert list(spans.spans) == [
        Shares(10.0, 23.5, ((STABLE, 100),)),
        Shares(23.5, 25.0, ((STABLE, 90), (CANARY, 10))),
    ]


def test_where_nobody_looked_there_is_a_gap() -> None:
    spans = ShareSpans()
    for at in (10.0, 20.0, 20.0 + LONGEST_SILENCE + 1, 90.0):
        spans.saw(read(at))
    assert [(span.since, span.until) for span in spans.spans] == [(10.0, 20.0), (81.0, 90.0)]


def test_nothing_served_before_the_service_was_read() -> None:
    spans = ShareSpans()
    assert not spans.saw(replace(healthy(), service=None))
    assert list(spans.spans) == []


def test_spans_of_before_are_cut_where_these_begin() -> None:
    spans = ShareSpans()
    spans.saw(read(100.0))
    spans.saw(read(110.0))
    old = Shares(50.0, 105.0, ((STABLE, 90), (CANARY, 10)))
    spans.recall([old, Shares(103.0, 200.0, ())])
    assert list(spans.spans) == [old._replace(until=100.0), Shares(100.0, 110.0, ((STABLE, 100),))]


async def who() -> str:
    """Who is at the keyboard."""
    return "sre@example.com"


def timeline(clock: FakeClock) -> LiveTimeline:
    """A timeline that nothing has been found for."""
    return LiveTimeline(REF, clock.clock, who)


async def test_a_note_is_there_at_once_and_then_has_a_name() -> None:
    made, changes = timeline(FakeClock()), list[int]()
    heard: list[Event] = []
    made.listen(heard.append)
    made.subscribe(lambda: changes.append(len(made.events)))
    made.note("  the canary's errors are the provider's ")
    assert [(event.kind, event.text, event.who) for event in made.events] == [
        (EventKind.NOTE, "the canary's errors are the provider's", "")
    ]
    await asyncio.sleep(0)
    assert [event.who for event in made.events] == ["sre@example.com"]
    assert [event.who for event in heard] == ["", "sre@example.com"]
    assert len({event.key for event in heard}) == 1
    assert changes == [1, 1]


async def test_a_note_may_be_about_a_moment_of_before_and_two_are_two() -> None:
    clock = FakeClock()
    made = timeline(clock)
    made.note("here it began", at=5.0)
    clock.at += 1
    made.note("and here", at=5.0)
    assert [(event.at, event.text) for event in made.events] == [(5.0, "here it began"), (5.0, "and here")]
    await made.stop()


@pytest.mark.parametrize("text", ["", "  \n", "x" * (MOST_NOTE + 1)])
async def test_a_note_that_says_nothing_or_too_much_is_refused(text: str) -> None:
    made = timeline(FakeClock())
    with pytest.raises(RefusedError):
        made.note(text)
    assert list(made.events) == []


async def test_without_credentials_a_note_has_no_name() -> None:
    async def nobody() -> str:
        raise RuntimeError("no credentials")

    made = LiveTimeline(REF, FakeClock().clock, nobody)
    made.note("still worth something")
    await asyncio.sleep(0)
    assert [event.who for event in made.events] == [""]


async def test_snapshots_make_the_timeline_and_what_earlier_sessions_kept_joins_it() -> None:
    made = timeline(FakeClock())
    heard: list[Event] = []
    made.saw(healthy())
    made.listen(heard.append)
    assert heard == list(made.events), "what was found before is heard at once"
    known = len(heard)
    first = made.shares[0].since
    assert first == EPOCH + AT - 0.4
    mine = made.events[0]
    made.recall([note(1.0, "old"), replace(mine, text="theirs")], [Shares(1.0, 2.0, ((STABLE, 100),))])
    assert (made.events[0].key, made.shares[0].since) == ("old", 1.0)
    assert next(event for event in made.events if event.key == mine.key) is mine
    assert len(heard) == known, "what was recorded before is not recorded again"


def test_a_recording_s_past_changes_no_more() -> None:
    past = PastTimeline([note(2, "b"), note(1, "a")], [Shares(1.0, 2.0, ())])
    assert [event.at for event in past.events] == [1, 2]
    past.subscribe(lambda: None)()
    with pytest.raises(RefusedError):
        past.note("too late")
