"""The whole log of one service: what its containers say, the platform's lines and its requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.sources.web.exchange import AGENT

if TYPE_CHECKING:
    from cockpit.release.service import ServiceRef


def service_query(ref: ServiceRef, beside: str = "") -> str:
    """The filter for all of a service's log, in the Logging query language; `beside` is put next to it.

    Without the scrapes of cockpits: whoever looks at a log did not come to see who looks.
    """
    parts = [
        'resource.type="cloud_run_revision"',
        f'resource.labels.service_name="{ref.service}"',
        f'resource.labels.location="{ref.region}"',
        f'NOT httpRequest.userAgent=~"^{AGENT}"',
    ]
    return beside_it(" AND ".join(parts), beside)


def beside_it(query: str, more: str) -> str:
    """What matches both filters. OR binds closer than AND there, and nobody should have to know."""
    return f"{query} AND ({more})" if more.strip() else query
