"""A fleet under watch: regions read, requests of a project counted on one tail, and troubles that stop nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from cockpit.live.fleet.alerts import FIRING
from cockpit.live.fleet.watch import FleetWatch, Scope
from cockpit.live.snapshot import FeedState
from cockpit.metrics.engine import Answer, QueryError, ResultKind, Sample
from cockpit.release.observed import RequestSeen
from cockpit.release.service import Condition, ConditionState, Service, ServiceRef
from cockpit.release.traffic import ServingTarget
from cockpit.sources.errors import DeniedError
from cockpit.sources.tail import TailMode, TailState
from tests.live.clocks import FakeClock, settle

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from cockpit.metrics.engine import Engine

HERE, THERE = ("shop", "europe-west1"), ("bank", "europe-west1")


def service(
    name: str, place: tuple[str, str] = HERE, *, state: ConditionState = ConditionState.SUCCEEDED, canary: int = 0
) -> Service:
    """A service that stands in a state, with so many percent on its newest revision."""
    stable, newest = f"{name}-00001-abc", f"{name}-00002-def"
    targets = (ServingTarget(stable, 100 - canary), ServingTarget(newest, canary, "canary"))
    return Service(
        ref=ServiceRef(*place, name),
        generation=1,
        observed_generation=1,
        etag="",
        reconciling=False,
        spec=(),
        serving=targets,
        template=None,  # type: ignore[arg-type]
        conditions=(Condition("Ready", state, "Reason", "why it is so"),),
        latest_ready=newest,
    )


class Reach:
    """Regions that answer as they are told to, and logs that say what they are told to."""

    def __init__(self) -> None:
        self.regions: dict[tuple[str, str], tuple[Service, ...] | DeniedError] = {HERE: (), THERE: ()}
        self.reads = 0
        self.followed: list[tuple[str, Sequence[str]]] = []
        self.seen: dict[str, Callable[[Sequence[tuple[ServiceRef, RequestSeen]]], None]] = {}
        self.stands: dict[str, Callable[[TailState], None]] = {}

    async def services(self, project: str, region: str) -> tuple[Service, ...]:
        self.reads += 1
        answer = self.regions[project, region]
        if isinstance(answer, DeniedError):
            raise answer
        return answer

    async def follow(
        self,
        project: str,
        regions: Sequence[str],
        seen: Callable[[Sequence[tuple[ServiceRef, RequestSeen]]], None],
        stands: Callable[[TailState], None],
    ) -> None:
        self.followed.append((project, regions))
        self.seen[project], self.stands[project] = seen, stands
        await asyncio.Event().wait()


class Elsewhere:
    """An engine that knows alerts."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.firing = {"cart": 2.0, "": 1.0}
        self.broken = False

    async def get(self) -> Engine:
        if self.broken:
            raise QueryError("prometheus.example answers 503", "unreachable", "it is asked again later")
        return self  # type: ignore[return-value]

    async def instant(self, expression: str, at: int) -> Answer:  # noqa: ARG002 (the port's)
        self.asked.append(expression)
        samples = tuple(Sample((("service", name),) if name else (), count) for name, count in self.firing.items())
        return Answer(ResultKind.VECTOR, samples)


class Watched:
    """A watch on such regions."""

    def __init__(self) -> None:
        self.elsewhere = Elsewhere()
        self.fake = FakeClock()
        self.reach = Reach()
        scope = Scope((HERE, ("shop", "us-east1"), THERE), interval=10.0, window=60.0)
        self.reach.regions["shop", "us-east1"] = ()
        self.watch = FleetWatch(scope, self.reach, self.fake.clock, self.elsewhere.get)

    def names(self) -> list[str]:
        return [member.ref.service for member in self.watch.picture.members]

    def request(self, name: str, status: int, project: str = "shop", tag: str = "") -> None:
        ref = ServiceRef(project, "europe-west1", name)
        at = self.fake.wall().timestamp()
        self.reach.seen[project]([(ref, RequestSeen(at, f"{name}-00001-abc", "i", status, 0.1, tag))])


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    made = Watched()
    yield made
    await made.watch.stop()


async def test_every_region_is_read_and_each_project_has_one_tail(watched: Watched) -> None:
    watched.elsewhere.firing = {}
    watched.reach.regions[HERE] = (service("cart"), service("api"))
    watched.reach.regions[THERE] = (service("ledger", THERE),)
    assert not watched.watch.picture.read
    await watched.watch.start()
    await settle()
    assert watched.watch.picture.read
    assert watched.names() == ["api", "cart", "ledger"]
    assert watched.reach.followed == [("shop", ("europe-west1", "us-east1")), ("bank", ("europe-west1",))]
    assert [area.services for area in watched.watch.picture.areas] == [2, 0, 1]


