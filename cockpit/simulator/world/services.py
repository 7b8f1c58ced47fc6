"""Making a service out of what was sent: defaults, checks, and the platform's own marks on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from google.api import launch_stage_pb2
from google.cloud import run_v2

from cockpit.simulator.world import revisions, traffic
from cockpit.simulator.world.errors import InvalidArgumentError
from cockpit.simulator.world.messages import Service, ServicePb, stamp
from cockpit.simulator.world.records import etag

if TYPE_CHECKING:
    from cockpit.simulator.world.names import Place

RESERVED = ("run.googleapis.com", "cloud.googleapis.com", "serving.knative.dev", "autoscaling.knative.dev")


def new(place: Place, service: str, *, uid: str, created: float, creator: str) -> ServicePb:
    """A service with a name, its URL and nothing to run."""
    url = place.url(service)
    message = Service(name=place.service(service), uid=uid, creator=creator, uri=url, urls=[url])
    message.create_time.CopyFrom(stamp(created))
    return message


def check(service: str, message: ServicePb) -> None:
    """Raises InvalidArgumentError for a service that could not be written, whatever its current state."""
    revisions.check_template(message.template)
    traffic.check(service, message.traffic)
    for holder, path in ((message, ""), (message.template, "template.")):
        for kind in ("labels", "annotations"):
            for key in getattr(holder, kind):
                if key.partition("/")[0] in RESERVED:
                    raise InvalidArgumentError(f"{path}{kind}", f"'{key}' is in a namespace of the platform's own")


def complete(message: ServicePb) -> None:
    """Fill in what the platform assumes, in place."""
    traffic.name_types(message.traffic)
    message.launch_stage = message.launch_stage or launch_stage_pb2.GA
    message.ingress = message.ingress or int(run_v2.IngressTraffic.INGRESS_TRAFFIC_ALL)
    if message.template.containers:
        revisions.fill_defaults(message.template)


def written(message: ServicePb, at: float, user: str) -> None:
    """Mark one more write: the next generation, a new etag, who and when."""
    message.generation += 1
    message.etag = etag(message.uid, message.generation)
    message.update_time.CopyFrom(stamp(at))
    message.last_modifier = user
