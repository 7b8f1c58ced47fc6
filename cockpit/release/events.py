"""What can happen to a service, as one stream of events on the axis of time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

MOST_TEXT = 500
"""Characters of a line that says what happened: nobody reads on."""
MOST_DETAIL = 8_000
MOST_DETAILS = 100


class EventKind(Enum):
    """The types of events. Values are stable: recordings and scripts have them."""

    REVISION_CREATED = "revision-created"
    REVISION_READY = "revision-ready"
    REVISION_FAILED = "revision-failed"
    TRAFFIC_ASKED = "traffic-asked"
    TRAFFIC_SERVING = "traffic-serving"
    TAG_MOVED = "tag-moved"
    INSTANCE_STARTED = "instance-started"
    INSTANCE_DIED = "instance-died"
    ALERT_FIRED = "alert-fired"
    ALERT_CLEARED = "alert-cleared"
    ERROR_NEW = "error-new"
    HEALTH_CHANGED = "health-changed"
    FEED_LOST = "feed-lost"
    FEED_BACK = "feed-back"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    `at` is when, in epoch seconds, by the most exact source there is: what the API says before when it was seen.
    `subject` is what it is about (a revision, a tag, an alert, a feed, a URL), `text` says it in one line, raw as
    received where it comes from outside. `who` is who did it, where the API says so. `revision` is the one it
    belongs to, "" for none. `key` names the thing that happened, so that two who saw it have one event: of two
    with one key the later word tells more, and takes the other's place.

    `details` are pairs of a name and a text for who wants to know more: what was before, what came after.
    """

    at: float
    kind: EventKind
    subject: str
    text: str
    key: str
    who: str = ""
    revision: str = ""
    details: tuple[tuple[str, str], ...] = ()


def bounded(event: Event) -> Event:
    """The event with no text longer than anybody reads: what somebody logged takes no memory without end."""
    details = tuple((name[:MOST_TEXT], text[:MOST_DETAIL]) for name, text in event.details[:MOST_DETAILS])
    if details == event.details and max(map(len, (event.subject, event.text, event.who))) <= MOST_TEXT:
        return event
    subject, text, who = (each[:MOST_TEXT] for each in (event.subject, event.text, event.who))
    return replace(event, subject=subject, text=text, who=who, details=details)
