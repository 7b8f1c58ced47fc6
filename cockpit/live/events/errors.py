"""Errors of a kind that was not seen before: found as entries come, and told of at most so many a minute."""

from __future__ import annotations

from hashlib import blake2s
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cockpit.logs.digest.kinds import FOLLOWS_WITHIN, told
from cockpit.logs.entry import Flag, Severity
from cockpit.logs.moment import SECOND
from cockpit.release.events import Event, EventKind
from cockpit.release.state import exception_in, short_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cockpit.logs.digest.kinds import Kind

T = TypeVar("T")

MOST_A_MINUTE = 10
MOST_KINDS = 5_000
MOST_SAID = 200
"""Characters of a message that an event keeps."""
SETTLED_AFTER = 10.0
"""Seconds after the start until which what is new waits: the entries from before it are still being listed."""

_MINUTE = 60 * SECOND
_DAY = 86_400 * SECOND
_ENDS = 160
"""Bytes at either end of a text by which one that was seen before is known without reading it."""
_DIGITS = b"0123456789"


class Line(NamedTuple):
    """An entry that is an error; `time` in Unix ns, `text` in UTF-8 as it was logged."""

    time: int
    text: bytes
    severity: int
    flags: int
    revision: str
    instance: str
    log: str


class _New(NamedTuple):
    """A kind that was not known, and the first line of it."""

    kind: Kind
    message: str
    line: Line


class ErrorWatch:
    """Knows kinds of errors. Those from before `begun` (epoch seconds) are nothing new."""

    def __init__(self, service: str, begun: float) -> None:
        self._service = service
        self._begun = begun
        self._known: dict[Kind, None] = {}
        self._seen: dict[tuple[bytes, str], None] = {}
        self._heads: dict[tuple[str, str, str], _New] = {}
        self._old_heads: set[tuple[str, str, str]] = set()
        self._new: dict[Kind, _New] = {}
        self._told: dict[int, int] = {}

    def take(self, line: Line) -> None:
        """One more error, best in the order of time."""
        text = line.text
        shape = (text[:_ENDS] + text[-_ENDS:]).translate(None, _DIGITS), line.log
        is_old, waiting = line.time < self._begun * SECOND, bool(self._new or self._heads)
        known = shape in self._seen and Flag.TRACEBACK not in Flag(line.flags)
        if known and not (is_old and waiting):
            return
        _remember(self._seen, shape)
        is_traceback, kind, message = told(text.decode(errors="replace"), Flag(line.flags))
        if is_old:
            self._new.pop(kind, None)
            _remember(self._known, kind)
            return
        place = line.revision, line.instance, line.log
        head = self._heads.pop(place, None)
        if head is not None and not (is_traceback and 0 <= line.time - head.line.time <= FOLLOWS_WITHIN):
            self._count(head)
        found = _New(kind, message, line)
        if is_traceback:
            self._count(found)
        else:
            # The traceback that was logged with it says more.
            self._heads[place] = found

    def events(self, now: float) -> Iterator[Event]:
        """What is new since the last call, at `now` (epoch seconds)."""
        for place in self._old_heads & self._heads.keys():
            self._count(self._heads.pop(place))
        self._old_heads = set(self._heads)
        if now < self._begun + SETTLED_AFTER:
            return
        fresh, self._new = self._new, {}
        for found in sorted(fresh.values(), key=lambda each: each.line.time):
            minute = found.line.time // _MINUTE
            self._told[minute] = count = self._told.get(minute, 0) + 1
            too_many = count - MOST_A_MINUTE
            yield self._rest(minute, too_many, found) if too_many > 0 else self._event(found)
        for minute in [minute for minute in self._told if minute * 60 < now - 3600]:
            del self._told[minute]

    def _count(self, found: _New) -> None:
        if found.kind not in self._known:
            self._new[found.kind] = found
        _remember(self._known, found.kind)

    def _event(self, found: _New) -> Event:
        (frame, masked), line = found.kind, found.line
        name = blake2s(f"{frame}\n{masked}".encode(errors="replace"), digest_size=8).hexdigest()
        facts = (
            ("message", found.message),
            ("where", frame),
            ("severity", Severity(line.severity).name),
            ("instance", line.instance),
            ("log", line.log),
        )
        return Event(
            line.time / SECOND,
            EventKind.ERROR_NEW,
            masked[:MOST_SAID],
            f"new error: {exception_in(found.message) or found.message[:MOST_SAID]}",
            f"{EventKind.ERROR_NEW.value}/{name}/{line.time // _DAY}",
            revision=line.revision,
            details=tuple(fact for fact in facts if fact[1]),
        )

    def _rest(self, minute: int, count: int, found: _New) -> Event:
        """One event for all that a minute has too many of."""
        kinds = "one more kind" if count == 1 else f"{count} more kinds"
        last = (("the last of them", found.message[:MOST_SAID]),)
        return Event(
            minute * 60.0 + 59.0,
            EventKind.ERROR_NEW,
            "errors",
            f"new errors: {kinds} in this minute",
            f"{EventKind.ERROR_NEW.value}/rest/{minute}",
            revision=found.line.revision,
            details=(*last, ("on", short_name(found.line.revision, self._service))),
        )


def _remember(known: dict[T, None], each: T) -> None:
    """Know one more; of too many the one that came first is forgotten."""
    known[each] = None
    if len(known) > MOST_KINDS:
        known.pop(next(iter(known)))
