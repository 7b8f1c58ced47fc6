"""The fleet on the screen: rows, filter, troubles, and the way into one service."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cockpit.live.fleet.picture import Area, FleetPicture
from cockpit.live.snapshot import Feed, FeedState, Problem
from cockpit.release.fleet import Member, Requests
from cockpit.release.service import ConditionState
from cockpit.tui.app import CockpitApp
from cockpit.tui.jumping import lettered
from cockpit.tui.screens.fleet import ONLY_HERE, FleetScreen
from cockpit.tui.widgets.filter_bar import FilterBar
from tests.tui import staged
from tests.tui.shown import text_of
from tests.tui.staged import StagedFleet, StagedSession, until
from tests.tui.staged_fleet import StagedWatch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

    from cockpit.release.service import Service

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m[@click=app.exit]x[/]\u202ekcab\u2028\x00\x7f$(id)"
LIVE = Feed("services", FeedState.LIVE, staged.AT - 4)


def named(name: str, **changes: object) -> Service:
    """A service of that name, 90/10."""
    calm = staged.healthy().service
    assert calm is not None
    return replace(calm, ref=replace(staged.REF, service=name), **changes)  # type: ignore[arg-type]


def picture(*members: Member, areas: tuple[Area, ...] | None = None) -> FleetPicture:
    """A picture of these services."""
    only = Area(staged.REF.project, staged.REF.region, LIVE, len(members))
    logs = ((staged.REF.project, Feed("requests", FeedState.LIVE, staged.AT)),)
    return FleetPicture(staged.AT, staged.NOW, members, (only,) if areas is None else areas, logs)


def broken(name: str, why: str) -> Service:
    """A service that failed, and says why."""
    ready = staged.condition("Ready", ConditionState.FAILED, staged.NOW, "HealthCheck", why)
    return named(name, conditions=(ready,))


FLEET = picture(
    Member(broken("cart", "The container failed to start")),
    Member(named("api"), Requests(60.0, 600, 90)),
    Member(named("emergence-app"), Requests(60.0, 60, 0)),
)


class Looked:
    """The fleet's screen over the cockpit."""

    def __init__(self, app: CockpitApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot
        assert isinstance(app.fleet, StagedFleet)
        self.watch: StagedWatch = app.fleet.watch

    @property
    def screen(self) -> FleetScreen:
        assert isinstance(self.app.screen, FleetScreen)
        return self.app.screen

    @property
    def text(self) -> str:
        return text_of(self.app.screen)

    def row(self, name: str) -> str:
        return next(line.text for line in self.screen.table.lines if name in line.text)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()


@pytest.fixture
async def fleet(request: pytest.FixtureRequest) -> AsyncIterator[Looked]:
    app = staged.cockpit(staged.healthy())
    async with app.run_test(size=getattr(request, "param", (130, 24))) as pilot:
        await until(pilot, lambda: app.session is not None)
        looked = Looked(app, pilot)
        looked.watch.picture = FLEET
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, FleetScreen) and looked.watch.running)
        yield looked


async def test_each_service_says_how_it_stands_and_what_its_requests_come_to(fleet: Looked) -> None:
    assert "✗ cart" in fleet.row("cart")
    assert "failed: The container failed to start" in fleet.row("cart")
    for said in ("600", "90", "15.0 %", "90 · 10", "00279-kub 10 %"):
        assert said in fleet.row("api")
    assert "3 services" in fleet.text
    assert "✗ 1 failed" in fleet.text
    assert "read 4.0 s ago" in fleet.text
    assert fleet.text.count(ONLY_HERE) == 1
    assert fleet.row("api").split("90 · 10")[1].split()[4] == "–"


async def test_enter_opens_a_service_and_the_watch_ends(fleet: Looked) -> None:
    await fleet.press("down", "enter")
    app = fleet.app
    await until(fleet.pilot, lambda: app.screen is app.main and app.session is not None)
    await until(fleet.pilot, lambda: app.session is not None and app.session.snapshot.ref.service == "api")
    await until(fleet.pilot, lambda: not fleet.watch.running)


async def test_the_service_at_hand_is_not_opened_anew(fleet: Looked) -> None:
    before = fleet.app.session
    await fleet.press("end", "enter")
    assert fleet.app.screen is fleet.app.main
    assert fleet.app.session is before
    assert isinstance(before, StagedSession)
    assert before.running


