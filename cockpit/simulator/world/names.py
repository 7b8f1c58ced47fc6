"""How things are called: full names, short names, URLs, generated revision names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.simulator.world.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

# Kubernetes leaves out vowels, so that no suffix spells a word.
SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
LABEL = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
FULL_NAME = re.compile(
    r"projects/(?P<project>[^/]+)/locations/(?P<region>[^/]+)"
    r"(/services/(?P<service>[^/]+)(/revisions/(?P<revision>[^/]+))?|/operations/(?P<operation>[^/]+))?"
)
NUMBERED = re.compile(r".*-(\d{5})-[a-z0-9]{3}")


@dataclass(frozen=True, slots=True)
class ResourceName:
    """A full name taken apart; the parts it does not have are empty."""

    project: str
    region: str
    service: str = ""
    revision: str = ""
    operation: str = ""

    @classmethod
    def parse(cls, field: str, name: str) -> ResourceName:
        """Take `name` apart. Raises InvalidArgumentError, which names the request's `field`."""
        match = FULL_NAME.fullmatch(name)
        if match is None:
            raise InvalidArgumentError(field, f"'{name}' is not a name of the form projects/*/locations/*/…")
        return cls(**{part: value or "" for part, value in match.groupdict().items()})


@dataclass(frozen=True, slots=True)
class Place:
    """One project and region, and the port its URLs name."""

    project: str
    region: str
    port: int

    @property
    def parent(self) -> str:
        """The full name of the location."""
        return f"projects/{self.project}/locations/{self.region}"

    def service(self, service: str) -> str:
        """The full name of a service."""
        return f"{self.parent}/services/{service}"

    def revision(self, service: str, revision: str) -> str:
        """The full name of a revision."""
        return f"{self.parent}/services/{service}/revisions/{revision}"

    def url(self, service: str, tag: str = "") -> str:
        """Where a service, or one of its tags, answers."""
        host = f"{tag}---{service}" if tag else service
        return f"http://{host}.localhost:{self.port}"


def check_service_id(service: str) -> None:
    """Raises InvalidArgumentError unless `service` may name a new service."""
    if not LABEL.fullmatch(service) or len(service) > 49:
        raise InvalidArgumentError(
            "service_id",
            f"'{service}' must begin with a letter, hold only lowercase letters, digits and hyphens, "
            "must not end with a hyphen, and must be shorter than 50 characters",
        )


def check_revision_name(service: str, revision: str) -> None:
    """Raises InvalidArgumentError unless `revision` may name a new revision of `service`."""
    if not LABEL.fullmatch(revision) or len(revision) > 63 or not revision.startswith(f"{service}-"):
        raise InvalidArgumentError(
            "template.revision",
            f"'{revision}' must begin with '{service}-', hold only lowercase letters, digits and hyphens, "
            "must not end with a hyphen, and must not exceed 63 characters",
        )


def next_revision_name(service: str, existing: Iterable[str], random: Random) -> str:
    """A name like `service-00042-kub`, numbered after the highest one there."""
    numbers = (int(match[1]) for name in existing if (match := NUMBERED.fullmatch(name)))
    suffix = "".join(random.choices(SUFFIX_LETTERS, k=3))
    return f"{service}-{max(numbers, default=0) + 1:05d}-{suffix}"


def short(full_name: str) -> str:
    """The last part of a full name."""
    return full_name.rpartition("/")[2]
