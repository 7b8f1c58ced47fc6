"""How a template becomes a revision, and what is said about it."""

from __future__ import annotations

import re

import pytest
from google.cloud import run_v2
from google.rpc import code_pb2

from cockpit.simulator.seams import Launch
from cockpit.simulator.world import WorldError
from cockpit.simulator.world.conditions import FAILED, SUCCEEDED, find
from cockpit.simulator.world.messages import seconds
from tests.simulator.plane import (
    CANARY,
    DEAD,
    LONG_AGO,
    STABLE,
    Launches,
    latest,
    outcome,
    service,
    small_world,
    state,
    template,
    to,
)


async def test_a_changed_template_makes_a_revision_that_the_launcher_starts() -> None:
    launches = Launches()
    async with small_world(launches) as world:
        body = service(template=template("registry.example/app:v3", service_account="robot@example.com"))
        await outcome(world, world.update_service("app", body, ["template"]))
        [launched] = launches.seen
        name = launched.name.rpartition("/")[2]
        assert re.fullmatch(r"app-00003-[a-z0-9]{3}", name)
        assert launched.service_account == "robot@example.com"
        assert launched.containers[0].image == "registry.example/app:v3"

        written = world.get_service("app")
        assert written.latest_created_revision == written.latest_ready_revision == launched.name
        assert written.template.containers[0].image == "registry.example/app:v3"
        revision = world.get_revision("app", name)
        assert re.fullmatch(r"registry\.example/app@sha256:[0-9a-f]{64}", revision.containers[0].image)
        assert revision.max_instance_request_concurrency == 80
        assert revision.timeout.seconds == 300
        assert dict(revision.containers[0].resources.limits) == {"cpu": "1000m", "memory": "512Mi"}
        kinds = ("Ready", "ContainerHealthy", "ResourcesAvailable")
        assert [state(revision, kind) for kind in kinds] == [SUCCEEDED] * 3


async def test_the_same_template_makes_no_revision() -> None:
    launches = Launches()
    async with small_world(launches) as world:
        body = world.get_service("app")
        body.labels["team"] = "sre"
        await outcome(world, world.update_service("app", body))
        assert launches.seen == []
        assert world.get_service("app").labels == {"team": "sre"}


async def test_a_revision_can_be_named_once() -> None:
    async with small_world() as world:
        body = service(template=template("x:3", revision="app-blue"))
        await outcome(world, world.update_service("app", body, ["template"]))
        assert world.get_service("app").latest_ready_revision.endswith("/revisions/app-blue")
        other = service(template=template("x:4", revision="app-blue"))
        with pytest.raises(WorldError, match="'app-blue' with different configuration already exists") as caught:
            world.update_service("app", other, ["template"])
        assert caught.value.code == code_pb2.ALREADY_EXISTS


@pytest.mark.parametrize("name", ["blue", "app-Blue", "app-", "app-" + "b" * 60])
async def test_a_revision_name_must_fit_its_service(name: str) -> None:
    async with small_world() as world:
        with pytest.raises(WorldError, match=r"template\.revision"):
            world.update_service("app", service(template=template("x:3", revision=name)), ["template"])


@pytest.mark.parametrize(
    ("launch", "reason", "failed", "fine"),
    [
        (DEAD, "HEALTH_CHECK_CONTAINER_ERROR", "ContainerHealthy", "ResourcesAvailable"),
        (
            Launch(ready=False, message="It died."),
            "HEALTH_CHECK_CONTAINER_ERROR",
            "ContainerHealthy",
            "ResourcesAvailable",
        ),
        (
            Launch(ready=False, reason="CONTAINER_MISSING", message="No image."),
            "CONTAINER_MISSING",
            "ResourcesAvailable",
            "",
        ),
        (Launch(ready=False, reason="Gremlins", message="Odd."), "UNKNOWN", "ResourcesAvailable", ""),
    ],
)
async def test_a_failed_start_is_told_by_its_conditions(
    launch: Launch, reason: str, failed: str, fine: str
) -> None:
    async with small_world(Launches(launch)) as world:
        done = await outcome(world, world.update_service("app", service(template=template("x:3")), ["template"]))
        assert done.error.code == code_pb2.FAILED_PRECONDITION
        after = world.get_service("app")
        revision = world.get_revision("app", after.latest_created_revision.rpartition("/")[2])
        ready = run_v2.Condition.wrap(find(revision, "Ready"))
        assert (ready.state, ready.message) == (run_v2.Condition.State.CONDITION_FAILED, launch.message)
        assert reason in (ready.reason.name, ready.revision_reason.name)
        assert state(revision, failed) == FAILED
        if fine:
            assert state(revision, fine) == SUCCEEDED
        assert ("@sha256:" in revision.containers[0].image) == bool(fine)
        assert state(after, "ConfigurationsReady") == FAILED
        assert after.latest_ready_revision.endswith(CANARY)