async def test_a_filter_is_typed_kept_and_dropped(fleet: Looked) -> None:
    await fleet.press("slash", *"api")
    assert [member.ref.service for member in fleet.screen.table.members] == ["api"]
    assert "1 of 3 match “api”" in fleet.text
    await fleet.press("enter")
    assert fleet.app.focused is fleet.screen.table
    await fleet.press("slash", "z")
    assert "no service matches" in fleet.text
    await fleet.press("escape")
    assert len(fleet.screen.table.members) == 3
    assert not fleet.screen.query(FilterBar)
    await fleet.press("escape")
    assert fleet.app.screen is fleet.app.main


async def test_the_cursor_stays_on_its_service_when_the_order_changes(fleet: Looked) -> None:
    await fleet.press("down")
    assert fleet.screen.table.current is not None
    fleet.watch.put(picture(*reversed(FLEET.members)))
    await fleet.pilot.pause()
    # The picture is ordered anew by what is known of alerts here.
    assert fleet.screen.table.current.ref.service == "api"
    fleet.watch.put(picture(FLEET.members[0]))
    await fleet.pilot.pause()
    assert fleet.screen.table.current.ref.service == "cart"


async def test_a_region_that_cannot_be_read_is_a_line_with_its_mend_and_the_others_stay(fleet: Looked) -> None:
    why = Problem("denied", "run.services.list is denied", "ask for roles/run.viewer")
    denied = Area("bank", "us-east1", Feed("services", FeedState.FAILED, problem=why))
    fleet.watch.put(picture(*FLEET.members, areas=(FLEET.areas[0], denied)))
    await fleet.pilot.pause()
    assert "✗ bank · us-east1: run.services.list is denied · ask for roles/run.viewer" in fleet.text
    assert "2 regions of 2 projects" in fleet.text
    assert "api" in fleet.row("api")


async def test_regions_that_fail_alike_share_a_line_and_too_many_lines_are_counted(fleet: Looked) -> None:
    def denied(project: str, region: str) -> Area:
        return Area(project, region, Feed("services", FeedState.FAILED, problem=Problem("denied", "no", "ask")))

    alike = tuple(denied("bank", region) for region in ("us-east1", "us-west1", "asia-east1"))
    fleet.watch.put(picture(*FLEET.members, areas=(FLEET.areas[0], *alike)))
    await fleet.pilot.pause()
    assert "bank · us-east1 and 2 more regions: no · ask" in fleet.text
    many = tuple(denied(f"bank-{number}", "us-east1") for number in range(20))
    fleet.watch.put(picture(*FLEET.members, areas=many))
    await fleet.pilot.pause()
    assert "and 15 lines more" in fleet.text


async def test_before_the_first_answer_it_says_that_it_reads(fleet: Looked) -> None:
    fleet.watch.put(FleetPicture(staged.AT, staged.NOW, areas=(Area("p", "r", Feed("services")),)))
    await fleet.pilot.pause()
    assert "reading the services …" in fleet.text
    fleet.watch.put(FleetPicture(staged.AT, staged.NOW, areas=(Area("p", "r", LIVE),)))
    await fleet.pilot.pause()
    assert "there is no service here" in fleet.text
    silent = Area("p", "s", Feed("services", FeedState.FAILED, problem=Problem("denied", "no", "ask")))
    fleet.watch.put(FleetPicture(staged.AT, staged.NOW, areas=(silent,)))
    await fleet.pilot.pause()
    assert "no service could be read" in fleet.text


async def test_a_letter_leads_to_a_service_and_keys_read_again_and_lead_back(fleet: Looked) -> None:
    table = fleet.screen.table.content_region
    wanted = (table.x, table.y + 3)
    letter = next(letter for letter, spot in lettered(fleet.screen.spots()) if (spot.x, spot.y) == wanted)
    await fleet.press("J", letter)
    await until(fleet.pilot, lambda: isinstance(fleet.app.screen, FleetScreen))
    assert fleet.screen.table.current is fleet.screen.table.members[2]
    await fleet.press("r")
    assert fleet.watch.refreshed == 1
    await fleet.press("f2")
    assert fleet.app.screen is fleet.app.main


@pytest.mark.parametrize("fleet", [(60, 20)], indirect=True)
async def test_hostile_names_reach_no_terminal(fleet: Looked) -> None:
    odd = broken("api", HOSTILE)
    strange = replace(
        odd, ref=replace(odd.ref, service=HOSTILE, region=HOSTILE, project=HOSTILE), last_modifier=HOSTILE
    )
    area = Area(HOSTILE, HOSTILE, Feed("services", FeedState.FAILED, problem=Problem("x", HOSTILE, HOSTILE)))
    fleet.watch.put(picture(Member(strange), Member(named("calm")), areas=(area, FLEET.areas[0])))
    await fleet.press("down", "slash", "x", "escape")
    plain = fleet.text.replace("\n", "").replace("\xa0", "")
    assert {character for character in plain if not character.isprintable()} == set()
