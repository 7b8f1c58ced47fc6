"""The lives of instances: starts, ends, restarts, cold starts, components and tracebacks."""

from __future__ import annotations

import pytest

from cockpit.logs.digest.components import Announcements, PatternError
from cockpit.logs.digest.lifelines import Said, Stage, said
from cockpit.logs.digest.result import Digest, Fleet, of
from cockpit.logs.entry import Flag, Record, Severity
from tests.logs.digested import CANARY, STABLE, digest_of, error, line, platform, request
from tests.logs.logged import NOON, SECOND

PATTERNS = (
    r"([\w. -]+?) (?:initialized|initialised|enabled|started|ready)\b",
    r"(?:[Ss]tarted|[Ii]nitialized|[Ii]nitialised) ([\w. -]+)",
)
STARTED = "Starting new instance. Reason: AUTOSCALING - Instance started due to configured scaling factors."
READY = 'Default STARTUP TCP probe succeeded after 1 attempt for container "app-1" on port 8080.'
FAILED = (
    'Default STARTUP TCP probe failed 1 time consecutively for container "app-1" on port 8080.'
    " The instance was not started.\nConnection failed with status CANCELLED."
)
LINES = {
    STARTED: Said(Stage.STARTED, "autoscaling"),
    "Starting new instance. Reason: DEPLOYMENT_ROLLOUT - Instance started": Said(
        Stage.STARTED, "deployment rollout"
    ),
    "Starting new instance.": Said(Stage.STARTED),
    READY: Said(Stage.READY),
    'STARTUP HTTP probe succeeded after 12 attempts for container "app-1" on path "/".': Said(Stage.READY),
    FAILED: Said(Stage.FAILED, "probe failed"),
    "Container called exit(1).": Said(Stage.ENDED, "exit(1)"),
    "Container terminated on signal 9.": Said(Stage.ENDED, "signal 9"),
    "Memory limit of 512 MiB exceeded with 519 MiB used.": Said(Stage.ENDED, "Memory limit of 512 MiB exceeded"),
    "Shutting down user disabled instance": None,
    "Updated settings.": None,
}


def life(instance: str, at: float, *, revision: str = STABLE, ready: float = 2.0) -> list[Record]:
    """An instance that starts, and is ready after so many seconds."""
    return [
        platform(STARTED, at=at, instance=instance, revision=revision),
        platform(READY, at=at + ready, instance=instance, revision=revision),
    ]


def fleet_of(digest: Digest, revision: str = STABLE) -> Fleet:
    """The fleet of a revision that there is."""
    fleet = of(digest.instances.by_revision, revision)
    assert fleet is not None
    return fleet


@pytest.mark.parametrize("text", LINES)
def test_lines_of_the_platform(text: str) -> None:
    assert said(text) == LINES[text]


def test_a_cold_start_is_from_the_start_to_the_first_answer() -> None:
    rows = [
        *life("i1", 10, ready=3.0),
        request(at=9.5, latency=4.25, instance="i1"),
        request(at=14, latency=0.1, instance="i1"),
    ]
    digest = digest_of(rows)
    [told] = digest.instances.listed
    assert (told.instance, told.reason, told.started) == ("i1", "autoscaling", NOON + 10 * SECOND)
    assert (told.ready_after, told.answered_after) == (3.0, 3.75)
    fleet = fleet_of(digest)
    assert (fleet.instances, fleet.starts, fleet.failed, fleet.crashes, fleet.restarts) == (1, 1, 0, 0, 0)
    assert fleet.ready_after is not None
    assert (fleet.ready_after.count, fleet.ready_after.median) == (1, 3.0)


def test_starts_of_several_instances_are_spread_out() -> None:
    rows = [row for at, ready in enumerate((1.0, 2.0, 9.0)) for row in life(f"i{at}", at, ready=ready)]
    ready = fleet_of(digest_of(rows)).ready_after
    assert ready is not None
    assert (ready.count, ready.minimum, ready.median, ready.maximum) == (3, 1.0, 2.0, 9.0)


def test_a_crash_and_a_start_that_follows_it_are_a_restart() -> None:
    rows = [
        *life("i1", 0),
        platform("Container called exit(3).", Severity.WARNING, at=60, instance="i1"),
        *life("i2", 61),
        *life("i3", 600),
    ]
    digest = digest_of(rows)
    fleet = fleet_of(digest)
    assert (fleet.starts, fleet.crashes, fleet.restarts, fleet.failed) == (3, 1, 1, 0)
    assert [(each.instance, each.end) for each in digest.instances.listed] == [
        ("i1", "exit(3)"),
        ("i2", ""),
        ("i3", ""),
    ]


def test_a_container_that_starts_again_in_its_instance_has_two_lives() -> None:
    rows = [*life("i1", 0), platform("Container terminated on signal 9.", at=5, instance="i1"), *life("i1", 6)]
    fleet = fleet_of(digest_of(rows))
    assert (fleet.instances, fleet.starts, fleet.crashes, fleet.restarts) == (1, 2, 1, 1)


def test_a_start_that_came_to_nothing_has_failed() -> None:
    rows = [
        platform(STARTED, at=0, instance="i1", revision=CANARY),
        platform("Container called exit(1).", at=1, instance="i1", revision=CANARY),
        platform(FAILED, Severity.ERROR, at=1.1, instance="i1", revision=CANARY),
    ]
    digest = digest_of([*rows, *life("i2", 0)])
    canary = fleet_of(digest, CANARY)
    assert (canary.starts, canary.failed, canary.crashes) == (1, 1, 1)
    assert canary.ready_after is None
    assert digest.instances.listed[0].end == "exit(1)"
    assert fleet_of(digest).failed == 0


def test_components_are_those_that_speak_up_soon_after_a_start() -> None:
    rows = [
        *life("i1", 0),
        line("2025-10-10 02:12:27,931 INFO [backend.main] concept recall initialised", at=1, instance="i1"),
        line("Started server process [17]", at=1, instance="i1"),
        line("job started", at=4000, instance="i1"),
        line("metrics initialised", at=1, instance="i2"),
        line("metrics initialised", at=1, instance="i3"),
        line("cache ready", Severity.ERROR, at=1, instance="i3"),
    ]
    digest = digest_of(rows, components=PATTERNS)
    assert fleet_of(digest).components == (("concept recall", 1), ("metrics", 2), ("server process", 1))
    [told] = digest.instances.listed
    assert told.components == ("concept recall", "server process")


def test_tracebacks_are_counted_by_instance() -> None:
    rows = [error("boom", flags=Flag.TRACEBACK, instance=name) for name in ("i1", "i2", "i2")]
    digest = digest_of([*rows, error("no traceback", instance="i3")])
    assert fleet_of(digest).tracebacks == 3
    assert [(each.instance, each.tracebacks) for each in digest.instances.listed] == [("i2", 2), ("i1", 1)]


def test_the_order_of_entries_makes_no_difference() -> None:
    rows = [*life("i1", 0), platform("Container called exit(3).", at=60, instance="i1"), *life("i2", 61)]
    assert digest_of(rows).instances == digest_of(rows[::-1]).instances


def test_a_pattern_that_is_none_is_named() -> None:
    with pytest.raises(PatternError, match=r"'\(ready' is no pattern: missing \)"):
        Announcements(["(ready"])


def test_a_pattern_without_a_group_names_all_it_found() -> None:
    assert Announcements(["cache (?:ready|up)"]).component("the cache ready now") == "cache ready"
    assert Announcements([]).component("cache ready") == ""
