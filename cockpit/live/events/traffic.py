"""Traffic: asked for, serving, and tags, by whomever; and what the journal knows of changes made here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cockpit.live.agreement import asked, serving
from cockpit.live.events.moments import millis, stamp, written
from cockpit.live.snapshot import Outcome
from cockpit.release.events import Event, EventKind
from cockpit.release.service import ConditionState
from cockpit.release.state import short_name
from cockpit.release.traffic import LATEST, label, percents, same_split, tags
from cockpit.text import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cockpit.live.snapshot import Change, Snapshot
    from cockpit.release.service import Service
    from cockpit.release.traffic import Split

MOST_NAMED = 3
"""Revisions that a line names; the details have all of them."""
OURS = "cockpit"


class _Write(NamedTuple):
    """One write of traffic: when, which, by whom, of which service, and whatever else is known of it."""

    at: float
    key: str
    who: str
    service: str
    latest: str
    facts: tuple[tuple[str, str], ...] = ()


def traffic_events(before: Snapshot | None, after: Snapshot) -> Iterator[Event]:
    """What was asked and what came to serve between two snapshots."""
    old, new = before.service if before is not None else None, after.service
    if old is new or old is None or new is None:
        return
    write = _write(old, new, after)
    yield from _asked(old.spec, new.spec, write)
    yield from _served(old, new, after)


def past_changes(before: Snapshot | None, after: Snapshot) -> Iterator[Event]:
    """What the journal has that took hold, once the service has been read."""
    known: tuple[Change, ...] = ()
    if before is not None and before.service is not None:
        known = before.history
    if after.service is None or after.history is known:
        return
    for change in after.history:
        took_hold = change.outcome is Outcome.APPLIED or change.generation_after > change.generation
        if change not in known and took_hold and change.outcome is not Outcome.OVERTAKEN:
            yield from _asked(change.before, change.after, _journalled(change, after.service))
            yield from _served_then(change, after.service)


def _write(old: Service, new: Service, after: Snapshot) -> _Write:
    moved = new.updated is not None and new.updated != old.updated
    change = after.change
    ours = change is not None and same_split(change.after, new.spec) and change.generation < new.generation
    facts = [("generation", str(new.generation)), ("client", "" if ours else new.client)]
    if ours and change is not None:
        facts += [("made with", OURS), ("change", f"{change.intent.value} {change.id}")]
    return _Write(
        stamp(new.updated if moved else None, after.time),
        written(new),
        change.actor if ours and change is not None else new.last_modifier,
        new.ref.service,
        new.latest_ready,
        tuple(fact for fact in facts if fact[1]),
    )


def _journalled(change: Change, service: Service) -> _Write:
    at = change.started.timestamp()
    key = f"{millis(stamp(service.created, 0.0))}/{change.generation_after}"
    of_this_life = service.created is None or at >= service.created.timestamp()
    facts = (("generation", str(change.generation_after)), ("made with", OURS))
    return _Write(
        at,
        key if change.generation_after and of_this_life else f"change/{millis(at)}",
        change.actor,
        service.ref.service,
        service.latest_ready,
        (*facts, ("change", f"{change.intent.value} {change.id}")),
    )


def _asked(old: Split, new: Split, write: _Write) -> Iterator[Event]:
    """The percents that were asked, and each tag that was put, moved or taken."""
    before, after = percents(old), percents(new)
    if before != after:
        most = _most_gained(before, after)
        sides = (("before", _words(before, write.service)), ("after", _words(after, write.service)))
        kind = EventKind.TRAFFIC_ASKED
        yield Event(
            write.at,
            kind,
            most or write.latest,
            f"asked: {_moves(before, after, write.service)}",
            f"{kind.value}/{write.key}",
            write.who,
            most or write.latest,
            (*sides, *write.facts),
        )
    places, wanted = tags(old), tags(new)
    for tag in sorted(places.keys() | wanted.keys()):
        if places.get(tag) != wanted.get(tag):
            yield _tag_moved(tag, places.get(tag), wanted.get(tag), write)


def _tag_moved(tag: str, old: str | None, new: str | None, write: _Write) -> Event:
    def place(revision: str | None) -> str:
        return "nothing" if revision is None else short_name(label(revision), write.service)

    if old is None:
        text = f"tag {tag} put on {place(new)}"
    elif new is None:
        text = f"tag {tag} taken from {place(old)}"
    else:
        text = f"tag {tag} moved {place(old)} → {place(new)}"
    revision = old if new is None else new
    return Event(
        write.at,
        EventKind.TAG_MOVED,
        tag,
        text,
        f"{EventKind.TAG_MOVED.value}/{write.key}/{tag}",
        write.who,
        (revision or write.latest) if revision is not None else "",
        (("before", place(old)), ("after", place(new)), *write.facts),
    )


def _served(old: Service, new: Service, after: Snapshot) -> Iterator[Event]:
    """Other percents serve than before: when the routes were ready, and how long after they were asked for."""
    before, now = serving(old), serving(new)
    if before == now or not now:
        return
    routes = next((each for each in new.conditions if each.type == "RoutesReady"), None)
    done = routes.since if routes is not None and routes.state is ConditionState.SUCCEEDED else None
    settled = done if done and new.updated and done >= new.updated else None
    at = stamp(settled, after.time)
    lag = at - new.updated.timestamp() if new.updated is not None else -1.0
    said = f", {duration(lag)} after it was asked" if lag >= 0 else ""
    if now != asked(new):
        said = ", which is not what was asked"
    yield _serving(before, now, _Write(at, written(new), "", new.ref.service, new.latest_ready), said)


def _served_then(change: Change, service: Service) -> Iterator[Event]:
    """When a change made here came to serve, as the journal has it."""
    before, now = percents(change.before), percents(change.after)
    took = change.time_to_serving
    if took is None or before == now or change.outcome is not Outcome.APPLIED or LATEST in {*before, *now}:
        return
    write = _journalled(change, service)
    at = change.started.timestamp() + took
    yield _serving(before, now, write._replace(at=at), f", {duration(took)} after it was asked")


def _serving(before: Mapping[str, int], now: Mapping[str, int], write: _Write, said: str) -> Event:
    """What serves from `write.at` on, by that write."""
    kind, name, most = EventKind.TRAFFIC_SERVING, write.service, _most_gained(before, now)
    shares = ",".join(f"{revision}={percent}" for revision, percent in sorted(now.items()))
    return Event(
        write.at,
        kind,
        most,
        f"serving: {_words(now, name)}{said}",
        f"{kind.value}/{write.key}/{shares}",
        revision=most,
        details=(("before", _words(before, name)), ("after", _words(now, name))),
    )


def _most_gained(before: Mapping[str, int], after: Mapping[str, int]) -> str:
    """The revision that gained most, which is what a change is about."""
    return max(sorted(after), key=lambda name: after[name] - before.get(name, 0), default="")


def _moves(before: Mapping[str, int], after: Mapping[str, int], service: str) -> str:
    """Who gained and lost, what gained most first: "00279-kub 10 → 25 %, 00275-2jb 90 → 75 %"."""
    names = [name for name in {**after, **before} if before.get(name, 0) != after.get(name, 0)]
    names.sort(key=lambda name: (before.get(name, 0) - after.get(name, 0), name))
    told = [
        f"{short_name(label(name), service)} {before.get(name, 0)} → {after.get(name, 0)} %"
        for name in names[:MOST_NAMED]
    ]
    return ", ".join(told) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")


def _words(shares: Mapping[str, int], service: str) -> str:
    """A split in one line, the largest share first."""
    by_share = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{short_name(label(name), service)} {percent} %" for name, percent in by_share)
