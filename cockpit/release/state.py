"""How a revision stands, in words: its state, the failing condition's reason, and the short forms of its names.

Texts that come from outside are passed on as received: whoever shows them cleans them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from cockpit.release.service import ConditionState
from cockpit.release.traffic import percents

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from cockpit.release.service import Condition, Revision, Service
    from cockpit.release.traffic import ServingTarget


class State(Enum):
    """What a revision is to its service now."""

    SERVING = "serving"
    READY = "ready"
    PENDING = "pending"
    FAILED = "failed"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Standing:
    """A revision's state; `why` is a short phrase where there is something to explain, else ""."""

    state: State
    why: str = ""

    def __str__(self) -> str:
        return f"{self.state.value}: {self.why}" if self.why else self.state.value


_REASONS = {
    "CONTAINER_MISSING": "image not found",
    "CONTAINER_PERMISSION_DENIED": "no permission to pull the image",
    "CONTAINER_IMAGE_UNAUTHORIZED": "image not allowed by policy",
    "CONTAINER_IMAGE_AUTHORIZATION_CHECK_FAILED": "image policy could not be checked",
    "ENCRYPTION_KEY_PERMISSION_DENIED": "no permission to use the encryption key",
    "ENCRYPTION_KEY_CHECK_FAILED": "encryption key could not be checked",
    "SECRETS_ACCESS_CHECK_FAILED": "no access to a secret",
    "PROGRESS_DEADLINE_EXCEEDED": "not ready within the time allowed",
    "VPC_NETWORK_NOT_FOUND": "VPC network not found",
    "HEALTH_CHECK_CONTAINER_ERROR": "container failed to start and listen on its port",
    "CUSTOMIZED_PATH_RESPONSE_PENDING": "health check on its own path not answered yet",
    "ACTIVE_REVISION_LIMIT_REACHED": "too many active revisions",
    "MIN_INSTANCES_WARMING": "warming its minimum of instances",
    "WAITING_FOR_OPERATION": "waiting for an operation",
    "POSTPONED_RETRY": "failed for now, will be retried",
    "IMMEDIATE_RETRY": "being retried",
    "RECREATING": "being recreated",
}
# What these mean stands in the message alone.
_VAGUE = {"", "UNKNOWN", "REVISION_FAILED", "INTERNAL", "COMMON_REASON_UNDEFINED", "REVISION_REASON_UNDEFINED"}
_RETIRED = {"RETIRED", "RETIRING"}
_SPECIFIC_FIRST = ("ResourcesAvailable", "ContainerHealthy", "Ready")

# A Python, JVM or Node exception as the last line of a crash prints it.
_EXCEPTION = re.compile(r"\b((?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception)): *([^\n]+)")
_PREAMBLE = re.compile(r"^Revision '[^']*' is not ready and cannot serve traffic\. *")
_SENTENCE_END = re.compile(r"\.(?:\s|$)|\n")


def condition(revision: Revision, type_: str) -> Condition | None:
    """One condition of a revision by its type: Ready, Active, ContainerHealthy, ResourcesAvailable."""
    return next((found for found in revision.conditions if found.type == type_), None)


def standing(revision: Revision, serving: Iterable[ServingTarget]) -> Standing:
    """A revision's state and why. `serving` is what the service serves now."""
    failed = [c for c in revision.conditions if c.state is ConditionState.FAILED and c.type in _SPECIFIC_FIRST]
    if failed:
        failed.sort(key=lambda found: _SPECIFIC_FIRST.index(found.type))
        return Standing(State.FAILED, why(failed[0]))
    entries = tuple(serving)
    if entries and percents(entries).get(revision.name):
        return Standing(State.SERVING)
    ready = condition(revision, "Ready")
    if ready is None or ready.state is not ConditionState.SUCCEEDED:
        return Standing(State.PENDING, why(ready) if ready else "")
    active = condition(revision, "Active")
    return Standing(State.RETIRED if active and active.reason in _RETIRED else State.READY)


def can_serve(revision: Revision) -> bool:
    """Whether the revision is ready, so that traffic may go to it. Retired ones start again on request."""
    return standing(revision, ()).state in {State.READY, State.RETIRED}


def why(found: Condition) -> str:
    """A condition's reason as a short phrase: the exception in its message, the reason in words, or its first
    sentence."""
    message = _PREAMBLE.sub("", found.message).strip()
    if exception := exception_in(message):
        return exception
    reason = found.reason.upper()
    if reason in _REASONS:
        return _REASONS[reason]
    sentence = _SENTENCE_END.split(message, maxsplit=1)[0].strip()
    if sentence or reason in _VAGUE:
        return sentence
    return reason.lower().replace("_", " ")


def exception_in(text: str) -> str:
    """The last exception that a text names, as a short phrase; "" where it names none."""
    exceptions = _EXCEPTION.findall(text)
    if not exceptions:
        return ""
    name, said = exceptions[-1]
    return said.strip() if name == "ModuleNotFoundError" else f"{name.rpartition('.')[2]}: {said.strip()}"


def time_to_ready(revision: Revision) -> float | None:
    """Seconds from a revision's creation until it was ready, or None where that is not known (yet)."""
    ready = condition(revision, "Ready")
    if ready is None or ready.state is not ConditionState.SUCCEEDED or not ready.since or not revision.created:
        return None
    return max(0.0, (ready.since - revision.created).total_seconds())


def age(then: datetime | None, now: datetime) -> float | None:
    """Seconds from an aware datetime until `now`; never below 0, so that a skewed clock shows no nonsense."""
    return None if then is None else max(0.0, (now - then).total_seconds())


def short_name(revision: str, service: str) -> str:
    """A revision's name without its service's: "00279-kub"."""
    return revision.removeprefix(f"{service}-") or revision


def image_tag(image: str) -> str:
    """The tag of an image's reference, "" where it has none."""
    last = image.partition("@")[0].rpartition("/")[2]
    return last.partition(":")[2]


def revision_tag(revision: Revision, service: Service) -> str:
    """The tag a revision's image was named by, "" where nobody says.

    Once the platform has resolved it, a revision names its image by digest alone; the service's template still
    has the tag, and is that of the latest revision.
    """
    tag = image_tag(revision.template.image)
    if tag or revision.name != service.latest_created:
        return tag
    return image_tag(service.template.image)


def short_digest(image: str) -> str:
    """The first twelve digits of an image's digest, "" where it has none."""
    return image.partition("@sha256:")[2][:12]
