"""Planting and paging: what is there, how fast it is put there and listed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.simulator.seams import Launch, Share
from cockpit.simulator.world import Planted, World, WorldError
from cockpit.simulator.world.conditions import FAILED, SUCCEEDED
from cockpit.simulator.world.paging import page
from tests.simulator.plane import CANARY, DEAD, LONG_AGO, STABLE, latest, small_world, state, template, to


async def test_a_planted_service_is_settled_in_its_past() -> None:
    async with small_world() as world:
        service = world.get_service("app")
        assert not service.reconciling
        assert service.generation == service.observed_generation == 2
        assert service.terminal_condition.state == SUCCEEDED
        assert service.create_time.seconds == LONG_AGO
        assert service.terminal_condition.last_transition_time.seconds == LONG_AGO + 86_450
        assert world.serving("app") == (Share(STABLE, 100, ""), Share(CANARY, 0, "canary"))


async def test_older_revisions_are_planted_retired_and_failed_ones_failed() -> None:
    async with small_world() as world:
        missing = Launch(ready=False, reason="CONTAINER_MISSING", message="Image not found.")
        world.plant(
            "other",
            [
                Planted("other-00001-aaa", template("x:1"), LONG_AGO),
                Planted("other-00002-bbb", template("x:2"), LONG_AGO + 100, failure=missing),
                Planted("other-00003-ccc", template("x:3"), LONG_AGO + 200, ready_after=67.0),
            ],
            labels={"tier": "production"},
        )
        first = world.get_revision("other", "other-00001-aaa")
        second = world.get_revision("other", "other-00002-bbb")
        assert (state(first, "Ready"), state(first, "Active")) == (SUCCEEDED, FAILED)
        assert state(second, "Ready") == FAILED
        assert second.containers[0].image == "x:2"
        assert world.serving("other") == (Share("other-00003-ccc", 100, ""),)
        assert world.get_service("other").labels == {"tier": "production"}


async def test_a_split_that_cannot_serve_is_not_planted() -> None:
    async with small_world() as world:
        dead = Planted("other-00001-aaa", template("x:1"), LONG_AGO, failure=DEAD)
        with pytest.raises(WorldError, match="is not ready"):
            world.plant("other", [dead], [latest(100)])
        with pytest.raises(WorldError, match="does not exist"):
            world.plant("other", [dead], [to("other-00002-bbb", 100)])
        with pytest.raises(WorldError, match="at least one revision"):
            world.plant("other", [])
        assert [service.name.rpartition("/")[2] for service in world.list_services()[0]] == ["app"]


def busy(world: World, services: int, revisions: int) -> None:
    for index in range(services):
        name = f"service-{index:04d}"
        planted = [Planted(f"{name}-{n:05d}-abc", template(), LONG_AGO + n * 3600) for n in range(revisions)]
        world.plant(name, planted)


async def test_thousands_of_revisions_are_planted_and_listed_quickly() -> None:
    async with small_world() as world:
        started = time.process_time()
        busy(world, services=300, revisions=10)
        planted = time.process_time()
        revisions, following = world.list_revisions("-", size=1000)
        listed = time.process_time()
        assert len(revisions) == 1000
        assert following
        assert planted - started < 2.0
        assert listed - planted < 0.5


async def test_pages_of_services_go_by_name_and_survive_what_comes_in_between() -> None:
    async with small_world() as world:
        busy(world, services=5, revisions=1)
        first, token = world.list_services(size=2)
        world.plant("aaa", [Planted("aaa-00001-abc", template(), LONG_AGO)])
        rest, end = world.list_services(size=10, token=token)
        names = [service.name.rpartition("/")[2] for service in [*first, *rest]]
        assert names == ["app", *(f"service-{index:04d}" for index in range(5))]
        assert end == ""


@given(st.sets(st.text(min_size=1), max_size=30), st.integers(1, 7))
def test_pages_together_are_the_list(keys: set[str], size: int) -> None:
    items = sorted(keys)
    gathered: list[str] = []
    token = ""
    while True:
        taken, token = page(items, lambda item: item, size, token)
        gathered += taken
        assert len(taken) <= size
        if not token:
            break
    assert gathered == items


@pytest.mark.parametrize("token", ["§", "not base64", "/w=="])
def test_a_made_up_token_is_refused(token: str) -> None:
    with pytest.raises(WorldError, match="page_token"):
        page(["a"], lambda item: item, 1, token)


def test_page_sizes_have_bounds() -> None:
    items = [f"{index:05d}" for index in range(1500)]
    assert len(page(items, lambda item: item, 0, "")[0]) == 100
    assert len(page(items, lambda item: item, 5000, "")[0]) == 1000
    with pytest.raises(WorldError, match="page_size"):
        page(items, lambda item: item, -1, "")
