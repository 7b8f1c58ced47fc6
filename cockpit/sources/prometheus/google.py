"""Google's managed service for Prometheus, and access tokens for it.

What differs from Prometheus is from https://cloud.google.com/stackdriver/docs/managed-prometheus/query-api-ui and
has not been tried against the live service.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import msgspec

from cockpit.sources.auth import find_credentials, refresh
from cockpit.sources.errors import InvalidError
from cockpit.sources.secrets import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.auth.credentials import Credentials

HOST = "monitoring.googleapis.com"
_PATH = re.compile(r"/v1/projects/[^/]+/location/[^/]+/prometheus/?")


def managed_url(project: str) -> str:
    """The base URL of a project's managed service; its one location is `global`."""
    return f"https://{HOST}/v1/projects/{project}/location/global/prometheus"


def check_url(host: str, path: str) -> None:
    """Raises InvalidError for a URL of Google's that is not the managed service's."""
    if host == HOST and not _PATH.fullmatch(path):
        raise InvalidError(
            f"{path!r} is no address of Google's managed service", f"write it like {managed_url('PROJECT')}"
        )


class _Failure(msgspec.Struct):
    message: str = ""


class _Refusal(msgspec.Struct):
    error: _Failure


def reason_in(body: bytes) -> str:
    """Why one of Google's APIs refuses, "" where the body is none of its refusals."""
    try:
        return msgspec.json.decode(body, type=_Refusal).error.message
    except (ValueError, RecursionError):  # msgspec's errors are among the first, depth is the second's
        return ""


class GoogleAccess:
    """Headers that say who asks, from the credentials of this machine; renewed before they expire."""

    def __init__(self, project: str) -> None:
        self._project = project
        self._credentials: Credentials | None = None
        self._asking = asyncio.Lock()

    async def headers(self) -> Mapping[str, Secret]:
        """The headers for one request. Raises UnauthenticatedError or UnreachableError."""
        async with self._asking:
            if self._credentials is None:
                self._credentials = await find_credentials(self._project)
            if not self._credentials.valid:
                await asyncio.to_thread(refresh, self._credentials)
            return headers_of(self._credentials)


def headers_of(credentials: Credentials) -> Mapping[str, Secret]:
    """What credentials add to a request: the token, and the project that pays."""
    found: dict[str, str] = {}
    credentials.apply(found)  # type: ignore[no-untyped-call]
    return {name: Secret(value) for name, value in found.items()}
