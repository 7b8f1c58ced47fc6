"""Revisions: created, ready or failed, at the times that their own conditions tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.live.events.moments import millis, stamp
from cockpit.release.events import Event, EventKind
from cockpit.release.service import ConditionState
from cockpit.release.state import State, image_tag, short_digest, short_name, standing, time_to_ready
from cockpit.release.state import condition as condition_of
from cockpit.text import duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.live.snapshot import Snapshot
    from cockpit.release.service import Revision


def revision_events(before: Snapshot | None, after: Snapshot) -> Iterator[Event]:
    """What the revisions went through between two snapshots; all of their past where there is none before."""
    known = before.revisions if before is not None else ()
    words = before.last_words if before is not None else {}
    if known is after.revisions and words == after.last_words:
        return
    by_name = {revision.name: revision for revision in known}
    for revision in after.revisions:
        old = by_name.get(revision.name)
        same_words = words.get(revision.name) == after.last_words.get(revision.name)
        if old == revision and same_words:
            continue
        told = tuple(_of(old, before)) if old is not None and before is not None else ()
        yield from (event for event in _of(revision, after) if _is_news(event, told))


def _is_news(event: Event, told: tuple[Event, ...]) -> bool:
    """Whether an event is one that was not told of. A condition's time may move where its state does not."""
    same = next((each for each in told if each.kind is event.kind), None)
    return same is None or (same.key == event.key and same != event)


def _of(revision: Revision, snapshot: Snapshot) -> Iterator[Event]:
    """All that a revision tells of its life."""
    seen, name = snapshot.time, short_name(revision.name, snapshot.ref.service)
    born = stamp(revision.created, seen)
    # A name may be given again after its revision, or its service, was deleted.
    life = f"{revision.name}/{millis(stamp(revision.created, 0.0))}"
    yield Event(
        born,
        EventKind.REVISION_CREATED,
        revision.name,
        f"{name} created{_made_from(revision)}",
        f"{EventKind.REVISION_CREATED.value}/{life}",
        revision.creator,
        revision.name,
        _facts(revision),
    )
    ready = condition_of(revision, "Ready")
    if ready is not None and ready.state is ConditionState.SUCCEEDED:
        took = time_to_ready(revision)
        yield Event(
            stamp(ready.since, seen),
            EventKind.REVISION_READY,
            revision.name,
            f"{name} ready{f' after {duration(took)}' if took is not None else ''}",
            f"{EventKind.REVISION_READY.value}/{life}/{millis(stamp(ready.since, 0.0))}",
            revision=revision.name,
        )
    if (failed := _failed(revision, snapshot, name, life)) is not None:
        yield failed


def _failed(revision: Revision, snapshot: Snapshot, name: str, life: str) -> Event | None:
    """The failure of a revision with its reason: what it said last tells more than that it did not start."""
    stands = standing(revision, ())
    if stands.state is not State.FAILED:
        return None
    ready = condition_of(revision, "Ready")
    failed = next((each for each in revision.conditions if each.state is ConditionState.FAILED), None)
    told = ready if ready is not None and ready.state is ConditionState.FAILED else failed
    words = snapshot.last_words.get(revision.name, "")
    since = told.since if told is not None else None
    facts = (
        ("reason", told.reason if told is not None else ""),
        ("message", told.message if told is not None else ""),
        ("last words", words),
    )
    return Event(
        stamp(since, snapshot.time),
        EventKind.REVISION_FAILED,
        revision.name,
        f"{name} failed{f': {words or stands.why}' if words or stands.why else ''}",
        f"{EventKind.REVISION_FAILED.value}/{life}/{millis(stamp(since, 0.0))}",
        revision=revision.name,
        details=tuple(pair for pair in facts if pair[1]),
    )


def _made_from(revision: Revision) -> str:
    image = revision.template.image
    told = image_tag(image) or short_digest(image)
    return f" from {told}" if told else ""


def _facts(revision: Revision) -> tuple[tuple[str, str], ...]:
    labels = ((f"label {name}", value) for name, value in revision.labels)
    return tuple(pair for pair in (("image", revision.template.image), *labels) if pair[1])
