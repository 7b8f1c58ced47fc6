"""The scenarios as data."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cockpit.simulator.app import faults
from cockpit.simulator.scenarios import SCENARIOS, Scenario, UnknownScenarioError, find

every_scenario = pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=list(SCENARIOS))


def test_the_issues_scenarios_are_there() -> None:
    assert list(SCENARIOS) == [
        "healthy",
        "bad-canary",
        "slow-canary",
        "crash-on-start",
        "image-missing",
        "metrics-disabled",
        "empty-timelines",
        "log-storm",
        "flaky-api",
        "forbidden",
        "busy-fleet",
    ]


@every_scenario
def test_a_scenario_is_whole(scenario: Scenario) -> None:
    names = {deployment.name for deployment in scenario.history}
    assert scenario.summary
    assert "\n" not in scenario.summary
    assert {target.revision for target in scenario.split} <= names
    assert sum(target.percent for target in scenario.split) == 100
    ages = [deployment.age for deployment in scenario.history]
    assert ages == sorted(ages, reverse=True)


@every_scenario
def test_its_faults_can_be_read(scenario: Scenario) -> None:
    deployed = [*scenario.history, *filter(None, [scenario.arriving])]
    assert all(faults.parse(each.fault) is not None for each in deployed)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownScenarioError, match=r"no scenario 'sunny': use one of healthy, bad-canary, .*"):
        find("sunny")


@pytest.mark.slow
def test_listing_them_loads_nothing_heavy() -> None:
    program = "import sys, cockpit.cli.simulate; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"grpc", "google.cloud.run_v2", "httpx", "starlette", "uvicorn"} & set(told.stdout.split())
