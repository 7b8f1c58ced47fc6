"""The keys that scripts build on. One that goes missing here breaks somebody's pipeline."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from cockpit.cli import as_json
from cockpit.release.plan import Intent, Plan
from cockpit.release.traffic import LATEST, Target
from tests.tui import staged

REF = {"service", "region", "project"}
STATUS = REF | {
    "uri", "generation", "observed_generation", "reconciling", "serving_is_asked", "spec", "serving", "observed",
    "revisions", "latest_ready", "latest_created", "last_modifier", "under_way", "problems", "age",
}  # fmt: skip
REVISION = {
    "name", "short_name", "state", "why", "asked", "serving", "tags", "created", "age", "time_to_ready", "image",
    "image_tag", "digest", "instances", "creator", "conditions",
}  # fmt: skip
CHANGE = REF | {
    "id", "intent", "actor", "started", "before", "after", "phase", "outcome", "problem", "sides", "operation",
    "generation", "generation_after", "time_to_serving",
}  # fmt: skip
PLAN = REF | {"intent", "generation", "before", "after", "gains", "warnings", "gcloud", "undo", "changes"}
TARGET = {"revision", "percent", "tag"}


def test_status_keys() -> None:
    snapshot = staged.healthy()
    assert snapshot.service is not None
    answer = as_json.status(snapshot, snapshot.service)
    assert answer.keys() == STATUS
    assert answer["revisions"][0].keys() == REVISION
    assert answer["revisions"][0]["conditions"][0].keys() == {"type", "state", "reason", "message", "since"}
    assert answer["spec"][0].keys() == TARGET
    assert answer["serving"][0].keys() == TARGET | {"uri", "latest"}
    assert answer["observed"].keys() == {"window_seconds", "requests", "revisions"}
    assert answer["observed"]["revisions"][0].keys() == {
        "revision", "requests", "percent", "tagged_requests", "errors", "instances",
    }  # fmt: skip
    assert sum(target["percent"] for target in answer["spec"]) == 100
    assert answer["serving_is_asked"] is True


@pytest.mark.parametrize(
    "snapshot", [staged.healthy(), staged.reconciling(), staged.failed(), staged.overtaken(), staged.stale()]
)
def test_every_picture_has_an_answer(snapshot: Any) -> None:
    if snapshot.service is not None:
        answer = as_json.status(snapshot, snapshot.service)
        assert json.loads(json.dumps(answer)) == answer
        assert answer.keys() == STATUS


def test_what_is_not_known_is_null() -> None:
    snapshot = replace(staged.healthy(), observed=None)
    assert snapshot.service is not None
    answer = as_json.status(snapshot, snapshot.service)
    assert answer["observed"] is None
    assert answer["revisions"][0]["instances"] is None


def test_a_change_with_three_sides() -> None:
    made = staged.overtaken().change
    assert made is not None
    answer = as_json.change(made)
    assert answer.keys() == CHANGE
    assert answer["outcome"] == "overtaken"
    assert answer["problem"].keys() == {"kind", "message", "mend"}
    assert answer["sides"].keys() == {"planned_from", "asked", "found", "found_generation", "found_modifier"}


def test_a_plan() -> None:
    snapshot = staged.healthy()
    assert snapshot.service is not None
    before = snapshot.service.spec
    made = Plan(snapshot.ref, Intent.SHIFT, before, (Target(LATEST, 100),), 7, "")
    answer = as_json.plan(made, snapshot)
    assert answer.keys() == PLAN
    assert answer["after"] == [{"revision": "LATEST", "percent": 100, "tag": None}]
    assert answer["gains"][0].keys() == {"revision", "before", "after", "points"}
    assert answer["changes"] is True
