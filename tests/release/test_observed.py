from __future__ import annotations

import random
import tracemalloc
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.release.observed import Observed, RequestSeen, Window

NOW = 1_760_000_000.0


def seen(at: float, revision: str = "a", *, status: int = 200, tag: str = "", instance: str = "i1") -> RequestSeen:
    return RequestSeen(at, revision, instance, status, 0.1, tag)


def test_nothing_seen_is_no_share() -> None:
    empty = Window(60).observed(NOW)
    assert empty == Observed(60, 0, ())
    assert empty.share("a") is None
    assert empty.error_share("a") is None
    assert empty.instances_of("a") == 0


def test_shares_errors_tags_and_instances() -> None:
    window = Window(60)
    for number in range(90):
        window.add(seen(NOW - 1, "a", instance=f"a{number % 3}"))
    for number in range(10):
        window.add(seen(NOW - 2, "b", status=500 if number < 2 else 404))
    for _ in range(10):
        window.add(seen(NOW - 3, "b", tag="canary", status=503, instance="b9"))
    observed = window.observed(NOW)
    assert observed.total == 100
    assert observed.by_revision == (("a", 90), ("b", 10))
    assert observed.tagged == (("b", 10),)
    assert (observed.share("a"), observed.share("b"), observed.share("c")) == (90.0, 10.0, 0.0)
    assert (observed.instances_of("a"), observed.instances_of("b")) == (3, 2)
    assert observed.errors == (("b", 12),)
    assert observed.error_share("b") == 60.0
    assert observed.error_share("a") == 0.0


@given(st.lists(st.floats(0, 300), max_size=60), st.floats(0, 300))
def test_any_order_gives_the_window_to_within_a_slice(ages: list[float], earlier: float) -> None:
    window = Window(60)
    for each in ages:
        window.add(seen(NOW - earlier - each))
    total = window.observed(NOW).total
    at_least = sum(1 for each in ages if earlier + each < 59)
    at_most = sum(1 for each in ages if earlier + each <= 60)
    assert at_least <= total <= at_most


def test_the_share_follows_a_shift() -> None:
    window = Window(60)
    shares = []
    for second in range(120):
        for _ in range(10):
            window.add(seen(NOW + second, "old" if second < 60 else "new"))
        if second % 30 == 29:
            shares.append(window.observed(NOW + second).share("new"))
    assert shares == [0.0, 0.0, 50.0, 100.0]


def test_a_log_clock_ahead_of_ours_still_shows() -> None:
    window = Window(60)
    for second in range(30):
        window.add(seen(NOW + second))
    assert window.observed(NOW).total == 30


def test_a_stray_entry_far_in_the_future_hides_nothing() -> None:
    window = Window(60)
    window.add(seen(NOW + 86_400))
    window.add(seen(NOW - 1))
    assert window.observed(NOW).total == 1


@pytest.mark.parametrize("seconds", [10, 60, 300])
def test_memory_is_bounded_by_time_not_by_requests(seconds: float) -> None:
    window = Window(seconds)
    dice = random.Random(1)
    tracemalloc.start()
    for number in range(20_000):
        window.add(
            seen(NOW + number * seconds / 100, f"r{dice.randint(0, 3)}", instance=f"i{dice.randint(0, 20)}")
        )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def test_counts_agree_with_a_plain_count() -> None:
    dice = random.Random(7)
    requests = [seen(NOW - dice.randint(0, 55), dice.choice("abc")) for _ in range(5000)]
    window = Window(60)
    for request in requests:
        window.add(request)
    expected = Counter(request.revision for request in requests)
    assert dict(window.observed(NOW).by_revision) == expected
