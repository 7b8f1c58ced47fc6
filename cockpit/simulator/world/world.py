"""The simulated project's state and the few ways to change it, the same for every protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from google.cloud.run_v2.types import Revision, TrafficTarget
    from google.longrunning.operations_pb2 import Operation

    from cockpit.simulator.seams import Launcher, Share
    from cockpit.simulator.world.plant import Planted
    from cockpit.simulator.world.settings import Settings

ServicePb: TypeAlias = Any  # Service.pb(): protobuf builds its classes at run time
RevisionPb: TypeAlias = Any  # Revision.pb()


class World:
    """Services, revisions and operations of one project in one region.

    Implements `seams.Routing`. Short names go in, raw protobuf messages come out; reads give copies.
    """

    def __init__(self, settings: Settings, launcher: Launcher) -> None:
        raise NotImplementedError

    # Routing, for the data plane

    def serving(self, service: str) -> tuple[Share, ...]:
        """The split in force now; empty for an unknown service."""
        raise NotImplementedError

    def revision(self, service: str, revision: str) -> Revision | None:
        """One revision with its template, or None."""
        raise NotImplementedError

    def watch(self, changed: Callable[[str], None]) -> None:
        """Call `changed(service)` after every change of a serving split or a revision."""
        raise NotImplementedError

    # Seeding, for scenarios

    def plant(
        self,
        service: str,
        revisions: Sequence[Planted],
        traffic: Sequence[TrafficTarget] = (),
        *,
        labels: Mapping[str, str] | None = None,
        annotations: Mapping[str, str] | None = None,
    ) -> None:
        """Put a settled service in place, its revisions oldest first, without launching anything."""
        raise NotImplementedError

    # Reads

    def get_service(self, service: str) -> ServicePb:
        """One service. Raises NotFound."""
        raise NotImplementedError

    def get_revision(self, service: str, revision: str) -> RevisionPb:
        """One revision. Raises NotFound."""
        raise NotImplementedError

    # Writes: each answers at once with an operation, and the platform then reconciles

    def create_service(self, service: str, body: ServicePb, *, validate_only: bool = False) -> Operation:
        """Create a service and launch its first revision."""
        raise NotImplementedError

    def update_service(
        self, service: str, body: ServicePb, mask: Sequence[str] = (), *, validate_only: bool = False
    ) -> Operation:
        """Write the masked fields (all, when the mask is empty); a changed template makes a new revision."""
        raise NotImplementedError

    def delete_service(self, service: str, *, etag: str = "", validate_only: bool = False) -> Operation:
        """Delete a service and its revisions."""
        raise NotImplementedError

    def delete_revision(self, service: str, revision: str, *, etag: str = "") -> Operation:
        """Delete one revision that serves nothing."""
        raise NotImplementedError

    async def close(self) -> None:
        """Stop reconciling."""
        raise NotImplementedError
