"""A whole simulator: world, logs, data plane, load and server, put together for one scenario."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import json
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from cockpit.simulator import children, control, lifeline, logs, planting
from cockpit.simulator.app import timelines
from cockpit.simulator.autoscale import Autoscaler, Tempo
from cockpit.simulator.faults import Call, Faults, Flaky
from cockpit.simulator.fleet import Fleet
from cockpit.simulator.front import DOMAIN, Front
from cockpit.simulator.instances import Machine
from cockpit.simulator.port import LOOPBACK, listen
from cockpit.simulator.scenarios import SERVICE, Scenario
from cockpit.simulator.server import Server
from cockpit.simulator.world import Settings, World

STATE_PREFIX = "cockpit-simulator-"
LOAD_GRACE = 1.0


@dataclass(frozen=True, slots=True)
class Options:
    """How a scenario is run. `settings.port` 0 lets the system choose; `load` None means the scenario's own."""

    settings: Settings = field(default_factory=lambda: Settings(port=0))
    tempo: Tempo = field(default_factory=Tempo)
    startup_timeout: float = 15.0
    load: float | None = None


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a started simulator tells its clients; `tags` are the URLs of the tags."""

    endpoint: str
    project: str
    region: str
    service: str
    url: str
    tags: dict[str, str]
    pid: int
    scenario: str

    def json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Simulation:
    """A running simulator, with everything a test may want to look at or disturb."""

    announcement: Announcement
    world: World
    logs: logs.LogStore
    fleet: Fleet
    front: Front
    faults: Faults
    log_faults: Faults
    callers: children.Child | None


@asynccontextmanager
async def simulate(scenario: Scenario, options: Options | None = None) -> AsyncIterator[Simulation]:
    """Run a scenario while the block does. Raises PortInUseError."""
    options = options or Options()
    async with contextlib.AsyncExitStack() as stack:
        listener = stack.enter_context(listen(options.settings.port))
        settings = replace(options.settings, port=listener.getsockname()[1])
        store = logs.LogStore(settings.clock)
        machine = Machine(_database(stack, settings), options.startup_timeout)
        fleet = Fleet(store, machine, seed=settings.seed)
        world = World(settings, fleet)
        front = Front(fleet, world, seed=settings.seed)
        autoscaler = Autoscaler(fleet, world, options.tempo)
        planting.plant(world, scenario, seed=settings.seed, now=settings.clock())
        faults, log_faults = _faults(scenario, settings), _faults(scenario, settings)
        before_log_call = functools.partial(_before_log_call, log_faults, settings.project)
        server = Server(
            listener,
            grpc_handlers=[*control.handlers(world, faults), *logs.handlers(store, before_log_call)],
            routes=[*control.routes(world, faults), *logs.routes(store, before_log_call)],
            front=front,
        )
        # What is entered last ends first: nothing starts instances any more when they stop, and requests under way
        # have their answer before the server goes.
        await stack.enter_async_context(server)
        stack.push_async_callback(fleet.close)
        stack.push_async_callback(world.close)
        await stack.enter_async_context(_in_background(autoscaler.run()))
        rate = scenario.load if options.load is None else options.load
        callers = await _call(stack, settings, rate) if rate else None
        if scenario.arriving is not None:
            planting.deploy(world, scenario.arriving)
        announcement = _announcement(world, scenario)
        yield Simulation(announcement, world, store, fleet, front, faults, log_faults, callers)


async def run_until_stopped(
    scenario: Scenario, options: Options, announce: Callable[[Announcement], None], *, until_eof: bool = False
) -> None:
    """Run a scenario until SIGINT, SIGTERM or SIGHUP, or until standard input ends. Raises PortInUseError."""
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stopped.set)
    if until_eof:
        lifeline.hold(lambda: loop.call_soon_threadsafe(stopped.set))
    async with simulate(scenario, options) as simulation:
        # Log entries by the hundred thousand are no garbage: looking through them all would stall requests.
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        announce(simulation.announcement)
        await stopped.wait()


def _announcement(world: World, scenario: Scenario) -> Announcement:
    service = world.get_service(SERVICE)
    return Announcement(
        endpoint=f"{LOOPBACK}:{world.settings.port}",
        project=world.settings.project,
        region=world.settings.region,
        service=SERVICE,
        url=service.uri,
        tags={status.tag: status.uri for status in service.traffic_statuses if status.tag},
        pid=os.getpid(),
        scenario=scenario.name,
    )


def _faults(scenario: Scenario, settings: Settings) -> Faults:
    flaky = Flaky() if scenario.flaky else None
    return Faults(withheld=set(scenario.withheld), flaky=flaky, seed=settings.seed)


async def _before_log_call(faults: Faults, project: str, method: str) -> None:
    """Let the same kinds of trouble meet the log service. Raises WorldError, which it knows how to refuse with."""
    permission = "logging.logEntries.create" if method == "WriteLogEntries" else "logging.logEntries.list"
    async with faults.around(Call(method, permission, f"projects/{project}")):
        return


async def _call(stack: contextlib.AsyncExitStack, settings: Settings, rate: float) -> children.Child:
    """Start the process that plays the users."""
    target, host = f"{LOOPBACK}:{settings.port}", f"{SERVICE}{DOMAIN}:{settings.port}"
    arguments = ["--target", target, "--host", host, "--rate", str(rate), "--seed", str(settings.seed)]
    child = await children.Child.start("cockpit.simulator.callers", arguments)
    stack.push_async_callback(child.stop, LOAD_GRACE)
    return child


@asynccontextmanager
async def _in_background(work: Coroutine[object, object, None]) -> AsyncIterator[None]:
    """Do endless work while the block runs."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _database(stack: contextlib.AsyncExitStack, settings: Settings) -> Path:
    """The file of the timelines, in a directory that is gone when the stack unwinds."""
    _sweep(Path(tempfile.gettempdir()))
    directory = tempfile.TemporaryDirectory(prefix=f"{STATE_PREFIX}{os.getpid()}-", ignore_cleanup_errors=True)
    path = Path(stack.enter_context(directory)) / "timelines.db"
    timelines.create(path, settings.seed, timelines.utc_today())
    return path


def _sweep(temporary: Path) -> None:
    """Remove what simulators left that were killed before they could."""
    for directory in temporary.glob(f"{STATE_PREFIX}*-*"):
        pid = directory.name.removeprefix(STATE_PREFIX).partition("-")[0]
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            shutil.rmtree(directory, ignore_errors=True)
        except (ValueError, OverflowError, PermissionError):
            continue
