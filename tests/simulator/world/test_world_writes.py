"""What a write changes, and when it is refused: field masks, etags, dry runs, creation, deletion."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from google.cloud import run_v2
from google.rpc import code_pb2

from cockpit.simulator.seams import Share
from cockpit.simulator.world import WorldError
from cockpit.simulator.world.messages import Service
from tests.simulator.plane import CANARY, STABLE, Launches, latest, outcome, service, small_world, template, to


def refused(code: int, said: str) -> Any:
    return pytest.raises(WorldError, match=said, check=lambda error: error.code == code)


async def test_a_mask_writes_what_it_names_and_nothing_else() -> None:
    async with small_world() as world:
        body = service(
            labels={"team": "sre"},
            description="ignored",
            template={"containers": [{"image": "ignored:1"}], "scaling": {"max_instance_count": 7}},
        )
        before = world.get_service("app")
        world.update_service("app", body, ["labels", "template.scaling.max_instance_count", "uid", "creator"])
        after = world.get_service("app")
        assert after.labels == {"team": "sre"}
        assert after.template.scaling.max_instance_count == 7
        assert after.description == ""
        assert after.template.containers == before.template.containers
        assert after.traffic == before.traffic
        assert (after.uid, after.creator) == (before.uid, before.creator)


@pytest.mark.parametrize("mask", [[], ["*"]])
async def test_no_mask_replaces_the_whole_service(mask: list[str]) -> None:
    async with small_world() as world:
        world.update_service("app", service(template=template("x:3"), labels={"a": "b"}), mask)
        after = world.get_service("app")
        assert list(after.traffic) == []
        assert after.labels == {"a": "b"}
        with refused(code_pb2.INVALID_ARGUMENT, r"template\.containers"):
            world.update_service("app", service(labels={}), mask)


async def test_a_mask_that_names_nothing_is_refused() -> None:
    async with small_world() as world:
        with refused(code_pb2.INVALID_ARGUMENT, "'trafic' is not a field of a service"):
            world.update_service("app", service(), ["trafic"])


async def test_every_write_counts_a_generation_and_changes_the_etag() -> None:
    async with small_world() as world:
        seen = [world.get_service("app")]
        for label in ("a", "b"):
            world.update_service("app", service(labels={"x": label}), ["labels"])
            seen.append(world.get_service("app"))
        assert [each.generation for each in seen] == [2, 3, 4]
        assert len({each.etag for each in seen}) == 3


async def test_a_stale_etag_is_a_conflict_where_etags_are_enforced() -> None:
    async with small_world() as world:
        stale = world.get_service("app").etag
        world.update_service("app", service(labels={"x": "1"}, etag=stale), ["labels"])
        with refused(code_pb2.ABORTED, "Conflict for resource 'app': version"):
            world.update_service("app", service(labels={"x": "2"}, etag=stale), ["labels"])
        assert world.get_service("app").labels == {"x": "1"}


async def test_a_stale_etag_passes_where_etags_are_ignored_but_a_stale_version_never() -> None:
    async with small_world(etags="ignored") as world:
        stale = world.get_service("app").etag
        for label in ("1", "2"):
            world.update_service("app", service(labels={"x": label}, etag=stale), ["labels"])
        assert world.get_service("app").labels == {"x": "2"}
        with refused(code_pb2.ABORTED, "Conflict"):
            world.update_service("app", service(labels={"x": "3"}), ["labels"], version=stale.strip('"'))


async def test_reconciling_leaves_the_etag_alone() -> None:
    async with small_world() as world:
        operation = world.update_service("app", service(traffic=[to(CANARY, 100)]), ["traffic"])
        etag = world.get_service("app").etag
        await outcome(world, operation)
        assert world.get_service("app").etag == etag


async def test_a_dry_run_answers_and_changes_nothing() -> None:
    async with small_world() as world:
        before = world.get_service("app")
        body = service(traffic=[to(CANARY, 100)])
        operation = world.update_service("app", body, ["traffic"], validate_only=True)
        would = Service()
        assert operation.done
        assert operation.response.Unpack(would)
        assert would.traffic[0].revision == CANARY
        assert world.delete_service("app", validate_only=True).done
        assert world.create_service("other", service(template=template()), validate_only=True).done
        assert world.get_service("app") == before
        assert len(world.list_services()[0]) == 1


async def test_a_new_service_serves_once_its_revision_does() -> None:
    launches = Launches(held=asyncio.Event())
    async with small_world(launches, port=80) as world:
        operation = world.create_service("fresh", service(template=template("x:1"), name="ignored"))
        fresh = world.get_service("fresh")
        assert (fresh.generation, fresh.observed_generation, fresh.latest_ready_revision) == (1, 0, "")
        assert fresh.uri == "http://fresh.localhost:80"
        assert fresh.ingress == run_v2.IngressTraffic.INGRESS_TRAFFIC_ALL
        assert world.serving("fresh") == ()
        assert launches.held is not None
        launches.held.set()
        await outcome(world, operation)
        [share] = world.serving("fresh")
        assert share == Share(world.get_service("fresh").latest_ready_revision.rpartition("/")[2], 100, "")


async def test_a_name_is_taken_once_and_must_be_a_name() -> None:
    async with small_world() as world:
        with refused(code_pb2.ALREADY_EXISTS, "already exists"):
            world.create_service("app", service(template=template()))
        for bad in ("", "App", "1app", "app-", "a" * 50):
            with refused(code_pb2.INVALID_ARGUMENT, "service_id"):
                world.create_service(bad, service(template=template()))


async def test_what_the_platform_keeps_for_itself_is_refused() -> None:
    async with small_world() as world:
        with refused(code_pb2.INVALID_ARGUMENT, "namespace of the platform's own"):
            world.update_service("app", service(annotations={"run.googleapis.com/x": "y"}), ["annotations"])


async def test_missing_services_can_be_made_by_an_update() -> None:
    async with small_world() as world:
        with refused(code_pb2.NOT_FOUND, "services/fresh' was not found"):
            world.update_service("fresh", service(template=template()))
        operation = world.update_service("fresh", service(template=template()), allow_missing=True)
        await outcome(world, operation)
        assert world.serving("fresh")[0].percent == 100


async def test_a_deleted_service_vanishes_with_what_was_under_way() -> None:
    launches = Launches(held=asyncio.Event())
    heard: list[str] = []
    async with small_world(launches) as world:
        world.watch(heard.append)
        body = service(template=template("x:3"), traffic=[latest(100)])
        deployment = world.update_service("app", body, ["template", "traffic"])
        deletion = world.delete_service("app")
        with refused(code_pb2.FAILED_PRECONDITION, "is being deleted"):
            world.update_service("app", service(traffic=[to(STABLE, 100)]), ["traffic"])
        assert (await outcome(world, deletion)).WhichOneof("result") == "response"
        assert (await outcome(world, deployment)).error.code == code_pb2.ABORTED
        assert world.serving("app") == ()
        assert heard == ["app"]
        with refused(code_pb2.NOT_FOUND, "services/app"):
            world.get_service("app")


async def test_a_write_never_reaches_what_was_read_before() -> None:
    async with small_world() as world:
        held, revision = world.get_service("app"), world.revision("app", STABLE)
        assert revision is not None
        revision.containers[0].image = "tampered"
        held.labels["x"] = "tampered"
        again = world.revision("app", STABLE)
        assert again is not None
        assert again.containers[0].image != "tampered"
        assert world.get_service("app").labels == {}
