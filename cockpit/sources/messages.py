"""Cloud Run's protobuf messages as release types.

Works on raw messages (`Service.pb(…)`): going through proto-plus costs several times as much, and a service may
have a thousand revisions. Imports nothing of Google's.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from cockpit.release.service import Condition, ConditionState, EnvVar, Revision, Service, ServiceRef, Template
from cockpit.release.traffic import LATEST, ServingTarget, Split, Target

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from google.protobuf.message import Message
    from google.protobuf.timestamp_pb2 import Timestamp

_LATEST_TYPE = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"
_STATES = {
    "CONDITION_PENDING": ConditionState.PENDING,
    "CONDITION_RECONCILING": ConditionState.RECONCILING,
    "CONDITION_FAILED": ConditionState.FAILED,
    "CONDITION_SUCCEEDED": ConditionState.SUCCEEDED,
}


def service_of(message: Any) -> Service:
    """A `google.cloud.run.v2.Service`."""
    _, project, _, region, _, name = message.name.split("/")
    latest_ready = _short(message.latest_ready_revision)
    return Service(
        ref=ServiceRef(project, region, name),
        generation=message.generation,
        observed_generation=message.observed_generation,
        etag=message.etag,
        reconciling=message.reconciling,
        spec=tuple(_target(target) for target in message.traffic),
        serving=tuple(_serving(status, latest_ready) for status in message.traffic_statuses),
        template=_template(message.template, message.template.scaling),
        conditions=_conditions([message.terminal_condition, *message.conditions]),
        uri=message.uri,
        urls=tuple(message.urls),
        latest_ready=latest_ready,
        latest_created=_short(message.latest_created_revision),
        creator=message.creator,
        last_modifier=message.last_modifier,
        client=" ".join(filter(None, (message.client, message.client_version))),
        created=_time(message, "create_time"),
        updated=_time(message, "update_time"),
        labels=tuple(sorted(message.labels.items())),
        ingress=_enum(message, "ingress").removeprefix("INGRESS_TRAFFIC_"),
        min_instances=message.scaling.min_instance_count,
        max_instances=message.scaling.max_instance_count,
    )


def revision_of(message: Any) -> Revision:
    """A `google.cloud.run.v2.Revision`."""
    return Revision(
        name=_short(message.name),
        template=_template(message, message.scaling),
        conditions=_conditions(message.conditions),
        created=_time(message, "create_time"),
        creator=message.creator,
        labels=tuple(sorted(message.labels.items())),
        reconciling=message.reconciling,
    )


def fill_traffic(traffic: Any, split: Split) -> None:
    """Append a split's targets to the repeated field `traffic` of a `google.cloud.run.v2.Service`."""
    for target in split:
        message = traffic.add(percent=target.percent, tag=target.tag)
        types = message.DESCRIPTOR.fields_by_name["type_"].enum_type.values_by_name
        if target.revision == LATEST:
            message.type_ = types[_LATEST_TYPE].number
        else:
            message.type_ = types["TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"].number
            message.revision = target.revision


def _target(message: Any) -> Target:
    revision = LATEST if _enum(message, "type_") == _LATEST_TYPE else _short(message.revision)
    return Target(revision, message.percent, message.tag)


def _serving(message: Any, latest_ready: str) -> ServingTarget:
    latest = _enum(message, "type_") == _LATEST_TYPE
    # A status for LATEST carries no revision.
    revision = _short(message.revision) or (latest_ready if latest else "")
    return ServingTarget(revision, message.percent, message.tag, message.uri, latest)


def _template(message: Any, scaling: Any) -> Template:
    """A revision's template, or a revision: both name these fields alike."""
    container = _ingress_container(message.containers)
    limits = {} if container is None else container.resources.limits
    return Template(
        image="" if container is None else container.image,
        env=() if container is None else tuple(_env(variable) for variable in container.env),
        cpu=limits.get("cpu", ""),
        memory=limits.get("memory", ""),
        concurrency=message.max_instance_request_concurrency,
        timeout=message.timeout.seconds + message.timeout.nanos / 1e9,
        min_instances=scaling.min_instance_count,
        max_instances=scaling.max_instance_count,
        service_account=message.service_account,
        command=() if container is None else tuple(container.command),
        args=() if container is None else tuple(container.args),
    )


def _ingress_container(containers: Any) -> Any:
    """The container that requests reach: with sidecars around it, it is the one that has a port."""
    return next((container for container in containers if container.ports), containers[0] if containers else None)


def _env(message: Any) -> EnvVar:
    if message.HasField("value_source"):
        secret = message.value_source.secret_key_ref
        return EnvVar(message.name, secret=f"{secret.secret}:{secret.version or 'latest'}")
    return EnvVar(message.name, message.value)


def _conditions(messages: Iterable[Any]) -> tuple[Condition, ...]:
    return tuple(
        Condition(
            type=message.type_,
            state=_STATES.get(_enum(message, "state"), ConditionState.UNKNOWN),
            reason=_reason(message),
            message=message.message,
            since=_time(message, "last_transition_time"),
        )
        for message in messages
        if message.type_
    )


def _reason(message: Any) -> str:
    """The reason's name: one of three enums holds it, or none."""
    field = message.WhichOneof("reasons")
    return _enum(message, field) if field else ""


def _enum(message: Any, field: str) -> str:
    """The name of an enum's value; the number where it is newer than this client."""
    number = getattr(message, field)
    value = message.DESCRIPTOR.fields_by_name[field].enum_type.values_by_number.get(number)
    return value.name if value else str(number)


def _time(message: Message, field: str) -> datetime | None:
    if not message.HasField(field):
        return None
    stamp: Timestamp = getattr(message, field)
    return stamp.ToDatetime(tzinfo=UTC)


def _short(name: str) -> str:
    return name.rpartition("/")[2]
