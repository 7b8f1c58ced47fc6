"""Spec against serving: what a split does between the write and the moment it is in force."""

from __future__ import annotations

import asyncio

import pytest
from google.rpc import code_pb2

from cockpit.simulator.seams import Share
from cockpit.simulator.world import Lag, WorldError
from cockpit.simulator.world.conditions import FAILED, RECONCILING, SUCCEEDED
from tests.simulator.plane import (
    CANARY,
    DEAD,
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


def split(*targets: object) -> object:
    return service(traffic=list(targets))


async def test_a_shift_is_asked_at_once_and_served_later() -> None:
    lag = asyncio.Event()

    async def sleep(_: float) -> None:
        await lag.wait()

    async with small_world(sleep=sleep) as world:
        before = world.get_service("app")
        operation = world.update_service("app", split(to(STABLE, 90), to(CANARY, 10)), ["traffic"])
        assert not operation.done
        asked = world.get_service("app")
        assert asked.generation == before.generation + 1
        assert asked.observed_generation == before.generation
        assert asked.reconciling
        assert asked.terminal_condition.state == RECONCILING
        assert [target.percent for target in asked.traffic] == [90, 10]
        assert asked.traffic_statuses == before.traffic_statuses
        assert world.serving("app") == (Share(STABLE, 100, ""), Share(CANARY, 0, "canary"))

        lag.set()
        assert (await outcome(world, operation)).WhichOneof("result") == "response"
        served = world.get_service("app")
        assert served.observed_generation == served.generation
        assert not served.reconciling
        assert served.terminal_condition.state == SUCCEEDED
        assert world.serving("app") == (Share(STABLE, 90, ""), Share(CANARY, 10, ""))


async def test_lags_are_drawn_from_the_seed_within_their_bounds() -> None:
    async def lags(seed: int) -> list[float]:
        waited = []

        async def sleep(seconds: float) -> None:
            waited.append(seconds)

        async with small_world(sleep=sleep, lag=Lag(traffic=(1.0, 3.0)), seed=seed) as world:
            for percent in (10, 20, 30):
                shift = split(to(STABLE, 100 - percent), to(CANARY, percent))
                await outcome(world, world.update_service("app", shift, ["traffic"]))
        return waited

    first, again, other = await lags(1), await lags(1), await lags(2)
    assert first == again != other
    assert len(first) == 3
    assert all(1.0 <= lag <= 3.0 for lag in first + other)


async def test_watchers_hear_of_a_new_split_when_it_is_in_force() -> None:
    heard: list[tuple[Share, ...]] = []
    async with small_world() as world:
        world.watch(lambda name: heard.append(world.serving(name)))
        await outcome(world, world.update_service("app", split(to(CANARY, 100)), ["traffic"]))
    assert heard == [(Share(CANARY, 100, ""),)]


async def test_latest_has_no_revision_name_and_tags_have_urls() -> None:
    async with small_world(port=4711) as world:
        await outcome(world, world.update_service("app", split(latest(100), to(STABLE, tag="old")), ["traffic"]))
        status, tagged = world.get_service("app").traffic_statuses
        assert (status.revision, status.percent) == ("", 100)
        assert (tagged.revision, tagged.uri) == (STABLE, "http://old---app.localhost:4711")
        assert world.serving("app") == (Share(CANARY, 100, ""), Share(STABLE, 0, "old"))


async def test_no_targets_mean_everything_to_the_latest_ready_revision() -> None:
    async with small_world() as world:
        await outcome(world, world.update_service("app", split(), ["traffic"]))
        assert world.serving("app") == (Share(CANARY, 100, ""),)
        assert [status.percent for status in world.get_service("app").traffic_statuses] == [100]


async def test_an_unknown_revision_fails_in_the_operation_and_leaves_the_serving_split() -> None:
    async with small_world() as world:
        before = world.get_service("app")
        done = await outcome(world, world.update_service("app", split(to("app-00009-zzz", 100)), ["traffic"]))
        assert done.error.code == code_pb2.INTERNAL
        assert "'app-00009-zzz' does not exist" in done.error.message
        after = world.get_service("app")
        assert after.traffic_statuses == before.traffic_statuses
        assert after.observed_generation == before.observed_generation
        assert not after.reconciling
        assert after.terminal_condition.state == FAILED
        assert state(after, "RoutesReady") == FAILED
        assert world.serving("app")[0] == Share(STABLE, 100, "")


async def test_a_failed_revision_fails_in_the_operation() -> None:
    async with small_world(Launches(DEAD)) as world:
        done = await outcome(world, world.update_service("app", service(template=template("x:2")), ["template"]))
        failed = world.get_service("app").latest_created_revision.rpartition("/")[2]
        done = await outcome(world, world.update_service("app", split(to(failed, 100)), ["traffic"]))
        assert done.error.code == code_pb2.FAILED_PRECONDITION
        assert "is not ready and cannot serve traffic. The container died." in done.error.message
        assert world.serving("app")[0] == Share(STABLE, 100, "")


async def test_a_roll_back_after_a_failed_deployment_succeeds() -> None:
    async with small_world(Launches(DEAD)) as world:
        body = service(template=template("x:2"), traffic=[latest(100)])
        assert (await outcome(world, world.update_service("app", body, ["template", "traffic"]))).error.code == 9
        done = await outcome(world, world.update_service("app", split(to(STABLE, 100)), ["traffic"]))
        assert done.WhichOneof("result") == "response"
        after = world.get_service("app")
        assert after.terminal_condition.state == SUCCEEDED
        assert state(after, "ConfigurationsReady") == FAILED
        assert after.latest_ready_revision.endswith(CANARY)


async def test_a_split_moves_in_time_although_a_revision_is_still_starting() -> None:
    launches = Launches(held=asyncio.Event())
    async with small_world(launches) as world:
        deployment = world.update_service("app", service(template=template("x:2")), ["template"])
        shift = world.update_service("app", split(to(CANARY, 100)), ["traffic"])
        assert (await outcome(world, shift)).WhichOneof("result") == "response"
        assert world.serving("app") == (Share(CANARY, 100, ""),)
        assert not world.operations.get(deployment.name).done
        assert world.get_service("app").reconciling

        assert launches.held is not None
        launches.held.set()
        assert (await outcome(world, deployment)).WhichOneof("result") == "response"
        after = world.get_service("app")
        assert not after.reconciling
        assert after.observed_generation == after.generation
        assert world.serving("app") == (Share(CANARY, 100, ""),)


async def test_latest_waits_for_the_revision_that_is_starting() -> None:
    launches = Launches(held=asyncio.Event())
    async with small_world(launches) as world:
        body = service(template=template("x:2"), traffic=[latest(100)])
        deployment = world.update_service("app", body, ["template", "traffic"])
        relabel = world.update_service("app", service(labels={"team": "sre"}), ["labels"])
        await asyncio.sleep(0)
        assert world.serving("app")[0] == Share(STABLE, 100, "")
        assert launches.held is not None
        launches.held.set()
        await outcome(world, deployment)
        await outcome(world, relabel)
        newest = world.get_service("app").latest_created_revision.rpartition("/")[2]
        assert world.serving("app") == (Share(newest, 100, ""),)


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        ([to(STABLE, 90)], "sum to 100, not 90"),
        ([to(STABLE, 60), to(CANARY, 60)], "sum to 100, not 120"),
        ([to(STABLE, 101), to(CANARY, -1)], r"traffic\[0\]\.percent: must be between 0 and 100"),
        ([to(STABLE, 100, "a"), to(CANARY, 0, "a")], "tag 'a' is used more than once"),
        ([to(STABLE, 100, "Canary")], r"traffic\[0\]\.tag: 'Canary' must begin"),
        ([to(STABLE, 100, "9a")], "'9a' must begin"),
        ([to(STABLE, 100, "a-")], "'a-' must begin"),
        ([to(STABLE, 100, "a" * 60)], "too long for a host name"),
        ([to(f"projects/p/locations/l/services/app/revisions/{STABLE}", 100)], "not the short name"),
        ([{"type_": 1, "revision": STABLE, "percent": 100}], "must be empty for a target of type LATEST"),
        ([{"percent": 100}], "must be LATEST or REVISION"),
    ],
)
async def test_splits_nobody_could_mean_are_refused_in_the_call(targets: list[object], said: str) -> None:
    async with small_world() as world:
        before = world.get_service("app")
        with pytest.raises(WorldError, match=said) as caught:
            world.update_service("app", split(*targets), ["traffic"])
        assert caught.value.code == code_pb2.INVALID_ARGUMENT
        assert world.get_service("app") == before
