"""Cloud Run's Admin API v2 as typed observations: one code path for the simulator and the cloud."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from cockpit.sources.errors import UnreachableError
from cockpit.sources.messages import fill_traffic, revision_of, service_of
from cockpit.sources.status import Attempt, one_line, translated
from cockpit.sources.target import Api

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from google.cloud.run_v2 import RevisionsAsyncClient, ServicesAsyncClient

    from cockpit.release.service import Revision, Service, ServiceRef
    from cockpit.release.traffic import Split
    from cockpit.sources.connection import Channel, Connection

PAGE = 100
"""Services or revisions in one answer; a page costs one read of the quota."""

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long an answer may take, in seconds: to a read, to dialling before a write, to the write itself."""

    read: float = 5.0
    dial: float = 5.0
    write: float = 15.0


@dataclass(frozen=True, slots=True)
class OperationState:
    """How a long-running operation stands. `error` is "" unless it failed; then one line with the reason."""

    name: str
    done: bool
    error: str = ""


class Releases(Protocol):
    """What the live room needs of Cloud Run. Every method raises a SourceError and nothing else."""

    async def service(self, ref: ServiceRef) -> Service:
        """Read one service (one read of the quota)."""

    async def services(self, project: str, region: str) -> tuple[Service, ...]:
        """Every service of one region, all pages."""

    async def revisions(self, ref: ServiceRef) -> tuple[Revision, ...]:
        """Every revision of a service, newest first, all pages."""

    async def write_traffic(self, ref: ServiceRef, split: Split, etag: str) -> str:
        """Ask for a split with the mask `traffic`; answers the operation's name. Never retried.

        Raises OutcomeUnknownError where the write was sent and no answer came.
        """

    async def operation(self, name: str) -> OperationState:
        """Poll one long-running operation once."""

    async def permissions(self, ref: ServiceRef, wanted: tuple[str, ...]) -> frozenset[str]:
        """Which of the wanted IAM permissions the caller has on the service."""

    async def close(self) -> None:
        """Release the channel."""


@dataclass(frozen=True, slots=True)
class _Clients:
    """The stock clients on one channel."""

    channel: Channel
    services: ServicesAsyncClient
    revisions: RevisionsAsyncClient


class CloudRun:
    """`Releases` over the stock clients. Reads are asked once, with a timeout: whoever polls has the back-off."""

    def __init__(self, connection: Connection, timeouts: Timeouts | None = None) -> None:
        self._connection = connection
        self._timeouts = timeouts or Timeouts()
        self._once: dict[str, Any] = {"retry": None, "timeout": self._timeouts.read}
        self._clients: _Clients | None = None

    async def service(self, ref: ServiceRef) -> Service:
        """Read one service."""
        async with self._reading(f"read service {ref.service}", "run.services.get") as clients:
            answer = await clients.services.get_service({"name": ref.path}, **self._once)
        return service_of(type(answer).pb(answer))

    async def services(self, project: str, region: str) -> tuple[Service, ...]:
        """Every service of one region, all pages, by name."""
        request = {"parent": f"projects/{project}/locations/{region}", "page_size": PAGE}
        found: list[Service] = []
        async with self._reading(f"list the services of {region}", "run.services.list") as clients:
            pager = await clients.services.list_services(request, **self._once)
            async for page in pager.pages:
                found.extend(map(service_of, type(page).pb(page).services))
        return tuple(sorted(found, key=lambda service: service.ref))

    async def revisions(self, ref: ServiceRef) -> tuple[Revision, ...]:
        """Every revision of a service, newest first, all pages."""
        request = {"parent": ref.path, "page_size": PAGE}
        found: list[Revision] = []
        async with self._reading(f"list the revisions of {ref.service}", "run.revisions.list") as clients:
            pager = await clients.revisions.list_revisions(request, **self._once)
            async for page in pager.pages:
                found.extend(map(revision_of, type(page).pb(page).revisions))
        found.sort(key=lambda revision: (revision.created or _LONG_AGO, revision.name), reverse=True)
        return tuple(found)

    async def write_traffic(self, ref: ServiceRef, split: Split, etag: str) -> str:
        """Ask for a split; answers the operation's name.

        Dials first where there is no connection, so that what fails then is known not to have been sent.
        """
        clients = await self._open()  # first: it loads the clients in a thread
        from google.cloud.run_v2.types import UpdateServiceRequest

        timeout = self._timeouts.write
        attempt = self._attempt(f"write the traffic of {ref.service}", "run.services.update", timeout)
        await self._dialled(clients.channel, attempt)
        request = UpdateServiceRequest(
            service={"name": ref.path, "etag": etag}, update_mask={"paths": ["traffic"]}
        )
        fill_traffic(UpdateServiceRequest.pb(request).service.traffic, split)
        with translated(replace(attempt, writes=True)):
            answer = await clients.services.update_service(request, retry=None, timeout=timeout)
        return str(answer.operation.name)

    async def operation(self, name: str) -> OperationState:
        """Poll one long-running operation once."""
        async with self._reading("follow the operation", "run.operations.get") as clients:
            answer = await clients.services.get_operation({"name": name}, **self._once)
        if not answer.HasField("error"):
            return OperationState(name, answer.done)
        return OperationState(name, answer.done, one_line(answer.error.message) or f"code {answer.error.code}")

    async def permissions(self, ref: ServiceRef, wanted: tuple[str, ...]) -> frozenset[str]:
        """Which of the wanted IAM permissions the caller has on the service."""
        request = {"resource": ref.path, "permissions": list(wanted)}
        async with self._reading(f"ask for the permissions on {ref.service}") as clients:
            answer = await clients.services.test_iam_permissions(request, **self._once)
        return frozenset(answer.permissions)

    async def close(self) -> None:
        """Close the connection; a later call opens it again."""
        self._clients = None
        await self._connection.close()

    @asynccontextmanager
    async def _reading(self, doing: str, needs: str = "") -> AsyncIterator[_Clients]:
        clients = await self._open()
        with translated(self._attempt(doing, needs, self._timeouts.read)):
            yield clients

    def _attempt(self, doing: str, needs: str, timeout: float) -> Attempt:
        return Attempt(doing, self._connection.target, Api.RUN, needs, timeout)

    async def _dialled(self, channel: Channel, attempt: Attempt) -> None:
        """Wait for the connection. Raises UnreachableError where there is none: nothing was sent then."""
        try:
            async with asyncio.timeout(self._timeouts.dial):
                await channel.channel_ready()
        except TimeoutError as error:
            raise UnreachableError(
                f"could not {attempt.doing}: no connection to {attempt.place} within {self._timeouts.dial:g} s",
                "nothing was sent: try again when the service can be read",
            ) from error

    async def _open(self) -> _Clients:
        channel = await self._connection.channel(Api.RUN)
        if self._clients is None or self._clients.channel is not channel:
            self._clients = _clients(channel)
        return self._clients


def _clients(channel: Channel) -> _Clients:
    from google.cloud.run_v2 import RevisionsAsyncClient, ServicesAsyncClient
    from google.cloud.run_v2.services.revisions.transports import RevisionsGrpcAsyncIOTransport
    from google.cloud.run_v2.services.services.transports import ServicesGrpcAsyncIOTransport

    return _Clients(
        channel,
        ServicesAsyncClient(transport=ServicesGrpcAsyncIOTransport(channel=channel)),
        RevisionsAsyncClient(transport=RevisionsGrpcAsyncIOTransport(channel=channel)),
    )
