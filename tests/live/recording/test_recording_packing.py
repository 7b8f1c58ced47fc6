"""Snapshots as bytes and back: equal, the same bytes again, and readable by a cockpit that knows more or less."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import MappingProxyType

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.live.app.picture import AppPicture, Health, ProbePicture, TimelinePicture, ValuePicture
from cockpit.live.metrics.picture import InstancesPicture, MetricsPicture
from cockpit.live.recording.frames import Framer, Unframer
from cockpit.live.recording.packing import builder, pack, unpack
from cockpit.live.snapshot import Feed, FeedState, Snapshot
from cockpit.metrics.alerts import Alert, AlertState
from cockpit.metrics.signals.reading import Estimate, Reading
from cockpit.metrics.signals.signal import Kind, Signal
from cockpit.release.observed import Observed
from cockpit.sources.timelines.shape import Finding, Flaw, Row
from tests.tui import staged

STAGES = (
    staged.healthy,
    staged.armed,
    staged.reconciling,
    staged.applied,
    staged.failed,
    staged.overtaken,
    staged.stale,
    staged.empty,
)
SIGNAL = Signal("errors", "Errors", Kind.RATIO, ("bad_total",), ("good_total", "bad_total"))
FEED = Feed("health", FeedState.LIVE, 12.5)


def full() -> Snapshot:
    """A snapshot whose every part holds something, numbers that are none included."""
    metrics = MetricsPicture(
        instances=(InstancesPicture("r", 2, 2.5, 0.8, 60.0),),
        readings=(
            Reading(
                SIGNAL,
                {"r": Estimate(0.1, -math.inf, math.nan, 12.0, (0.0, math.inf))},
                MappingProxyType({"r": (0.1, math.nan, 0.3)}),
                at=12.0,
            ),
        ),
        alerts=(Alert("R", "g", AlertState.PENDING, (("severity", "page"),), since=1.5),),
        stable="r",
        epoch=1.75e9,
    )
    app = AppPicture(
        probes=(
            ProbePicture("http://x", "", "", "/", FEED, Health.OK, course=(0.1, None), before=Health.UNKNOWN),
        ),
        timelines=(
            TimelinePicture(
                "costs",
                "Costs",
                "7d",
                ("7d", "30d"),
                bars=True,
                step=86400.0,
                path="/t",
                feed=FEED,
                values=(ValuePicture("cost", "$", 1.0, None, 0.5),),
                rows=(Row(1.75e9, (1.0, None)),),
                findings=(Finding(next(iter(Flaw)), "1 row"),),
            ),
        ),
    )
    return replace(
        staged.applied(),
        metrics=metrics,
        app=app,
        observed=Observed(60.0, 3, (("r", 3),), errors=(("r", 1),)),
        last_words=MappingProxyType({"r": "ModuleNotFoundError: No module named 'backend'"}),
        epoch=1.75e9,
    )


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_read_back_is_equal_and_gives_the_same_bytes(stage: staged.Stage) -> None:
    snapshot = stage()
    back = unpack(Snapshot, pack(snapshot))
    assert back == snapshot
    assert pack(back) == pack(snapshot)


def test_numbers_that_are_none_come_back_as_they_were() -> None:
    snapshot = full()
    assert pack(unpack(Snapshot, pack(snapshot))) == pack(snapshot)


def test_what_changed_makes_the_same_snapshots_again() -> None:
    """Part by part, through pictures that come, change and go."""
    order = [full(), staged.healthy(), *(stage() for stage in STAGES), full(), replace(full(), app=None)]
    framer, unframer = Framer(), Unframer()
    parts: dict[str, bytes] = {}
    for snapshot in order:
        parts.update(framer.frame(snapshot).parts)
        assert pack(unframer.snapshot(parts)) == pack(snapshot)


def test_what_two_snapshots_have_in_common_is_written_once_and_one_object() -> None:
    framer, unframer = Framer(), Unframer()
    first = framer.frame(staged.healthy())
    later = framer.frame(replace(staged.healthy(), at=staged.AT + 1))
    assert set(later.parts) == {"at"}
    one = unframer.snapshot(first.parts)
    other = unframer.snapshot({**first.parts, **later.parts})
    assert one.revisions is other.revisions


def test_frames_that_were_lost_are_made_up_for_by_a_whole_one() -> None:
    framer = Framer()
    first = framer.frame(full())
    framer.forget()
    assert framer.frame(full()).parts == first.parts


def test_half_a_surrogate_pair_costs_a_character_and_not_the_snapshot() -> None:
    snapshot = replace(staged.healthy(), last_words={"r": "a\ud800b"})
    assert unpack(Snapshot, pack(snapshot)) == replace(snapshot, last_words={"r": "a?b"})


@dataclass(frozen=True, slots=True)
class Earlier:
    """As an earlier cockpit had it."""

    name: str


@dataclass(frozen=True, slots=True)
class Later:
    """As a later one has it."""

    name: str
    more: int = 7


def test_a_field_that_is_new_has_its_default_and_one_that_is_unknown_is_passed_over() -> None:
    assert unpack(Later, pack(Earlier("a"))) == Later("a", 7)
    assert unpack(Earlier, pack(Later("a", 8))) == Earlier("a")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        msgspec.msgpack.encode([]),
        msgspec.msgpack.encode({"at": 1.0}),
        msgspec.msgpack.encode({"name": "errors", "state": "unheard of"}),
    ],
)
def test_what_is_no_value_of_a_type_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(Feed, data)


@pytest.mark.parametrize("kind", [set[str], int | Feed, list[int], complex])
def test_types_that_could_not_be_read_back_are_refused_beforehand(kind: object) -> None:
    with pytest.raises(TypeError):
        builder(kind)


@settings(max_examples=30)
@given(st.dictionaries(st.text(), st.lists(st.floats() | st.integers(-(2**63), 2**63 - 1))))
def test_any_course_comes_back(courses: dict[str, list[float]]) -> None:
    reading = Reading(SIGNAL, courses={name: tuple(course) for name, course in courses.items()})
    assert pack(unpack(Reading, pack(reading))) == pack(reading)
