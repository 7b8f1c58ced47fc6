"""Which of several recorded services a command means."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from cockpit.cli.exits import CommandError, Exit
from cockpit.cli.recorded import meant, whom
from cockpit.config import load
from cockpit.release.service import ServiceRef

if TYPE_CHECKING:
    from cockpit.config import Settings

HERE, THERE = ServiceRef("p", "europe-west1", "app"), ServiceRef("p", "us-east1", "app")
OTHER = ServiceRef("q", "us-east1", "shop")


def settings(**named: str) -> Settings:
    """The settings that ship, with what flags name."""
    return load(os.devnull, {}, {f"service.{key}": (value, f"--{key}") for key, value in named.items()})


def test_what_ships_says_nothing_of_what_was_recorded() -> None:
    assert meant([OTHER, OTHER], settings()) == OTHER
    assert whom(settings()) == "any service"


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ({"name": "shop"}, OTHER),
        ({"project": "q"}, OTHER),
        ({"name": "app", "region": "us-east1"}, THERE),
        ({"name": "app", "project": "q"}, None),
        ({"region": "asia-east1"}, None),
    ],
)
def test_one_is_named(named: dict[str, str], found: ServiceRef | None) -> None:
    assert meant([HERE, THERE, OTHER], settings(**named)) == found


def test_of_several_each_is_told_apart() -> None:
    with pytest.raises(
        CommandError, match="2 services were recorded: app of p in europe-west1, app of p in"
    ) as told:
        meant([HERE, THERE, OTHER], settings(name="app"))
    assert told.value.code == Exit.USAGE
    assert "--region" in told.value.mend


def test_whom_nobody_recorded_is_named() -> None:
    assert whom(settings(name="app", project="p", region="r")) == "app of p in r"
