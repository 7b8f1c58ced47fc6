"""Which URLs are scraped, and which revisions are compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cockpit.live.metrics.targets import TargetUrl, compared, target_urls
from cockpit.release.service import Revision, Template
from cockpit.release.traffic import ServingTarget
from tests.live.scripted import service

URI = "https://app.example"
TAGGED = "https://canary---app.example"


def born(name: str, day: int) -> Revision:
    """A revision of that day."""
    return Revision(name, Template(), created=datetime(2026, 11, day, tzinfo=UTC))


OLD, STABLE, CANARY = born("app-1", 1), born("app-2", 2), born("app-3", 3)
ALL = (CANARY, STABLE, OLD)


def test_the_service_and_each_tag_once() -> None:
    """A tag's URL reaches one revision; targets without a tag have no URL of their own."""
    seen = replace(
        service(),
        uri=URI,
        serving=(
            ServingTarget("app-2", 90),
            ServingTarget("app-3", 10, "canary", TAGGED),
            ServingTarget("app-3", 0, "canary", TAGGED),
            ServingTarget("", 0, "pending", "https://pending---app.example"),
        ),
    )
    assert target_urls(seen) == (TargetUrl(URI), TargetUrl(TAGGED, "canary", "app-3"))


def test_a_service_without_a_url_has_its_tags() -> None:
    """As while it is made, or where the default URL is disabled."""
    seen = replace(service(), uri="", serving=(ServingTarget("app-3", 100, "canary", TAGGED),))
    assert target_urls(seen) == (TargetUrl(TAGGED, "canary", "app-3"),)


@pytest.mark.parametrize(
    ("serving", "stable", "canary"),
    [
        ((ServingTarget("app-2", 90), ServingTarget("app-3", 10)), "app-2", "app-3"),
        ((ServingTarget("app-2", 100), ServingTarget("app-3", 0, "canary")), "app-2", "app-3"),
        ((ServingTarget("app-2", 50), ServingTarget("app-3", 50)), "app-2", "app-3"),
        ((ServingTarget("app-3", 100), ServingTarget("app-2", 0, "previous")), "app-3", "app-2"),
        ((ServingTarget("app-2", 100),), "app-2", ""),
        (
            (ServingTarget("app-1", 0, "old"), ServingTarget("app-2", 40), ServingTarget("app-3", 60)),
            "app-3",
            "app-2",
        ),
        ((ServingTarget("app-2", 60), ServingTarget("app-3", 20), ServingTarget("app-3", 20)), "app-2", "app-3"),
        ((), "", ""),
    ],
)
def test_stable_serves_most_and_the_canary_is_the_newest_other(
    serving: tuple[ServingTarget, ...], stable: str, canary: str
) -> None:
    """Among equals the older one is stable."""
    assert compared(replace(service(), serving=serving), ALL) == (stable, canary)


def test_revisions_not_read_yet_are_ordered_by_name() -> None:
    """Names of Cloud Run count upwards."""
    serving = (ServingTarget("app-00002-x", 50), ServingTarget("app-00001-y", 50))
    assert compared(replace(service(), serving=serving), ()) == ("app-00001-y", "app-00002-x")
