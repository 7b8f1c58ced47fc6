"""How many instances a revision needs."""

from __future__ import annotations

import pytest
from google.cloud import run_v2
from google.protobuf.duration_pb2 import Duration
from hypothesis import given
from hypothesis import strategies as st

from cockpit.simulator.autoscale import Limits, LoadWindow, desired

LIMITS = Limits(minimum=1, maximum=4, concurrency=10, timeout=300)


@pytest.mark.parametrize(
    ("load", "instances"), [(0, 1), (1, 1), (7, 1), (7.1, 2), (14, 2), (21.5, 4), (28, 4), (1000, 4)]
)
def test_an_instance_is_given_seven_tenths_of_what_it_may_take(load: float, instances: int) -> None:
    assert desired(load, LIMITS, reachable=True) == instances


def test_the_minimum_is_held_only_while_a_revision_can_be_reached() -> None:
    assert desired(0, LIMITS, reachable=False) == 0
    assert desired(1, LIMITS, reachable=False) == 1


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.booleans())
def test_more_load_never_needs_fewer(one: float, other: float, reachable: bool) -> None:
    less, more = sorted((one, other))
    assert desired(less, LIMITS, reachable=reachable) <= desired(more, LIMITS, reachable=reachable) <= 4


def test_limits_come_from_the_template_and_the_machine() -> None:
    template = run_v2.Revision(
        scaling=run_v2.RevisionScaling(min_instance_count=6, max_instance_count=9),
        max_instance_request_concurrency=3,
        timeout=Duration(seconds=60),
    )
    assert Limits.of(template, most=50) == Limits(6, 9, 3, 60.0)
    assert Limits.of(template, most=2) == Limits(2, 2, 3, 60.0)
    assert Limits.of(run_v2.Revision(), most=500) == Limits(0, 100, 80, 300.0)


def test_a_window_forgets() -> None:
    window = LoadWindow(width=5)
    assert window.mean() == 0
    window.add(0.0, 10)
    window.add(3.0, 20)
    assert window.mean() == 15
    window.add(5.0, 0)
    assert window.mean() == 10
    window.add(60.0, 4)
    assert window.mean() == 4
