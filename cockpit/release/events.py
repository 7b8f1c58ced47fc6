"""What can happen to a service, as one stream of events on the axis of time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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
