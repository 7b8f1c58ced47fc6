"""The service picker: instant typing over a fleet of a thousand, and words for what goes wrong."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING

from cockpit.sources.errors import DeniedError, UnauthenticatedError
from cockpit.tui.screens.picker import PickerScreen, ServiceList
from tests.tui import staged
from tests.tui.shown import Shown, shown, strides
from tests.tui.staged import NOW, StagedFleet

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from cockpit.release.service import Service


def picking(fleet: StagedFleet, size: tuple[int, int] = (110, 40)) -> AbstractAsyncContextManager[Shown]:
    """The picker over a fleet, hearing from the first key on."""
    return shown(staged.healthy(), lambda _: PickerScreen(fleet, clock=strides(), now=lambda: NOW), size=size)


def names(view: Shown) -> list[str]:
    """The services that are listed, best first."""
    return [service.ref.service for service, _ in view.app.screen.query_one(ServiceList).items]


async def test_every_service_is_listed_with_state_split_region_age_and_modifier() -> None:
    async with picking(StagedFleet(3)) as view:
        assert "3 of 3 services" in view.text
        line = next(line for line in view.text.splitlines() if "api-000" in line)
        assert line.split() == ["●", "api-000", "90", "·", "10", "europe-west1", "12m", "ops@example.com"]


async def test_a_few_letters_find_it_and_enter_opens_it() -> None:
    async with shown(staged.healthy(), lambda _: PickerScreen(StagedFleet(900), clock=strides())) as view:
        await view.press(*"web042")
        assert names(view)[0] == "web-042"
        await view.press("enter")
        assert not isinstance(view.app.screen, PickerScreen)


async def test_the_answer_is_the_service_under_the_cursor() -> None:
    answers: list[object] = []
    async with shown(staged.healthy(), lambda _: PickerScreen(StagedFleet(0), clock=strides())) as view:
        await view.press("escape")
        view.app.push_screen(PickerScreen(StagedFleet(900), clock=strides()), answers.append)
        await view.pilot.pause()
        await view.press(*"jobs", "down", "down", "up", "enter")
        view.app.push_screen(PickerScreen(StagedFleet(900), clock=strides()), answers.append)
        await view.pilot.pause()
        await view.press("escape")
        first, second = answers
        assert getattr(first, "service", "") == "jobs-001"
        assert second is None


async def test_a_thousand_services_are_filtered_between_two_keys() -> None:
    async with picking(StagedFleet(1000)) as view:
        screen = view.app.screen
        assert isinstance(screen, PickerScreen)
        began = perf_counter()
        for _ in range(10):
            screen.on_input_changed()
        assert (perf_counter() - began) / 10 < 0.1


class WaitingFleet(StagedFleet):
    """A fleet that is read when it is let."""

    def __init__(self) -> None:
        super().__init__(2)
        self.let = asyncio.Event()

    async def services(self) -> tuple[Service, ...]:
        """Wait to be let."""
        await self.let.wait()
        return await super().services()


async def test_reading_is_a_visible_state() -> None:
    fleet = WaitingFleet()
    async with picking(fleet) as view:
        assert "reading the project's services" in view.text
        await view.press(*"web")
        fleet.let.set()
        await view.pilot.pause()
        assert names(view) == ["web-000"]


class ClosedFleet(StagedFleet):
    """A fleet that may not be read at first."""

    reads = 0

    async def services(self) -> tuple[Service, ...]:
        """Denied once."""
        self.reads += 1
        if self.reads == 1:
            raise DeniedError("missing run.services.list on emergence-469005", "ask for roles/run.viewer")
        return await super().services()


async def test_an_error_is_told_with_its_mend_and_can_be_tried_again() -> None:
    async with picking(ClosedFleet(2)) as view:
        assert "missing run.services.list on emergence-469005" in view.text
        assert "ask for roles/run.viewer" in view.text
        await view.press("ctrl+r")
        assert "2 of 2 services" in view.text


class NobodysFleet(StagedFleet):
    """A machine without credentials."""

    async def services(self) -> tuple[Service, ...]:
        """Refused."""
        raise UnauthenticatedError("no Google credentials on this machine", "run `gcloud auth login`")


async def test_without_credentials_the_way_in_and_the_simulator_are_offered() -> None:
    async with picking(NobodysFleet(0)) as view:
        assert "no Google credentials on this machine" in view.text
        assert "gcloud auth application-default login" in view.text
        assert "cockpit demo" in view.text


async def test_an_empty_project_is_said_to_be_empty() -> None:
    async with picking(StagedFleet(0)) as view:
        assert "There is no service in this project and region." in view.text
        await view.press("enter")
        assert isinstance(view.app.screen, PickerScreen)


async def test_the_mouse_chooses_by_double_click() -> None:
    async with picking(StagedFleet(9)) as view:
        await view.pilot.click(ServiceList, offset=(4, 2))
        assert isinstance(view.app.screen, PickerScreen)
        await view.pilot.double_click(ServiceList, offset=(4, 2))
        await view.pilot.pause()
        assert not isinstance(view.app.screen, PickerScreen)
