"""The commands that change nothing, against a simulator."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from cockpit.cli.exits import Exit
from tests.cli.test_as_json import PLAN, REVISION, STATUS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.commands import CommandLine
    from tests.simulated import Local

    At = Callable[[str], CommandLine]
    Simulators = Callable[..., Local]

pytestmark = pytest.mark.slow

STABLE, CANARY, BROKEN = "emergence-app-00275-2jb", "emergence-app-00279-kub", "emergence-app-00276-jvb"


def test_status_for_scripts(cockpit: CommandLine) -> None:
    ended = cockpit.run("status", "--json")
    assert ended.code == Exit.OK
    answer = ended.json
    assert answer.keys() == STATUS
    assert (answer["service"], answer["region"], answer["project"]) == (
        "emergence-app", "europe-west1", "emergence-469005",
    )  # fmt: skip
    assert answer["spec"] == [
        {"revision": STABLE, "percent": 100, "tag": None},
        {"revision": CANARY, "percent": 0, "tag": "canary"},
    ]
    assert answer["serving_is_asked"] is True
    assert answer["observed"]["requests"] > 0
    assert {row["revision"] for row in answer["observed"]["revisions"] if row["requests"]} == {STABLE}
    assert 0 <= answer["age"] < 30
    canary = next(row for row in answer["revisions"] if row["name"] == CANARY)
    assert canary.keys() == REVISION
    assert (canary["state"], canary["tags"], canary["time_to_ready"]) == ("ready", ["canary"], 52.0)
    assert datetime.fromisoformat(canary["created"]).tzinfo is not None


def test_status_for_people(cockpit: CommandLine) -> None:
    ended = cockpit.run("status")
    assert ended.code == Exit.OK
    assert "\x1b" not in ended.out
    lines = ended.out.splitlines()
    assert lines[0].startswith("emergence-app   europe-west1 · emergence-469005")
    assert "  asked     00275-2jb 100 %" in lines
    assert any(line.startswith("  observed  00275-2jb 100 %") for line in lines)
    assert any(line.startswith("✗  00276-jvb") and "failed: " in line for line in lines)


def test_services_and_revisions(cockpit: CommandLine) -> None:
    services = cockpit.run("services", "--json").json
    assert [row["service"] for row in services["services"]] == ["emergence-app"]
    assert "emergence-app" in cockpit.run("services").out
    revisions = cockpit.run("revisions", "--json").json
    names = [row["name"] for row in revisions["revisions"]]
    assert names[0] == CANARY
    assert names == sorted(names, reverse=True)
    broken = next(row for row in revisions["revisions"] if row["name"] == BROKEN)
    assert broken["state"] == "failed"
    assert broken["why"]


def test_a_plan_changes_nothing(cockpit: CommandLine) -> None:
    before = cockpit.run("status", "--json").json["generation"]
    answer = cockpit.run("plan", "--json", "00279-kub=10").json
    assert answer.keys() == PLAN
    assert answer["gcloud"].endswith(f"--to-revisions={STABLE}=90,{CANARY}=10")
    assert answer["undo"].endswith(f"--to-revisions={STABLE}=100")
    people = cockpit.run("plan", "--to", "tag:canary").out
    assert "! 00279-kub goes from no traffic to all of it in one step" in people
    assert cockpit.run("status", "--json").json["generation"] == before


def test_tags_are_listed(cockpit: CommandLine, standing: Local) -> None:
    answer = cockpit.run("tag", "--json").json
    assert answer["tags"] == [{"tag": "canary", "revision": CANARY, "url": standing.tags["canary"]}]
    assert cockpit.run("tag").out.splitlines()[1].split() == ["canary", "00279-kub", standing.tags["canary"]]


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        (["plan", "--json", "00279-zzz=10"], Exit.REFUSED, "no-revision"),
        (["plan", "--json", "00275-2jb=50"], Exit.REFUSED, "traffic"),
        (["plan", "--json", "00275-2jb=60", "00279-kub=60"], Exit.REFUSED, "traffic"),
        (["plan", "--json", "00275-2jb=60", "emergence-app-00275-2jb=40"], Exit.USAGE, "usage"),
        (["plan", "--json", "--undo"], Exit.REFUSED, "no-undo"),
        (["plan", "--json", "--rollback"], Exit.REFUSED, "no-rollback"),
        (["status", "--json", "--service", "nope"], Exit.FAILED, "not-found"),
        (["services", "--json", "--endpoint", "127.0.0.1:1"], Exit.UNREACHABLE, "unreachable"),
        (["status", "--json", "--service", "a", "--endpoint", "127.0.0.1:1"], Exit.UNREACHABLE, "unreachable"),
    ],
)
def test_what_cannot_be_has_a_kind_and_a_code(
    cockpit: CommandLine, words: list[str], code: Exit, kind: str
) -> None:
    ended = cockpit.run(*words)
    assert (ended.code, ended.json["error"]["kind"]) == (code, kind), ended.err
    assert ended.err.startswith("cockpit: ")


def test_doctor_is_content(cockpit: CommandLine) -> None:
    ended = cockpit.run("doctor", "--json")
    assert ended.code == Exit.OK
    checks = {check["check"]: check for check in ended.json["checks"]}
    assert list(checks) == [
        "configuration", "theme", "journal", "clock", "credentials", "service", "revisions", "permissions",
        "request log",
    ]  # fmt: skip
    assert all(check["passed"] for check in checks.values()), checks


def test_doctor_names_what_is_missing(
    cockpit_at: Callable[[str], CommandLine], simulator: Callable[..., Local]
) -> None:
    command = cockpit_at(simulator("forbidden").endpoint)
    ended = command.run("doctor", "--json")
    assert ended.code == Exit.FAILED
    failed = {check["check"]: check for check in ended.json["checks"] if not check["passed"]}
    assert failed.keys() == {"permissions", "request log"}
    assert failed["permissions"]["message"] == "missing: run.services.update"
    assert "roles/run.developer" in failed["permissions"]["mend"]
    assert "logging.logEntries.list" in failed["request log"]["message"]
    assert "✗ permissions" in command.run("doctor").out


def test_doctor_at_a_dead_endpoint(cockpit_at: Callable[[str], CommandLine]) -> None:
    ended = cockpit_at("127.0.0.1:1").run("doctor", "--json")
    assert ended.code == Exit.UNREACHABLE
    failed = {check["check"] for check in ended.json["checks"] if not check["passed"]}
    assert failed == {"clock", "service"}


def test_doctor_reads_the_settings_too(cockpit: CommandLine) -> None:
    cockpit.config('[theme]\nname = "drak"\n[keys]\nshfit = "s"\n')
    ended = cockpit.run("doctor", "--json")
    assert ended.code == Exit.USAGE
    failed = {check["check"]: check["message"] for check in ended.json["checks"] if not check["passed"]}
    assert "cockpit.toml:4: keys.shfit is no action" in failed["configuration"]
    assert "drak" in failed["theme"]


def test_many_services_want_one_named(
    cockpit_at: Callable[[str], CommandLine], simulator: Callable[..., Local]
) -> None:
    command = cockpit_at(simulator("busy-fleet").endpoint)
    ended = command.run("status", "--json")
    assert (ended.code, ended.json["error"]["kind"]) == (Exit.USAGE, "no-service")
    assert "and 293 more" in ended.json["error"]["mend"]
    assert len(command.run("services", "--json").json["services"]) == 301
    assert command.run("status", "--json", "--service", "billing-api-000").json["service"] == "billing-api-000"


def test_a_flaky_api_is_asked_again(
    cockpit_at: Callable[[str], CommandLine], simulator: Callable[..., Local]
) -> None:
    command = cockpit_at(simulator("flaky-api").endpoint)
    for _ in range(5):
        assert command.run("status", "--json").json["service"] == "emergence-app"
