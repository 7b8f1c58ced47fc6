"""What tests in every room may start from."""

from __future__ import annotations

import signal
import time
from contextlib import AsyncExitStack, ExitStack
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.simulated import Local, running_simulator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from cockpit.simulator.run import Options, Simulation
    from cockpit.simulator.scenarios import Scenario

settings.register_profile(
    "any machine", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")
"""No property is a matter of how fast the machine is. Where 50 examples are too few, a test asks for more."""


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the cockpits of tests remember and record is not the developer's, and goes with the tests' files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> Iterator[None]:
    """What is started from a shell's background ignores interrupts, and so would the commands that tests start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Charts tell the time of the system's zone; with this it is UTC everywhere."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def simulator() -> Iterator[Callable[..., Local]]:
    """Starts simulators, `simulator("bad-canary", "--load", "0")`, that run until the test is over.

    Each is a process of its own, met only on the wire.
    """
    with ExitStack() as stack:
        yield lambda scenario="healthy", *options: stack.enter_context(running_simulator(scenario, *options))


@pytest.fixture
async def simulation() -> AsyncIterator[Callable[..., Awaitable[Simulation]]]:
    """Starts simulators in the test's own loop, `await simulation("healthy", options)`, for fine control.

    A scenario may be a name or one made for the test. Without options there is no lag and no load.
    """
    from cockpit.simulator.run import Options, simulate
    from cockpit.simulator.scenarios import find
    from cockpit.simulator.world import Lag, Settings

    quiet = Options(Settings(port=0, lag=Lag.none()), load=0)
    async with AsyncExitStack() as stack:

        async def start(scenario: str | Scenario = "healthy", options: Options = quiet) -> Simulation:
            chosen = find(scenario) if isinstance(scenario, str) else scenario
            return await stack.enter_async_context(simulate(chosen, options))

        yield start
