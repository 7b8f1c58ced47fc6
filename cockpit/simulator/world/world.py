"""The simulated project's state and the few ways to change it, the same for every protocol."""

from __future__ import annotations

import asyncio
import uuid
from random import Random
from typing import TYPE_CHECKING

from google.cloud.run_v2.types import Revision as RevisionMessage
from google.cloud.run_v2.types import TrafficTarget as TargetMessage

from cockpit.simulator.world import masks, paging, plant, revisions, services
from cockpit.simulator.world.conditions import service_part, service_ready, service_reconciling, starting
from cockpit.simulator.world.errors import (
    AbortedError,
    AlreadyExistsError,
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
)
from cockpit.simulator.world.messages import RevisionPb, ServicePb, TemplatePb, copy, seconds, stamp
from cockpit.simulator.world.names import Place, check_revision_name, check_service_id, next_revision_name, short
from cockpit.simulator.world.operations import Operations
from cockpit.simulator.world.reconcile import Reconciler
from cockpit.simulator.world.records import Pending, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from google.longrunning.operations_pb2 import Operation

    from cockpit.simulator.seams import Launcher, Share
    from cockpit.simulator.world.plant import Planted
    from cockpit.simulator.world.settings import Settings


class World:
    """Services, revisions and operations of one project in one region.

    Implements `seams.Routing`. Short names go in, raw protobuf messages come out; reads give copies, except the
    lists, which are for serialising at once. Writes need a running event loop. Every refusal is a `WorldError`.
    """

    def __init__(self, settings: Settings, launcher: Launcher) -> None:
        self.settings = settings
        self.place = Place(settings.project, settings.region, settings.port)
        self._random = Random(settings.seed)
        self.operations = Operations(self.place.parent, self._random)
        self._records: dict[str, Record] = {}
        self._watchers: list[Callable[[str], None]] = []
        self._reconciler = Reconciler(
            settings=settings,
            place=self.place,
            launcher=launcher,
            operations=self.operations,
            random=self._random,
            records=self._records,
            changed=self._changed,
        )

    # Routing, for the data plane

    def serving(self, service: str) -> tuple[Share, ...]:
        """The split in force now; empty for an unknown service."""
        record = self._records.get(service)
        return record.shares if record else ()

    def revision(self, service: str, revision: str) -> RevisionMessage | None:
        """One revision with its template, or None."""
        record = self._records.get(service)
        found = record.revisions.get(revision) if record else None
        return None if found is None else RevisionMessage.wrap(copy(found))

    def watch(self, changed: Callable[[str], None]) -> None:
        """Call `changed(service)` after every change of a serving split or a revision."""
        self._watchers.append(changed)

    # Seeding, for scenarios

    def plant(
        self,
        service: str,
        planted: Sequence[Planted],
        traffic: Sequence[TargetMessage] = (),
        *,
        labels: Mapping[str, str] | None = None,
        annotations: Mapping[str, str] | None = None,
    ) -> None:
        """Put a settled service in place, its revisions oldest first, without launching anything.

        No targets: everything goes to the latest ready revision. Raises WorldError for a split that cannot serve.
        """
        if not planted:
            raise InvalidArgumentError("planted", "must hold at least one revision")
        record = plant.record(self.place, service, planted, user=self.settings.user, new_uid=self._uid)
        message = record.service
        message.labels.update(labels or {})
        message.annotations.update(annotations or {})
        message.traffic.extend(TargetMessage.pb(target) for target in traffic)
        services.complete(message)
        services.check(service, message)
        if problem := self._reconciler.route_problem(record):
            raise FailedPreconditionError(problem.message)
        settled = seconds(message.update_time) + planted[-1].ready_after
        self._records[service] = record
        self._reconciler.route(record, settled)
        for part in ("RoutesReady", "ConfigurationsReady"):
            service_part(message, part, settled, None)
        service_ready(message, settled, None)

    # Reads

    def get_service(self, service: str) -> ServicePb:
        """One service. Raises NotFoundError."""
        return copy(self._record(service).service)

    def list_services(self, size: int = 0, token: str = "") -> tuple[Sequence[ServicePb], str]:
        """One page of the services, by name, and the next page's token."""
        found = [self._records[name].service for name in sorted(self._records)]
        return paging.page(found, lambda service: short(service.name), size, token)

    def get_revision(self, service: str, revision: str) -> RevisionPb:
        """One revision. Raises NotFoundError."""
        return copy(self._revision(service, revision))

    def list_revisions(
        self, service: str = "-", size: int = 0, token: str = "", labels: Mapping[str, str] | None = None
    ) -> tuple[Sequence[RevisionPb], str]:
        """One page of a service's revisions, the newest first, and the next page's token.

        "-" lists those of every service. `labels` keeps those that carry them all. An unknown service has none.
        """
        records = self._records.values() if service == "-" else filter(None, [self._records.get(service)])
        wanted = (labels or {}).items()
        found = [
            (_newest_first(revision), revision)
            for record in records
            for revision in record.revisions.values()
            if wanted <= dict(revision.labels).items()
        ]
        found.sort(key=lambda pair: pair[0])
        taken, following = paging.page(found, lambda pair: pair[0], size, token)
        return [revision for _, revision in taken], following

    def owner(self, revision: str) -> str:
        """The service a revision belongs to, or ""."""
        return next((name for name, record in self._records.items() if revision in record.revisions), "")

    # Writes: each answers at once with an operation, and the platform then reconciles

    def create_service(self, service: str, body: ServicePb, *, validate_only: bool = False) -> Operation:
        """Create a service and launch its first revision."""
        check_service_id(service)
        if service in self._records:
            raise AlreadyExistsError(f"Resource '{self.place.service(service)}' already exists")
        now, user = self.settings.clock(), self.settings.user
        blank = services.new(self.place, service, uid=self._uid(), created=now, creator=user)
        message = masks.masked(blank, body, ())
        return self._write(Record(blank), message, validate_only=validate_only)

    def update_service(
        self,
        service: str,
        body: ServicePb,
        mask: Sequence[str] = (),
        *,
        version: str = "",
        validate_only: bool = False,
        allow_missing: bool = False,
    ) -> Operation:
        """Write the masked fields (all, when the mask is empty); a changed template makes a new revision.

        `body.etag` must be the current one, or empty, where etags are enforced; `version` always, as v1 has it.
        """
        if service not in self._records and allow_missing:
            return self.create_service(service, body, validate_only=validate_only)
        record = self._writable(service)
        self._check_etag(record.service, body.etag, version)
        message = masks.masked(record.service, body, mask)
        return self._write(record, message, validate_only=validate_only)

    def delete_service(self, service: str, *, etag: str = "", validate_only: bool = False) -> Operation:
        """Delete a service and its revisions; it is gone once the operation is done."""
        record = self._writable(service)
        self._check_etag(record.service, etag)
        doomed = copy(record.service)
        doomed.delete_time.CopyFrom(stamp(self.settings.clock()))
        if validate_only:
            return self._answered(doomed)
        record.service.CopyFrom(doomed)
        operation = self.operations.start(doomed)
        self._reconciler.delete(record, operation.name)
        return operation

    def delete_revision(
        self, service: str, revision: str, *, etag: str = "", validate_only: bool = False
    ) -> Operation:
        """Delete one revision that serves nothing and is not the service's only one."""
        record = self._writable(service)
        doomed = copy(self._revision(service, revision))
        self._check_etag(doomed, etag)
        if any(share.revision == revision for share in record.shares):
            raise FailedPreconditionError(
                f"Revision '{revision}' cannot be deleted because it can receive traffic."
            )
        if len(record.revisions) == 1:
            raise FailedPreconditionError(f"Revision '{revision}' cannot be deleted: '{service}' has no other.")
        doomed.delete_time.CopyFrom(stamp(self.settings.clock()))
        if not validate_only:
            record.drop(revision)
            self._changed(service)
        return self._answered(doomed)

    async def close(self) -> None:
        """Stop reconciling; what is under way stays as it is."""
        tasks = [task for record in self._records.values() for task in record.tasks()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # Inside

    def _write(self, record: Record, message: ServicePb, *, validate_only: bool) -> Operation:
        """Check and store a service as it shall be, and start bringing it about."""
        services.complete(message)
        services.check(record.name, message)
        made = self._new_revision_name(record, message.template)
        if validate_only:
            return self._answered(message)
        now = self.settings.clock()
        services.written(message, now, self.settings.user)
        record.service.CopyFrom(message)
        if made:
            self._add_revision(record, made, now)
        service_reconciling(record.service, now, new_revision=bool(made))
        self._records[record.name] = record
        operation = self.operations.start(record.service)
        self._reconciler.begin(record, Pending(operation.name, message.generation, made))
        return operation

    def _new_revision_name(self, record: Record, template: TemplatePb) -> str:
        """How the revision that this template asks for is called; "" when it asks for no new one."""
        asked: str = template.revision
        if record.revisions and template == record.service.template:
            return ""
        if not asked:
            return next_revision_name(record.name, record.revisions, self._random)
        check_revision_name(record.name, asked)
        if asked in record.revisions:
            raise AlreadyExistsError(f"Revision named '{asked}' with different configuration already exists.")
        return asked

    def _add_revision(self, record: Record, name: str, now: float) -> None:
        revision = revisions.from_template(
            self.place,
            record.name,
            name,
            record.service.template,
            uid=self._uid(),
            created=now,
            creator=self.settings.user,
        )
        starting(revision, now)
        record.revisions[name] = revision
        record.service.latest_created_revision = revision.name

    def _answered(self, message: ServicePb | RevisionPb) -> Operation:
        """An operation that is over at once."""
        operation = self.operations.start(message)
        self.operations.finish(operation.name, message)
        return self.operations.get(operation.name)

    def _check_etag(self, message: ServicePb | RevisionPb, etag: str, version: str = "") -> None:
        stale = etag if self.settings.etags == "enforced" and etag not in ("", message.etag) else ""
        if version and version != message.etag.strip('"'):
            stale = version
        if stale:
            raise AbortedError(
                f"Conflict for resource '{short(message.name)}': version '{stale}' was specified "
                f"but current version is '{message.etag}'."
            )

    def _record(self, service: str) -> Record:
        try:
            return self._records[service]
        except KeyError:
            raise NotFoundError(self.place.service(service)) from None

    def _writable(self, service: str) -> Record:
        record = self._record(service)
        if record.service.HasField("delete_time"):
            raise FailedPreconditionError(f"Service '{service}' is being deleted.")
        return record

    def _revision(self, service: str, revision: str) -> RevisionPb:
        record = self._records.get(service)
        if record is None or revision not in record.revisions:
            raise NotFoundError(self.place.revision(service, revision))
        return record.revisions[revision]

    def _uid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def _changed(self, service: str) -> None:
        for watcher in self._watchers:
            watcher(service)


def _newest_first(revision: RevisionPb) -> str:
    """A text that sorts as the API does: by creation, the newest first, then by name."""
    created = revision.create_time
    return f"{10**12 - created.seconds:013d}.{10**9 - created.nanos:010d}/{revision.name}"
