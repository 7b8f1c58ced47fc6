"""`cockpit app` against a simulator whose timelines are empty, and how it ends for each picture."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cockpit.cli import run
from cockpit.cli.app import health_exit, timelines_exit
from cockpit.cli.exits import Exit
from cockpit.live.app.picture import Health
from tests.tui.staged_application import COSTS, SICK, days, probe, timeline, unread

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.commands import CommandLine
    from tests.simulated import Local

PATIENT = "[app]\ntimeout_seconds = 60\n[app.health]\ntimeout_seconds = 60\nslow_seconds = 60\n"
"""No health is a matter of how fast the machine is."""

BARE = """
[[app.timelines]]
name = "activity"
path = "/api/dashboard/timeline/activity?period={period}"
periods = ["7d"]
values = [{ field = "messages" }]
"""


def test_only_what_is_ok_is_a_pass() -> None:
    assert health_exit([probe(), probe("canary")]) is Exit.OK
    for health in (Health.DEGRADED, Health.FAILING, Health.UNKNOWN):
        assert health_exit([probe(), probe("canary", health)]) is Exit.FAILED
    assert health_exit([SICK]) is health_exit([]) is Exit.FAILED


def test_a_timeline_that_has_nothing_to_show_is_no_pass() -> None:
    good = timeline(COSTS)
    assert timelines_exit([good]) is Exit.OK
    assert timelines_exit([timeline(COSTS, rows=days(8, "cost")[:5])]) is Exit.OK
    for bad in (timeline(COSTS, rows=[]), unread(COSTS, "broken", "500"), replace(good, rows=())):
        assert timelines_exit([good, bad]) is Exit.FAILED
    zeros = [{**row, "cost": 0} for row in days(8, "cost")]
    assert timelines_exit([timeline(COSTS, rows=zeros)]) is timelines_exit([]) is Exit.FAILED


@pytest.mark.parametrize(
    ("words", "says", "mend"),
    [
        (["app"], "the following arguments are required", "cockpit app --help"),
        (["app", "timelines", "bogus"], "there is no timeline 'bogus'", "activity, costs, tokens"),
        (["app", "timelines", "costs", "--period", "8d"], "costs has no period '8d'", "7d, 30d, 90d, 1y"),
        (["app", "health", "--for", "soon"], "'soon' is not a duration", "cockpit app health --help"),
    ],
)
def test_what_cannot_be_asked_is_one_line_and_a_mend(
    words: list[str], says: str, mend: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == Exit.USAGE
    first, second = capsys.readouterr().err.splitlines()
    assert says in first
    assert mend in second


@pytest.mark.slow
def test_health_and_an_outage_that_answers_200(
    simulator: Callable[..., Local], cockpit_at: Callable[[str], CommandLine]
) -> None:
    command = cockpit_at(simulator("empty-timelines", "--load", "0").endpoint)
    command.config(PATIENT)
    ended = command.run("app", "health", "--json")
    assert [(each["tag"], each["health"], each["status"]) for each in ended.json["probes"]] == [
        ("", "ok", 200),
        ("canary", "ok", 200),
    ]
    assert ended.code == Exit.OK
    ended = command.run("app", "timelines")
    assert ended.code == Exit.FAILED
    assert "! activity: the answer is good, and has no rows at all: 8 were expected" in ended.err
    command.config(PATIENT + BARE)
    ended = command.run("app", "timelines", "activity", "--json")
    (told,) = ended.json["timelines"]
    assert (ended.code, told["problem"]["kind"], told["rows"]) == (Exit.FAILED, "unauthenticated", [])
    assert "[app.headers]" in told["problem"]["mend"]
