"""Cloud Run's Admin API v2 as typed observations: one code path for the simulator and the cloud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cockpit.release.service import Revision, Service, ServiceRef
    from cockpit.release.traffic import Split


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