async def test_requests_are_counted_by_service_and_unknown_until_the_log_is_read(watched: Watched) -> None:
    watched.reach.regions[HERE] = (service("cart"), service("api"))
    await watched.watch.start()
    await settle()
    assert all(member.requests is None for member in watched.watch.picture.members)
    watched.reach.stands["shop"](TailState(TailMode.STREAMING))
    for status in (200, 200, 503):
        watched.request("cart", status)
    watched.request("cart", 500, tag="canary")
    watched.request("unheard-of", 500)
    found = {member.ref.service: member.requests for member in watched.watch.picture.members}
    cart, api = found["cart"], found["api"]
    assert cart is not None
    assert (cart.total, cart.errors, cart.error_share) == (4, 2, 0.5)
    assert (cart.per_minute, cart.errors_per_minute) == (4.0, 2.0)
    assert api is not None
    assert (api.total, api.error_share) == (0, None)
    assert watched.names() == ["cart", "api"]


async def test_a_region_that_is_denied_is_said_and_the_others_go_on(watched: Watched) -> None:
    watched.reach.regions[HERE] = (service("cart"),)
    watched.reach.regions[THERE] = DeniedError("no", "ask for it")
    await watched.watch.start()
    await settle()
    picture = watched.watch.picture
    assert picture.read
    assert [area.feed.state for area in picture.areas] == [FeedState.LIVE, FeedState.LIVE, FeedState.FAILED]
    assert picture.areas[2].feed.problem is not None
    assert picture.areas[2].feed.problem.mend == "ask for it"
    assert watched.names() == ["cart"]


async def test_what_was_read_stays_with_its_age_when_nobody_looks(watched: Watched) -> None:
    watched.reach.regions[HERE] = (service("cart"),)
    await watched.watch.start()
    await settle()
    await watched.watch.stop()
    reads = watched.reach.reads
    await watched.fake.advance(300)
    await settle()
    assert watched.reach.reads == reads
    area = watched.watch.picture.areas[0]
    assert watched.names() == ["cart"]
    assert area.feed.state is FeedState.STALE
    assert area.feed.age(watched.watch.picture.at) == pytest.approx(300)
    await watched.watch.start()
    await settle()
    assert watched.reach.reads > reads


async def test_a_region_in_flux_is_read_more_often(watched: Watched) -> None:
    watched.reach.regions[HERE] = (service("cart", state=ConditionState.RECONCILING),)
    await watched.watch.start()
    await settle()
    before = watched.reach.reads
    await watched.fake.advance(6)
    await settle()
    assert watched.reach.reads == before + 1


async def test_whoever_listens_hears_of_every_answer_until_it_stops(watched: Watched) -> None:
    heard: list[int] = []
    stop = watched.watch.subscribe(lambda: heard.append(1))
    await watched.watch.start()
    await settle()
    assert len(heard) >= 3
    stop()
    before = len(heard)
    watched.watch.refresh()
    await settle()
    assert len(heard) == before


async def test_alerts_are_those_that_an_engine_elsewhere_tells(watched: Watched) -> None:
    watched.reach.regions[HERE] = (service("cart"), service("api"), service("ledger"))
    watched.reach.regions[THERE] = (service("ledger", THERE),)
    assert all(member.alerts is None for member in watched.watch.picture.members)
    await watched.watch.start()
    await settle()
    found = {member.ref: member.alerts for member in watched.watch.picture.members}
    assert found[ServiceRef(*HERE, "cart")] == 2
    assert found[ServiceRef(*HERE, "api")] == 0
    assert found[ServiceRef(*HERE, "ledger")] is None, "which ledger an alert means it does not say"
    assert watched.names()[0] == "cart"
    assert watched.elsewhere.asked == [FIRING]


async def test_an_engine_that_does_not_answer_is_said_and_nothing_is_held_for_quiet(watched: Watched) -> None:
    watched.elsewhere.broken = True
    watched.reach.regions[HERE] = (service("cart"),)
    await watched.watch.start()
    await settle()
    picture = watched.watch.picture
    assert picture.members[0].alerts is None
    assert picture.alerts is not None
    assert picture.alerts.problem is not None
    assert picture.alerts.problem.text == "prometheus.example answers 503"