async def test_a_launcher_that_breaks_fails_the_revision(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        async def launch(self, service: str, revision: run_v2.Revision) -> Launch:
            raise RuntimeError(service + revision.name)

    async with small_world(Broken()) as world:  # type: ignore[arg-type]
        done = await outcome(world, world.update_service("app", service(template=template("x:3")), ["template"]))
    assert "An internal error occurred." in done.error.message
    assert "the launcher broke" in caplog.text


async def test_a_revision_that_loses_its_traffic_retires() -> None:
    async with small_world() as world:
        assert state(world.get_revision("app", STABLE), "Active") == SUCCEEDED
        await outcome(world, world.update_service("app", service(traffic=[to(CANARY, 100)]), ["traffic"]))
        active = find(world.get_revision("app", STABLE), "Active")
        assert active is not None
        assert active.state == FAILED
        assert active.revision_reason == run_v2.Condition.RevisionReason.RETIRED


async def test_time_to_ready_can_be_read_off_a_revision() -> None:
    now = LONG_AGO + 500_000

    async with small_world(clock=lambda: now) as world:
        operation = world.update_service("app", service(template=template("x:3")), ["template"])
        now += 52.5
        await outcome(world, operation)
        revision, _ = world.list_revisions("app")
        ready = find(revision[0], "Ready")
        assert ready is not None
        assert seconds(ready.last_transition_time) - seconds(revision[0].create_time) == 52.5
        assert ready.message == "Deploying revision succeeded in 52.50s."


async def test_deleting_a_revision_takes_one_that_serves_nothing() -> None:
    async with small_world() as world:
        with pytest.raises(WorldError, match="it can receive traffic") as caught:
            world.delete_revision("app", CANARY)
        assert caught.value.code == code_pb2.FAILED_PRECONDITION
        await outcome(world, world.update_service("app", service(traffic=[to(STABLE, 100)]), ["traffic"]))
        assert world.delete_revision("app", CANARY, validate_only=True).done
        assert world.revision("app", CANARY) is not None
        assert world.delete_revision("app", CANARY).done
        assert world.revision("app", CANARY) is None
        assert world.get_service("app").latest_created_revision.endswith(STABLE)


async def test_a_revision_deleted_mid_shift_fails_the_shift() -> None:
    async with small_world() as world:
        body = service(template=template("x:3"), traffic=[to(STABLE, 100)])
        await outcome(world, world.update_service("app", body, ["template", "traffic"]))
        shift = world.update_service("app", service(traffic=[to(CANARY, 100)]), ["traffic"])
        world.delete_revision("app", CANARY)
        done = await outcome(world, shift)
        assert f"Revision '{CANARY}' does not exist or is deleted" in done.error.message
        assert [share.revision for share in world.serving("app")] == [STABLE]


async def test_the_newest_revision_is_listed_first_and_labels_choose() -> None:
    async with small_world() as world:
        body = service(template=template("x:3", labels={"commit": "abc"}), traffic=[latest(100)])
        await outcome(world, world.update_service("app", body, ["template", "traffic"]))
        names = [revision.name.rpartition("/")[2] for revision in world.list_revisions("app")[0]]
        assert names[1:] == [CANARY, STABLE]
        [chosen] = world.list_revisions("app", labels={"commit": "abc"})[0]
        assert chosen.name.endswith(names[0])
        assert world.owner(STABLE) == "app"
        assert world.owner("nobody") == ""
