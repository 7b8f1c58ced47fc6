"""How each kind of event is drawn and called: a shape before a colour, and a word."""

from __future__ import annotations

from typing import NamedTuple

from cockpit.release.events import EventKind


class Mark(NamedTuple):
    """A shape of one cell, the role of its colour, and the word for what it is about."""

    shape: str
    role: str
    word: str


MARKS: dict[EventKind, Mark] = {
    EventKind.REVISION_FAILED: Mark("✗", "bad", "revision"),
    EventKind.ALERT_FIRED: Mark("!", "bad", "alert"),
    EventKind.INSTANCE_DIED: Mark("↓", "bad", "instance"),
    EventKind.ERROR_NEW: Mark("E", "bad", "error"),
    EventKind.HEALTH_CHANGED: Mark("H", "warn", "health"),
    EventKind.FEED_LOST: Mark("?", "warn", "feed"),
    EventKind.TRAFFIC_ASKED: Mark("▼", "accent", "traffic"),
    EventKind.TRAFFIC_SERVING: Mark("▽", "accent", "traffic"),
    EventKind.TAG_MOVED: Mark("◇", "accent", "tag"),
    EventKind.NOTE: Mark("¶", "accent", "note"),
    EventKind.REVISION_CREATED: Mark("▲", "muted", "revision"),
    EventKind.REVISION_READY: Mark("✓", "good", "revision"),
    EventKind.ALERT_CLEARED: Mark("○", "good", "alert"),
    EventKind.FEED_BACK: Mark("~", "good", "feed"),
    EventKind.INSTANCE_STARTED: Mark("↑", "muted", "instance"),
}
"""By kind, what must not be missed first: of several in one place the first one gives the colour.

Of traffic and revisions a full shape is what somebody did, and a hollow one or a tick what came of it.
"""

GRAVITY = {kind: place for place, kind in enumerate(MARKS)}
WORD = max(len(mark.word) for mark in MARKS.values())
