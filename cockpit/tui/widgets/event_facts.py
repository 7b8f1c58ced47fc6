"""One event in full, as facts to read and to copy."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from cockpit.text import clean, duration
from cockpit.tui.views.timeline_marks import MARKS
from cockpit.tui.widgets.sheet import Fact, Section

if TYPE_CHECKING:
    from cockpit.release.events import Event


def sections(event: Event, now: float) -> tuple[Section, ...]:
    """What happened, and what else is known; `now` is the moment that is shown, epoch seconds."""
    mark = MARKS[event.kind]
    local, utc = datetime.fromtimestamp(event.at).astimezone(), datetime.fromtimestamp(event.at, UTC)
    after, ago = duration(abs(now - event.at)), "ago" if event.at <= now else "later"
    stamp = f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03}Z"
    what = (
        Fact("what", Content.assemble((f"{mark.shape} ", f"${mark.role}"), clean(event.text)), clean(event.text)),
        Fact("when", Content(f"{local:%Y-%m-%d %H:%M:%S %Z} · {after} {ago}"), stamp),
        Fact("UTC", Content(stamp), stamp),
        _fact("by", event.who),
        _fact("about", event.subject if event.subject != event.revision else ""),
        _fact("revision", event.revision),
        _fact("kind", event.kind.value),
    )
    more = tuple(_fact(name, text) for name, text in event.details)
    return (
        Section("What happened", tuple(fact for fact in what if fact.copy)),
        Section("What is known of it", tuple(fact for fact in more if fact.copy)),
    )


def _fact(name: str, text: str) -> Fact:
    return Fact(clean(name), Content(clean(text, newlines=True)), clean(text, newlines=True))
