"""Which Cloud Run is meant: Google's, or one that answers on this machine."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from enum import Enum

from cockpit.sources.errors import InvalidError

_PROJECT = re.compile(r"(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]*")
_REGION = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
_ENDPOINT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(?P<port>[0-9]{1,5})")


class Api(Enum):
    """The two APIs the cockpit speaks."""

    RUN = "run"
    LOGGING = "logging"


@dataclass(frozen=True, slots=True)
class Target:
    """A project and region of Google's Cloud Run, or of the one at `endpoint` ("HOST:PORT", loopback, plaintext).

    Raises InvalidError for names that cannot be: the region becomes part of the host that gets the credentials.
    """

    project: str
    region: str
    endpoint: str = ""

    def __post_init__(self) -> None:
        if not _PROJECT.fullmatch(self.project):
            raise InvalidError(
                f"{self.project!r} is not a project ID",
                "give the ID, not the name or number: `gcloud projects list` shows it",
            )
        if not _REGION.fullmatch(self.region):
            raise InvalidError(f"{self.region!r} is not a region", "write it like europe-west1")
        if self.endpoint:
            _check_endpoint(self.endpoint)

    @property
    def local(self) -> bool:
        """Whether it answers on this machine, without TLS and without credentials."""
        return bool(self.endpoint)

    def address(self, api: Api) -> str:
        """Where an API answers, as "HOST" or "HOST:PORT"."""
        if self.endpoint:
            return self.endpoint
        return f"{self.region}-run.googleapis.com" if api is Api.RUN else "logging.googleapis.com"


def _check_endpoint(endpoint: str) -> None:
    found = _ENDPOINT.fullmatch(endpoint)
    if found is None or not 0 < int(found["port"]) < 65536:
        raise InvalidError(f"{endpoint!r} is not an endpoint", "write HOST:PORT, like 127.0.0.1:8080")
    if not is_loopback(found["host"].strip("[]")):
        raise InvalidError(
            f"the endpoint {endpoint!r} is not on this machine, and the way to it would be plaintext",
            "use 127.0.0.1:PORT (a tunnel, if it runs elsewhere), or no endpoint for Google's own Cloud Run",
        )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: `localhost` or a loopback address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
