"""The dialogs on the real app, over the wire, against a local Cloud Run: by keys alone, as a user would."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from cockpit.config import load
from cockpit.live.snapshot import Outcome, Snapshot
from cockpit.release.traffic import percents, tags
from cockpit.tui.screens.dialog import Dialog
from cockpit.tui.screens.picker import PickerScreen, ServiceList
from cockpit.tui.screens.shift import ShiftScreen
from cockpit.tui.screens.sides import SidesScreen
from cockpit.wiring.screen import app_of
from tests.tui.shown import text_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from cockpit.tui.app import CockpitApp
    from tests.simulated import Local

pytestmark = pytest.mark.slow

PATIENCE = 40.0


@dataclass(frozen=True, slots=True)
class Flight:
    """The app in flight, and the Cloud Run below it."""

    app: CockpitApp
    pilot: Pilot[None]
    local: Local

    @property
    def snapshot(self) -> Snapshot:
        """The newest snapshot."""
        assert self.app.session is not None
        return self.app.session.snapshot

    @property
    def shares(self) -> dict[str, int]:
        """What serves, as the last read saw it."""
        return percents(self.snapshot.service.serving) if self.snapshot.service else {}

    async def until(self, what: Callable[[], object]) -> None:
        """Wait for something to become true."""
        async with asyncio.timeout(PATIENCE):
            while not what():
                await self.pilot.pause(0.02)

    async def dialog(self, *keys: str) -> None:
        """Press keys on the main screen, and wait until the dialog they open listens."""
        await self.pilot.press(*keys)
        await self.until(lambda: isinstance(self.app.screen, Dialog) and self.app.screen.focused is not None)

    async def select(self, revision: str) -> None:
        """Move the cursor of the revisions to one of them."""
        await self.until(lambda: self.app.main.revisions.selected and self.snapshot.revisions)
        await self.pilot.press("home")
        for _ in self.snapshot.revisions:
            if self.app.main.revisions.selected == revision:
                break
            await self.pilot.press("down")
        assert self.app.main.revisions.selected == revision

    async def ended(self) -> Outcome:
        """How the change ended that was just answered."""
        await self.until(lambda: self.snapshot.change is not None and self.snapshot.change.outcome is not None)
        assert self.snapshot.change is not None
        assert self.snapshot.change.outcome is not None
        return self.snapshot.change.outcome

    async def read(self) -> dict[str, Any]:
        """The service as a stock REST client reads it."""
        async with httpx.AsyncClient() as client:
            answer: dict[str, Any] = (await client.get(_address(self.local))).raise_for_status().json()
            return answer

    async def write(self, traffic: list[dict[str, Any]]) -> None:
        """Somebody else's change of the traffic."""
        async with httpx.AsyncClient() as client:
            address = f"{_address(self.local)}?updateMask=traffic"
            (await client.patch(address, json={"traffic": traffic})).raise_for_status()


def _address(local: Local) -> str:
    where = f"projects/{local.project}/locations/{local.region}/services/{local.service}"
    return f"http://{local.endpoint}/v2/{where}"


@asynccontextmanager
async def flying(local: Local, folder: Path, **settings: object) -> AsyncIterator[Flight]:
    """The app on a local Cloud Run, with a journal of its own."""
    config = folder / "config.toml"
    production = settings.get("production", [])
    config.write_text(f"[safety]\nproduction = {production}\n")
    given = {
        "service.endpoint": local.endpoint,
        "service.project": local.project,
        "service.region": local.region,
        "service.name": settings.get("name", local.service),
        "journal.path": str(folder / "journal.sqlite3"),
    }
    flags = {key: (str(value), "test") for key, value in given.items()}
    async with app_of(load(config, {}, flags)) as app, app.run_test(size=(120, 40)) as pilot:
        flight = Flight(app, pilot, local)
        if settings.get("name", local.service):
            await flight.until(lambda: app.session is not None and flight.snapshot.service)
        yield flight


async def test_traffic_is_shifted_by_keys_requests_move_and_undo_brings_them_back(
    simulator: Callable[..., Local], tmp_path: Path
) -> None:
    async with flying(simulator("healthy"), tmp_path) as flight:
        service = flight.snapshot.service
        assert service is not None
        before = service.spec
        canary = tags(before)["canary"]
        assert flight.shares.get(canary, 0) == 0
        await flight.select(canary)
        await flight.dialog("s")
        await flight.pilot.press("5", "0", "a", "y")
        assert await flight.ended() is Outcome.APPLIED
        await flight.until(lambda: "serving after" in text_of(flight.app.screen))
        assert {status.get("percent") for status in (await flight.read())["trafficStatuses"]} >= {50}
        await flight.until(lambda: (seen := flight.snapshot.observed) and dict(seen.by_revision).get(canary))
        await flight.pilot.press("enter")
        await flight.dialog("u")
        await flight.pilot.press("y")
        await flight.until(lambda: flight.snapshot.service and flight.snapshot.service.spec == before)
        await flight.until(lambda: flight.shares.get(canary, 0) == 0)


