"""The play head: it runs, stands, is put elsewhere, passes over what nobody saw, and stops at the end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.live.replay.deck import FASTEST, SLOWEST, Deck


class Hand:
    """A clock moved by hand, and how often the deck told of something."""

    def __init__(self) -> None:
        self.now = 50.0
        self.told = 0

    def tell(self) -> None:
        """Count."""
        self.told += 1


def deck(hand: Hand, *spans: tuple[float, float]) -> Deck:
    """A deck on these spans, by default ten seconds from 1000 on."""
    return Deck("a.cockpit", spans or ((1000.0, 1010.0),), lambda: hand.now, hand.tell)


def test_it_stands_at_the_beginning_until_it_is_played_and_stops_at_the_end() -> None:
    hand = Hand()
    made = deck(hand)
    assert (made.head, made.runs) == (1000.0, False)
    made.play()
    hand.now += 4
    assert (made.head, made.runs) == (1004.0, True)
    hand.now += 7
    assert (made.head, made.runs) == (1010.0, False)


def test_at_the_end_it_begins_anew() -> None:
    hand = Hand()
    made = deck(hand)
    made.seek(1010.0)
    made.play()
    hand.now += 1
    assert (made.head, made.runs) == (1001.0, True)


def test_speed_changes_nothing_of_where_it_is() -> None:
    hand = Hand()
    made = deck(hand)
    made.play()
    hand.now += 2
    made.run_at(2.0)
    assert made.head == 1002.0
    hand.now += 3
    assert made.head == 1008.0
    made.pause()
    made.run_at(8.0)
    hand.now += 100
    assert (made.head, made.speed) == (1008.0, 8.0)


@pytest.mark.parametrize(("wanted", "given"), [(0.0, SLOWEST), (1e9, FASTEST), (-3.0, SLOWEST)])
def test_speed_has_bounds(wanted: float, given: float) -> None:
    made = deck(Hand())
    made.run_at(wanted)
    assert made.speed == given


def test_who_seeks_while_it_runs_goes_on_from_there_and_nobody_leaves_the_recording() -> None:
    hand = Hand()
    made = deck(hand)
    made.play()
    made.seek(1005.0)
    hand.now += 1
    assert (made.head, made.runs) == (1006.0, True)
    made.seek(0.0)
    assert made.head == 1000.0
    made.seek(2e9)
    assert (made.head, made.runs) == (1010.0, False)


def test_what_nobody_saw_is_passed_over_while_it_runs_and_can_be_looked_at() -> None:
    hand = Hand()
    made = deck(hand, (1000.0, 1010.0), (2000.0, 2010.0))
    made.play()
    hand.now += 12
    assert made.head == 2002.0
    made.pause()
    made.seek(1500.0)
    assert made.head == 1500.0
    made.play()
    hand.now += 1
    assert made.head == 2001.0


def test_everything_done_to_it_is_told() -> None:
    hand = Hand()
    made = deck(hand)
    made.play()
    made.pause()
    made.seek(1001.0)
    made.run_at(3.0)
    assert hand.told == 4


@given(st.lists(st.floats(0, 30), min_size=1, max_size=8), st.sampled_from([0.5, 1.0, 4.0]))
def test_while_it_runs_it_never_goes_back_and_always_stands_where_somebody_looked(
    waits: list[float], speed: float
) -> None:
    hand = Hand()
    spans = ((1000.0, 1010.0), (1020.0, 1025.0), (2000.0, 2100.0))
    made = deck(hand, *spans)
    made.run_at(speed)
    made.play()
    seen = [made.head]
    for wait in waits:
        hand.now += wait
        seen.append(made.head)
    assert seen == sorted(seen)
    assert all(any(since <= at <= until for since, until in spans) for at in seen)
