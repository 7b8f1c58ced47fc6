from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cockpit.release.service import Condition, ConditionState, Revision, Template
from cockpit.release.state import (
    Standing,
    State,
    age,
    can_serve,
    image_tag,
    short_digest,
    short_name,
    standing,
    time_to_ready,
    why,
)
from cockpit.release.traffic import ServingTarget

BORN = datetime(2025, 10, 10, 2, 12, tzinfo=UTC)
FAILED, READY, PENDING = ConditionState.FAILED, ConditionState.SUCCEEDED, ConditionState.RECONCILING
PORT = (
    "The user-provided container failed to start and listen on the port defined provided by the PORT=8080 "
    "environment variable within the allocated timeout. This can happen when the container port is misconfigured."
)


def revision(*conditions: Condition) -> Revision:
    return Revision("app-00279-kub", Template(), conditions, created=BORN)


def ready(after: float = 52) -> Condition:
    return Condition("Ready", READY, since=BORN + timedelta(seconds=after))


def test_serving_is_having_a_percent() -> None:
    assert standing(revision(ready()), (ServingTarget("app-00279-kub", 10),)).state is State.SERVING
    assert standing(revision(ready()), (ServingTarget("app-00279-kub", 0, "canary"),)).state is State.READY
    assert standing(revision(ready()), (ServingTarget("app-00275-2jb", 100),)).state is State.READY
    assert standing(revision(ready()), ()).state is State.READY


def test_retired_is_a_word_of_the_active_condition_and_no_failure() -> None:
    retired = revision(ready(), Condition("Active", FAILED, "RETIRED", "Revision retired."))
    assert standing(retired, ()) == Standing(State.RETIRED)
    assert can_serve(retired)


def test_failed_gives_the_most_specific_reason() -> None:
    failed = revision(
        Condition(
            "Ready", FAILED, "REVISION_FAILED", "Revision 'app-00279-kub' is not ready and cannot serve traffic."
        ),
        Condition("ContainerHealthy", FAILED, "HEALTH_CHECK_CONTAINER_ERROR", PORT),
    )
    assert str(standing(failed, ())) == "failed: container failed to start and listen on its port"
    assert not can_serve(failed)


def test_a_failed_one_that_still_has_traffic_stays_failed() -> None:
    failed = revision(Condition("Ready", FAILED, "", "Gone."))
    assert standing(failed, (ServingTarget("app-00279-kub", 100),)) == Standing(State.FAILED, "Gone")


def test_pending_until_ready() -> None:
    assert standing(revision(), ()) == Standing(State.PENDING)
    deploying = revision(Condition("Ready", PENDING, "", "Deploying revision."))
    assert str(standing(deploying, ())) == "pending: Deploying revision"
    assert not can_serve(deploying)


@pytest.mark.parametrize(
    ("reason", "message", "phrase"),
    [
        ("", f"{PORT}\nModuleNotFoundError: No module named 'backend'", "No module named 'backend'"),
        ("", "Trace\nbackend.db.MigrationError: no column x\n is", "MigrationError: no column x"),
        ("CONTAINER_MISSING", "Image 'europe-west1-docker.pkg.dev/p/r/i:missing' not found.", "image not found"),
        ("CONTAINER_PERMISSION_DENIED", "…", "no permission to pull the image"),
        ("SECRETS_ACCESS_CHECK_FAILED", "", "no access to a secret"),
        ("REVISION_FAILED", "Revision 'a' is not ready and cannot serve traffic. No quota. More.", "No quota"),
        ("INTERNAL", "", ""),
        ("SOMETHING_NEW", "", "something new"),
        ("SOMETHING_NEW", "It broke. Sorry.", "It broke"),
        ("", "version 1.2.3 is missing", "version 1.2.3 is missing"),
    ],
)
def test_reasons_in_words(reason: str, message: str, phrase: str) -> None:
    assert why(Condition("Ready", FAILED, reason, message)) == phrase


def test_time_to_ready() -> None:
    assert time_to_ready(revision(ready(67))) == 67
    assert time_to_ready(revision(ready(-1))) == 0
    assert time_to_ready(revision()) is None
    assert time_to_ready(revision(Condition("Ready", FAILED, since=BORN))) is None


def test_age_never_runs_backwards() -> None:
    assert age(BORN, BORN + timedelta(minutes=12)) == 720
    assert age(BORN, BORN - timedelta(minutes=12)) == 0
    assert age(None, BORN) is None


def test_short_forms() -> None:
    image = "europe-west1-docker.pkg.dev:443/p/r/app:20251010-073931@sha256:0123456789abcdef0123456789abcdef"
    assert short_name("emergence-app-00279-kub", "emergence-app") == "00279-kub"
    assert short_name("other-00279-kub", "emergence-app") == "other-00279-kub"
    assert short_name("emergence-app-", "emergence-app") == "emergence-app-"
    assert (image_tag(image), short_digest(image)) == ("20251010-073931", "0123456789ab")
    assert (image_tag("host:5000/app"), short_digest("host:5000/app")) == ("", "")
    assert image_tag("app") == ""
