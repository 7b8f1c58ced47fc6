"""A v1 Service as it was sent, as a v2 service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf import json_format

from cockpit.simulator.control.knative import marks
from cockpit.simulator.world.errors import InvalidArgumentError
from cockpit.simulator.world.messages import (
    LATEST,
    REVISION,
    RevisionTemplate,
    Service,
    ServicePb,
    TargetPb,
    TemplatePb,
    TrafficTarget,
    copy,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def service(sent: Mapping[str, Any], current: ServicePb | None = None) -> ServicePb:
    """The whole service that was sent; what v1 has no word for stays as it is. Raises InvalidArgumentError."""
    try:
        return _service(sent, current or Service())
    except (json_format.ParseError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise InvalidArgumentError(
            "service", f"is not a Service of {sent.get('apiVersion', 'v1')}: {error}"
        ) from None


def _service(sent: Mapping[str, Any], current: ServicePb) -> ServicePb:
    result = copy(current)
    metadata = sent["metadata"]
    result.labels.clear()
    result.labels.update(marks.own(metadata.get("labels", {})))
    result.annotations.clear()
    result.annotations.update(marks.own(metadata.get("annotations", {})))
    marks.read(marks.SERVICE, metadata.get("annotations", {}), result)
    result.template.CopyFrom(_template(sent["spec"]["template"], current.template))
    del result.traffic[:]
    result.traffic.extend(_target(each) for each in sent["spec"].get("traffic", []))
    result.etag = ""
    return result


def _template(sent: Mapping[str, Any], current: TemplatePb) -> TemplatePb:
    result = RevisionTemplate()
    result.CopyFrom(current)
    metadata, spec = sent.get("metadata", {}), sent["spec"]
    result.revision = metadata.get("name", "")
    result.labels.clear()
    result.labels.update(marks.own(metadata.get("labels", {})))
    result.annotations.clear()
    result.annotations.update(marks.own(metadata.get("annotations", {})))
    result.max_instance_request_concurrency = spec.get("containerConcurrency", 0)
    result.ClearField("timeout")
    if seconds := spec.get("timeoutSeconds"):
        result.timeout.seconds = seconds
    result.service_account = spec.get("serviceAccountName", "")
    del result.containers[:]
    for container in spec["containers"]:
        json_format.ParseDict(_container(container), result.containers.add())
    marks.read(marks.TEMPLATE, metadata.get("annotations", {}), result)
    marks.read(marks.FIRST_CONTAINER, metadata.get("annotations", {}), result.containers[0])
    return result


def _container(sent: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(sent)
    if "env" in sent:
        result["env"] = [_variable(each) for each in sent["env"]]
    return result


def _variable(sent: Mapping[str, Any]) -> dict[str, Any]:
    result = {key: value for key, value in sent.items() if key != "valueFrom"}
    if reference := sent.get("valueFrom", {}).get("secretKeyRef"):
        result["valueSource"] = {"secretKeyRef": {"secret": reference["name"], "version": reference["key"]}}
    return result


def _target(sent: Mapping[str, Any]) -> TargetPb:
    return TrafficTarget(
        type_=LATEST if sent.get("latestRevision") else REVISION,
        revision=sent.get("revisionName", ""),
        percent=sent.get("percent", 0),
        tag=sent.get("tag", ""),
    )
