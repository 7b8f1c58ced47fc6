"""Making a revision out of a template: what it copies, what the platform fills in, what it pins."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from cockpit.simulator.world import conditions
from cockpit.simulator.world.errors import InvalidArgumentError
from cockpit.simulator.world.messages import Revision, RevisionPb, RevisionTemplate, TemplatePb, stamp

if TYPE_CHECKING:
    from cockpit.simulator.seams import Launch
    from cockpit.simulator.world.names import Place

SHARED_FIELDS = frozenset(RevisionTemplate.DESCRIPTOR.fields_by_name) & frozenset(
    Revision.DESCRIPTOR.fields_by_name
)
CONCURRENCY = 80
TIMEOUT_SECONDS = 300
LIMITS = {"cpu": "1000m", "memory": "512Mi"}


def check_template(template: TemplatePb) -> None:
    """Raises InvalidArgumentError for a template that nothing could run."""
    if not template.containers:
        raise InvalidArgumentError("template.containers", "must hold at least one container")
    for index, container in enumerate(template.containers):
        if not container.image:
            raise InvalidArgumentError(f"template.containers[{index}].image", "must not be empty")
    scaling = template.scaling
    if scaling.max_instance_count and scaling.min_instance_count > scaling.max_instance_count:
        raise InvalidArgumentError("template.scaling", "min_instance_count must not exceed max_instance_count")


def fill_defaults(template: TemplatePb) -> None:
    """Write what the platform assumes into the template, in place, as a service reads back."""
    template.max_instance_request_concurrency = template.max_instance_request_concurrency or CONCURRENCY
    if not template.HasField("timeout"):
        template.timeout.seconds = TIMEOUT_SECONDS
    for container in template.containers:
        for resource, limit in LIMITS.items():
            if resource not in container.resources.limits:
                container.resources.limits[resource] = limit
    first = template.containers[0]
    if not any(container.ports for container in template.containers):
        first.ports.add(name="http1", container_port=8080)


def by_digest(image: str) -> str:
    """The image pinned: `repository@sha256:…`. The digest is made from the name, so it is stable."""
    if "@" in image:
        return image
    head, slash, last = image.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}@sha256:{hashlib.sha256(image.encode()).hexdigest()}"


def from_template(
    place: Place, service: str, name: str, template: TemplatePb, *, uid: str, created: float, creator: str
) -> RevisionPb:
    """A new revision with the template's settings, no conditions yet."""
    shared = [field for field, _ in template.ListFields() if field.name in SHARED_FIELDS]
    # Shared fields have one type in both messages, but not one number: copy by name.
    revision = Revision(**{field.name: getattr(template, field.name) for field in shared})
    revision.name = place.revision(service, name)
    revision.service = service
    revision.uid = uid
    revision.generation = 1
    revision.create_time.CopyFrom(stamp(created))
    revision.update_time.CopyFrom(stamp(created))
    revision.creator = creator
    revision.etag = f'"{uid[:8]}"'
    revision.log_uri = (
        f"https://console.cloud.google.com/logs/viewer?project={place.project}&resource=cloud_run_revision/"
        f"service_name/{service}/revision_name/{name}&advancedFilter="
    )
    return revision


def settle(revision: RevisionPb, launch: Launch, at: float) -> None:
    """Mark a revision whose first start has ended; images that were found are pinned by digest."""
    conditions.settled(revision, launch, at)
    found = conditions.find(revision, "ResourcesAvailable")
    if found is not None and found.state == conditions.SUCCEEDED:
        for container in revision.containers:
            container.image = by_digest(container.image)
