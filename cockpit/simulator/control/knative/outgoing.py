"""A v2 service or revision as the v1 API shows it: a Kubernetes object in JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from google.cloud import run_v2
from google.protobuf import json_format

from cockpit.simulator.control.knative import marks
from cockpit.simulator.world import conditions
from cockpit.simulator.world.messages import LATEST, ConditionPb, RevisionPb, ServicePb, TemplatePb
from cockpit.simulator.world.names import short
from cockpit.simulator.world.traffic import effective

if TYPE_CHECKING:
    from cockpit.simulator.world.names import Place

API = "serving.knative.dev/v1"
SUCCESS = {"apiVersion": "v1", "kind": "Status", "status": "Success"}
SERVICE_LABEL = "serving.knative.dev/service"
STATUS = {conditions.SUCCEEDED: "True", conditions.FAILED: "False"}
SEVERITY = {conditions.INFO: "Info", int(run_v2.Condition.Severity.WARNING): "Warning"}


def service(place: Place, message: ServicePb) -> dict[str, Any]:
    """A Service."""
    name, latest_ready = short(message.name), short(message.latest_ready_revision)
    outputs = {
        "serving.knative.dev/creator": message.creator,
        "serving.knative.dev/lastModifier": message.last_modifier,
        "run.googleapis.com/ingress-status": marks.INGRESS.show(message.ingress),
        "run.googleapis.com/urls": json.dumps(list(message.urls)),
    }
    metadata = _metadata(place, message, "services")
    metadata["labels"] |= dict(message.labels)
    metadata["annotations"] = dict(message.annotations) | marks.show(marks.SERVICE, message) | outputs
    metadata["resourceVersion"] = message.etag.strip('"')
    status = {
        "observedGeneration": message.generation,
        "conditions": [_condition(each) for each in [message.terminal_condition, *message.conditions]],
        "latestCreatedRevisionName": short(message.latest_created_revision),
        "latestReadyRevisionName": latest_ready,
        "traffic": [_serving(each, latest_ready) for each in message.traffic_statuses],
        "url": message.uri,
        "address": {"url": message.uri},
    }
    spec = {
        "template": _template(message.template),
        "traffic": [_target(each) for each in effective(message.traffic)],
    }
    return _object("Service", metadata | {"name": name}, spec, status)


def revision(place: Place, message: RevisionPb) -> dict[str, Any]:
    """A Revision."""
    metadata = _metadata(place, message, "revisions")
    metadata["labels"] |= dict(message.labels) | {
        SERVICE_LABEL: message.service,
        "serving.knative.dev/configuration": message.service,
    }
    template = _template(message)
    metadata["annotations"] = template["metadata"]["annotations"] | {
        "serving.knative.dev/creator": message.creator
    }
    metadata["resourceVersion"] = message.etag.strip('"')
    digests = [each.image if "@" in each.image else "" for each in message.containers]
    status = {
        "observedGeneration": message.generation,
        "conditions": [_condition(each) for each in message.conditions],
        "imageDigest": digests[0],
        "containerStatuses": [
            {"name": each.name, "imageDigest": digest}
            for each, digest in zip(message.containers, digests, strict=True)
        ],
        "logUrl": message.log_uri,
        "serviceName": message.service,
    }
    return _object("Revision", metadata, template["spec"], status)


def listing(kind: str, items: list[dict[str, Any]], following: str) -> dict[str, Any]:
    """A list of Services or Revisions; `following` is the next page's token."""
    return {
        "apiVersion": API,
        "kind": f"{kind}List",
        "metadata": {"continue": following, "resourceVersion": "1"},
        "items": items,
    }


def _object(kind: str, metadata: Any, spec: Any, status: Any) -> dict[str, Any]:
    return {"apiVersion": API, "kind": kind, "metadata": metadata, "spec": spec, "status": status}


def _metadata(place: Place, message: ServicePb | RevisionPb, plural: str) -> dict[str, Any]:
    name = short(message.name)
    return {
        "name": name,
        "namespace": place.project,
        "selfLink": f"/apis/{API}/namespaces/{place.project}/{plural}/{name}",
        "uid": message.uid,
        "generation": message.generation,
        "creationTimestamp": message.create_time.ToJsonString(),
        "labels": {"cloud.googleapis.com/location": place.region},
    }


def _template(message: TemplatePb | RevisionPb) -> dict[str, Any]:
    """What a template and a revision have in common, as a template."""
    containers = [_container(each) for each in message.containers]
    metadata: dict[str, Any] = {
        "labels": dict(message.labels),
        "annotations": dict(message.annotations)
        | marks.show(marks.TEMPLATE, message)
        | marks.show(marks.FIRST_CONTAINER, message.containers[0]),
    }
    if getattr(message, "revision", ""):
        metadata["name"] = message.revision
    spec = {
        "containerConcurrency": message.max_instance_request_concurrency,
        "timeoutSeconds": message.timeout.seconds,
        "serviceAccountName": message.service_account,
        "containers": containers,
    }
    return {"metadata": metadata, "spec": {key: value for key, value in spec.items() if value}}


def _container(message: Any) -> dict[str, Any]:
    """Containers are spelt alike, but for secrets in the environment and what v1 keeps in annotations."""
    shown: dict[str, Any] = json_format.MessageToDict(message)
    shown["resources"] = {"limits": dict(message.resources.limits)}
    for variable in shown.get("env", []):
        if source := variable.pop("valueSource", None):
            reference = source.get("secretKeyRef", {})
            variable["valueFrom"] = {
                "secretKeyRef": {"name": reference.get("secret", ""), "key": reference.get("version", "")}
            }
    return shown


def _target(message: Any) -> dict[str, Any]:
    latest = message.type_ == LATEST
    shown = {"latestRevision": True} if latest else {"revisionName": message.revision}
    return shown | _percent_and_tag(message)


def _serving(message: Any, latest_ready: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"revisionName": message.revision or latest_ready}
    if message.type_ == LATEST:
        shown["latestRevision"] = True
    if message.uri:
        shown["url"] = message.uri
    return shown | _percent_and_tag(message)


def _percent_and_tag(message: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    if message.percent:
        shown["percent"] = message.percent
    if message.tag:
        shown["tag"] = message.tag
    return shown


def _condition(message: ConditionPb) -> dict[str, Any]:
    shown = {
        "type": message.type_,
        "status": STATUS.get(message.state, "Unknown"),
        "reason": _reason(message),
        "message": message.message,
        "severity": SEVERITY.get(message.severity, ""),
        "lastTransitionTime": message.last_transition_time.ToJsonString(),
    }
    return {key: value for key, value in shown.items() if value}


def _reason(message: ConditionPb) -> str:
    """The reason's name in camel case, as v1 spells it."""
    which = message.WhichOneof("reasons")
    if which is None:
        return ""
    names = run_v2.Condition.RevisionReason if which == "revision_reason" else run_v2.Condition.CommonReason
    name: str = names(getattr(message, which)).name
    return re.sub(r"_?([A-Z])([A-Z]*)", lambda part: part[1] + part[2].lower(), name)
