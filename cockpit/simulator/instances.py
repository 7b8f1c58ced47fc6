"""One instance of a revision: a real process on a loopback port, its lines in the logs, its end noticed."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import httpx

from cockpit.simulator.children import Child, lines_of, open_reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from google.cloud.run_v2.types import Container, Revision

    from cockpit.simulator.entries import Emitter, Stream

Reason = Literal["autoscaling", "deployment", "min-instances"]

REASONS: dict[Reason, str] = {
    "autoscaling": (
        "AUTOSCALING - Instance started due to configured scaling factors (e.g. CPU utilization,"
        " request throughput, etc.) or no existing capacity for current traffic."
    ),
    "deployment": (
        "DEPLOYMENT_ROLLOUT - Instance started due to traffic shifting between revisions due to deployment,"
        " traffic split adjustment, or deployment health check."
    ),
    "min-instances": (
        "MANUAL_OR_CUSTOMER_MIN_INSTANCE - Instance started because of customer-configured min-instances"
        " or manual scaling."
    ),
}
CONTAINER_PORT = 8080
NOT_LISTENING = (
    "The user-provided container failed to start and listen on the port defined provided by the"
    " PORT={port} environment variable within the allocated timeout. This can happen when the container port"
    " is misconfigured or if the timeout is too short. The health check timeout can be extended."
    " Logs for this revision might contain more information."
)
PROBE_PERIOD = 0.2


class StartError(Exception):
    """The container never became ready; the message is the platform's."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What all instances of a simulator share. Times are in seconds.

    `startup_timeout` and `grace` stand for Cloud Run's 240 s and 10 s, shortened for people who wait.
    """

    database: Path
    startup_timeout: float = 15.0
    grace: float = 2.0


class Instance:
    """A process that serves one revision.

    `in_flight` counts the requests it works on. `on_exit` is called once, after its last line was logged.
    """

    def __init__(
        self,
        identity: str,
        revision: Revision,
        machine: Machine,
        emitter: Emitter,
        on_exit: Callable[[Instance], None],
    ) -> None:
        self.identity = identity
        self.emitter = emitter
        self.in_flight = 0
        self.transport = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=None), trust_env=False)
        self._revision = revision
        self._container: Container = revision.containers[0]
        self._machine = machine
        self._on_exit = on_exit
        self._child: Child | None = None
        self._life: asyncio.Task[None] | None = None
        self._port = 0
        self._stopping = False

    @property
    def pid(self) -> int:
        """The process id. Raises RuntimeError before the start."""
        if self._child is None:
            raise RuntimeError("the instance was never started")
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._life is not None and not self._life.done()

    @property
    def url(self) -> str:
        """Where the front reaches it."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self, reason: Reason) -> None:
        """Start the process and wait until it passes its startup probe. Raises StartError."""
        self.emitter.platform("INFO", f"Starting new instance. Reason: {REASONS[reason]}")
        try:
            async with asyncio.timeout(self._machine.startup_timeout):
                self._port = await self._spawn()
                attempts = await self._probe()
        except (OSError, EOFError):
            await self._give_up()
            raise StartError(NOT_LISTENING.format(port=self._declared_port)) from None
        except BaseException:
            await self.stop(at_once=True)
            raise
        plural = "" if attempts == 1 else "s"
        self.emitter.platform(
            "INFO",
            f"{self._probe_name} probe succeeded after {attempts} attempt{plural} for {self._container_name}.",
        )

    async def stop(self, *, at_once: bool = False) -> None:
        """End the process, with some grace unless `at_once`. Returns when it is gone and its lines are logged."""
        self._stopping = True
        if self._child is None or self._life is None:
            return
        await (self._child.kill() if at_once else self._child.stop(self._machine.grace))
        await self._life

    async def _spawn(self) -> int:
        """Start the process; its port, once it listens. Raises EOFError when it ends before that."""
        port_read, port_write = os.pipe()
        async with open_reader(port_read) as reader:
            try:
                self._child = await Child.start(
                    "cockpit.simulator.app",
                    ["--port-fd", str(port_write)],
                    environment=self._environment(),
                    descriptors=[port_write],
                    captured=True,
                )
            finally:
                os.close(port_write)
            self._life = asyncio.create_task(self._live(self._child))
            line = await reader.readline()
        if not line:
            await asyncio.shield(self._life)
            raise EOFError
        return int(line)

    def _environment(self) -> dict[str, str]:
        """What the container sees: the template's variables, the platform's, and what Python needs here."""
        _, project, _, _, _, service, _, name = self._revision.name.split("/")
        own = {each.name: each.value for each in self._container.env if "value_source" not in each}
        paths = [own.get("PYTHONPATH", ""), os.environ.get("PYTHONPATH", "")]
        return {
            **{key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR") if key in os.environ},
            "SIM_SEED": self.identity,
            "SIM_DATABASE": str(self._machine.database),
            "GOOGLE_CLOUD_PROJECT": project,
            **own,
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "PORT": str(self._declared_port),
            "K_SERVICE": service,
            "K_REVISION": name,
            "K_CONFIGURATION": service,
        }

    async def _probe(self) -> int:
        """Probe as the template says until it succeeds; how many attempts that took."""
        attempts = 1
        while not await self._answers():
            await asyncio.sleep(PROBE_PERIOD)
            attempts += 1
        return attempts

    async def _answers(self) -> bool:
        """One startup probe: an HTTP request where the template asks for one, else a TCP connection."""
        path = self._container.startup_probe.http_get.path
        try:
            if not path:
                _, writer = await asyncio.open_connection("127.0.0.1", self._port)
                writer.close()
                await writer.wait_closed()
                return True
            response = await self.transport.handle_async_request(httpx.Request("GET", f"{self.url}{path}"))
            await response.aread()
            return response.is_success
        except (OSError, httpx.TransportError):
            return False

    async def _live(self, child: Child) -> None:
        """Log the process's lines until it has ended, and how it ended unless we asked for it."""
        await asyncio.gather(self._log("stdout", child.stdout), self._log("stderr", child.stderr))
        code = await child.wait()
        await self.transport.aclose()
        if not self._stopping:
            end = f"Container terminated on signal {-code}." if code < 0 else f"Container called exit({code})."
            self.emitter.platform("WARNING", end)
        self._on_exit(self)

    async def _log(self, stream: Stream, reader: asyncio.StreamReader | None) -> None:
        if reader is not None:
            async for line in lines_of(reader):
                self.emitter.line(stream, line)

    async def _give_up(self) -> None:
        """Report the failed start and leave nothing of it behind."""
        self.emitter.platform(
            "ERROR",
            f"{self._probe_name} probe failed 1 time consecutively for {self._container_name}."
            " The instance was not started.\nConnection failed with status CANCELLED.",
        )
        await self.stop(at_once=True)

    @property
    def _declared_port(self) -> int:
        return self._container.ports[0].container_port if self._container.ports else CONTAINER_PORT

    @property
    def _probe_name(self) -> str:
        path = self._container.startup_probe.http_get.path
        return f"STARTUP HTTP {path}" if path else "Default STARTUP TCP"

    @property
    def _container_name(self) -> str:
        name = self._container.name or f"{self._revision.service.rpartition('/')[2]}-1"
        return f'container "{name}" on port {self._declared_port}'
