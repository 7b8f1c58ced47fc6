"""What Cloud Run runs: a service, its revisions and their conditions, in the field's words.

Times are aware datetimes in UTC, or None where the service does not say. Texts are as received: whoever shows
them passes them through `cockpit.text.clean`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from cockpit.release.traffic import ServingTarget, Split


@dataclass(frozen=True, slots=True, order=True)
class ServiceRef:
    """Names one service in the world."""

    project: str
    region: str
    service: str

    @property
    def path(self) -> str:
        """The resource name the Admin API uses."""
        return f"projects/{self.project}/locations/{self.region}/services/{self.service}"


class ConditionState(Enum):
    """How a condition stands."""

    UNKNOWN = "unknown"
    PENDING = "pending"
    RECONCILING = "reconciling"
    FAILED = "failed"
    SUCCEEDED = "succeeded"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a service or revision; `reason` is the API's enum name, `message` its prose."""

    type: str
    state: ConditionState
    reason: str = ""
    message: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class EnvVar:
    """One environment variable. A secret has a reference and never a value."""

    name: str
    value: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """How instances of a revision are made. Limits are the API's own strings ("2", "4Gi"); timeout in seconds."""

    image: str = ""
    env: tuple[EnvVar, ...] = ()
    cpu: str = ""
    memory: str = ""
    concurrency: int = 0
    timeout: float = 0.0
    min_instances: int = 0
    max_instances: int = 0
    service_account: str = ""
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision. `image` in its template carries the digest once the platform has resolved it."""

    name: str
    template: Template
    conditions: tuple[Condition, ...] = ()
    created: datetime | None = None
    creator: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    reconciling: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """One service as one read saw it: `spec` is what was asked, `serving` what is in force.

    `min_instances` and `max_instances` bound the service as a whole, 0 where it sets none; the template's bound
    each revision. `client` is the tool that wrote it, with its version, as far as the tool said so ("gcloud
    541.0.0"): a write of traffic alone leaves what stood there.
    """

    ref: ServiceRef
    generation: int
    observed_generation: int
    etag: str
    reconciling: bool
    spec: Split
    serving: tuple[ServingTarget, ...]
    template: Template
    conditions: tuple[Condition, ...] = ()
    uri: str = ""
    urls: tuple[str, ...] = ()
    latest_ready: str = ""
    latest_created: str = ""
    creator: str = ""
    last_modifier: str = ""
    client: str = ""
    created: datetime | None = None
    updated: datetime | None = None
    labels: tuple[tuple[str, str], ...] = ()
    ingress: str = ""
    min_instances: int = 0
    max_instances: int = 0