async def test_somebody_elses_write_in_between_is_shown_and_not_overwritten(
    simulator: Callable[..., Local], tmp_path: Path
) -> None:
    async with flying(simulator("healthy", "--load", "0"), tmp_path) as flight:
        service = flight.snapshot.service
        assert service is not None
        canary = tags(service.spec)["canary"]
        stable = next(iter(percents(service.spec)))
        await flight.select(canary)
        await flight.dialog("s")
        await flight.pilot.press("1", "0", "a")
        kind = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"
        theirs = [
            {"type": kind, "revision": stable, "percent": 70},
            {"type": kind, "revision": canary, "percent": 30, "tag": "canary"},
        ]
        await flight.write(theirs)
        await flight.pilot.press("y")
        await flight.until(
            lambda: isinstance(flight.app.screen, SidesScreen) or "r starts again" in text_of(flight.app.screen)
        )
        assert [target["percent"] for target in (await flight.read())["traffic"]] == [70, 30]
        await flight.until(
            lambda: flight.snapshot.service and percents(flight.snapshot.service.spec)[canary] == 30
        )
        await flight.until(lambda: flight.app.screen.focused)
        await flight.pilot.press("r")
        await flight.until(lambda: isinstance(flight.app.screen, ShiftScreen) and flight.app.screen.focused)
        assert "nothing is changed yet" in text_of(flight.app.screen)


async def test_production_takes_the_word_before_it_takes_the_change(
    simulator: Callable[..., Local], tmp_path: Path
) -> None:
    local = simulator("healthy", "--load", "0")
    async with flying(local, tmp_path, production=[local.service]) as flight:
        service = flight.snapshot.service
        assert service is not None
        canary = tags(service.spec)["canary"]
        await flight.select(canary)
        await flight.dialog("p")
        await flight.pilot.press("a")
        await flight.until(lambda: flight.app.focused is not None and flight.app.focused.id == "typed")
        await flight.pilot.press("enter", "y")
        assert flight.snapshot.change is None
        await flight.pilot.press("shift+tab", *"100", "enter", "enter")
        assert await flight.ended() is Outcome.APPLIED
        await flight.until(lambda: flight.shares == {canary: 100})


async def test_a_tag_put_on_by_keys_answers_at_its_url(simulator: Callable[..., Local], tmp_path: Path) -> None:
    async with flying(simulator("healthy", "--load", "0"), tmp_path) as flight:
        service = flight.snapshot.service
        assert service is not None
        stable = next(iter(percents(service.spec)))
        await flight.select(stable)
        await flight.dialog("t")
        await flight.pilot.press("enter", *"blue", "enter", "enter", "a", "y")
        assert await flight.ended() is Outcome.APPLIED

        def url() -> str:
            serving = flight.snapshot.service.serving if flight.snapshot.service else ()
            return next((target.uri for target in serving if target.tag == "blue"), "")

        await flight.until(url)
        # Names under localhost resolve in browsers, not in every resolver: the host goes where it matters.
        headers = {"Host": httpx.URL(url()).netloc.decode()}
        async with httpx.AsyncClient(headers=headers, timeout=PATIENCE) as client:
            answer = await client.get(f"http://{flight.local.endpoint}/api/health")
            assert answer.status_code == 200


async def test_a_fleet_is_picked_from_and_the_service_opens(
    simulator: Callable[..., Local], tmp_path: Path
) -> None:
    async with flying(simulator("busy-fleet"), tmp_path, name="") as flight:
        await flight.until(lambda: isinstance(flight.app.screen, PickerScreen) and flight.app.screen.focused)
        await flight.until(lambda: flight.app.screen.query_one(ServiceList).items)
        wanted = flight.app.screen.query_one(ServiceList).items[-1][0].ref
        await flight.pilot.press(*["minus" if letter == "-" else letter for letter in wanted.service], "enter")
        await flight.until(lambda: flight.app.session is not None and flight.snapshot.service)
        assert flight.snapshot.ref == wanted
