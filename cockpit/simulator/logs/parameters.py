"""What the requests of the log service have in common: parents, filters, page sizes and tokens."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable

from cockpit.simulator.logs.errors import LoggingError, invalid
from cockpit.simulator.logs.filters import Filter, FilterError, compile_filter
from cockpit.simulator.logs.timeline import Place

_PARENT = re.compile(
    r"((?:projects|organizations|billingAccounts|folders)/[^/]+)(?:/locations/[^/]+/buckets/[^/]+/views/[^/]+)?"
)
_MOST_PARENTS = 100


def parents_of(names: Iterable[str], field: str = "resource_names") -> tuple[str, ...]:
    """The distinct `projects/P` behind names of projects and log views. Raises INVALID_ARGUMENT."""
    parents: dict[str, None] = {}
    for name in names:
        match = _PARENT.fullmatch(name)
        if match is None:
            raise invalid(field, f"'{name}' is no resource name; expected projects/[PROJECT_ID] or a log view")
        parents[match[1]] = None
    if not parents:
        raise invalid(field, f"{field} must name at least one resource")
    if len(parents) > _MOST_PARENTS:
        raise invalid(field, f"{field} may name at most {_MOST_PARENTS} resources")
    return tuple(parents)


def filter_of(source: str) -> Filter:
    """The compiled filter. Raises INVALID_ARGUMENT with the place of the error."""
    try:
        return compile_filter(source)
    except FilterError as error:
        raise invalid("filter", str(error)) from None


def digest(*query: object) -> str:
    """What a page token remembers of its query."""
    return hashlib.sha256(repr(query).encode()).hexdigest()[:16]


def token_of(query: str, place: Place) -> str:
    """An opaque page token: go on behind this place, for this query."""
    return base64.urlsafe_b64encode(json.dumps([query, *place]).encode()).decode()


def place_of(token: str, query: str) -> Place:
    """Where a page token goes on. Raises INVALID_ARGUMENT for one of another query, or none of ours."""
    try:
        owner, time, insert_id, log_name = json.loads(base64.urlsafe_b64decode(token))
        place = (int(time), str(insert_id), str(log_name))
    except (binascii.Error, ValueError, TypeError):
        raise invalid("page_token", "page_token is not one that this service gave out") from None
    if owner != query:
        raise _mismatch()
    return place


def _mismatch() -> LoggingError:
    return invalid("page_token", "page_token doesn't match arguments from the request")
