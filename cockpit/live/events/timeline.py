"""The past of a service as it grows, and as a recording has it: both are a `Timeline`."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from cockpit.live.events.finder import EventFinder, Found
from cockpit.live.events.log import EventLog
from cockpit.live.events.moments import millis
from cockpit.live.events.shares import ShareSpans
from cockpit.live.session import RefusedError
from cockpit.release.events import Event, EventKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from cockpit.live.clock import Clock
    from cockpit.live.events.lines import LineWatch
    from cockpit.live.snapshot import Snapshot
    from cockpit.live.timeline import Shares
    from cockpit.logs.store import LogStore
    from cockpit.release.service import ServiceRef

logger = logging.getLogger(__name__)

MOST_NOTE = 1_000
"""Characters of a note; whoever has more to say has a better place for it."""


class LiveTimeline:
    """A `Timeline` of what happens. Give it every snapshot by `saw`, and the log by `read` once it is there.

    `who` says who is at the keyboard; it may raise, and then nobody is named.
    """

    def __init__(self, ref: ServiceRef, clock: Clock, who: Callable[[], Awaitable[str]]) -> None:
        self._ref = ref
        self._clock = clock
        self._who = who
        self._begun = clock.time()
        self._finder = EventFinder()
        self._log = EventLog()
        self._spans = ShareSpans()
        self._watchers: dict[object, Callable[[], None]] = {}
        self._listeners: dict[object, Callable[[Event], None]] = {}
        self._lines: LineWatch | None = None
        self._asking: set[asyncio.Task[None]] = set()

    @property
    def events(self) -> Sequence[Event]:
        """Every event at hand, oldest first."""
        return self._log.events

    @property
    def shares(self) -> Sequence[Shares]:
        """What served, oldest first."""
        return self._spans.spans

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` when events or shares are other ones; returns the way to stop."""
        return _subscribed(self._watchers, changed)

    def listen(self, heard: Callable[[Event], None]) -> Callable[[], None]:
        """Call `heard` with each event that is found here, and again when more is known of it; returns the way to
        stop. What was found before is heard at once."""
        for event in self._log.events:
            heard(event)
        return _subscribed(self._listeners, heard)

    def note(self, text: str, at: float | None = None) -> None:
        """Keep a note. Raises RefusedError for one that says nothing, or too much."""
        text = text.strip()
        if not text:
            raise RefusedError("an empty note is not kept", "write what is to be remembered")
        if len(text) > MOST_NOTE:
            raise RefusedError(f"a note of {len(text):,} characters is not kept", f"say it in {MOST_NOTE:,}")
        moment, written = self._clock.time() if at is None else at, millis(self._clock.time())
        note = Event(moment, EventKind.NOTE, "note", text, f"{EventKind.NOTE.value}/{written}")
        self._take(Found([note], ()))
        task = asyncio.get_running_loop().create_task(self._sign(note))
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    def saw(self, snapshot: Snapshot) -> None:
        """Look at the newest snapshot."""
        found = self._finder.look(snapshot)
        serves = max((each.at for each in found.seen if each.kind is EventKind.TRAFFIC_SERVING), default=None)
        self._take(found, moved=self._spans.saw(snapshot, serves))

    def read(self, store: LogStore) -> None:
        """Look at the log as well from now on, whenever `look` is called."""
        from cockpit.live.events.lines import LineWatch

        self._lines = LineWatch(store, self._ref.service, self._begun)

    def look(self) -> None:
        """Look at what the log has brought. What goes wrong with that ends nothing."""
        if self._lines is None:
            return
        try:
            self._take(self._lines.look(self._clock.time()))
        except Exception:
            logger.exception("the log's lines could not be looked at for events")

    def recall(self, events: Sequence[Event], shares: Sequence[Shares]) -> None:
        """Take in what earlier sessions kept; nobody listening hears of it."""
        self._spans.recall(shares)
        self._log.recall(events)
        self._changed()

    async def stop(self) -> None:
        """Ask nobody any more who wrote a note."""
        for task in tuple(self._asking):
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)

    async def _sign(self, note: Event) -> None:
        """Put a name to a note."""
        try:
            who = await self._who()
        except Exception:
            # A note counts for what it says: without credentials it has no name.
            logger.info("nobody is named for a note", exc_info=True)
            return
        self._take(Found([replace(note, who=who)], ()))

    def _take(self, found: Found, *, moved: bool = False) -> None:
        news = [event for event in found.seen if self._log.put(event)]
        news += self._log.recall(found.told)
        for event in news:
            for heard in tuple(self._listeners.values()):
                heard(event)
        if news or moved:
            self._changed()

    def _changed(self) -> None:
        for changed in tuple(self._watchers.values()):
            changed()


class PastTimeline:
    """A `Timeline` of what a recording has. Nothing is added to it."""

    def __init__(self, events: Sequence[Event], shares: Sequence[Shares]) -> None:
        log = EventLog(most=max(1, len(events)))
        log.recall(events)
        self.events: Sequence[Event] = log.events
        self.shares: Sequence[Shares] = shares

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:  # noqa: ARG002 - a Timeline's own
        """Nothing changes, so `changed` is never called."""
        return lambda: None

    def note(self, text: str, at: float | None = None) -> None:  # noqa: ARG002 - a Timeline's own
        """Raises RefusedError."""
        raise RefusedError("a recording takes no notes", "write it in the cockpit that watches the service")


def _subscribed(watchers: dict[object, Callable[..., None]], changed: Callable[..., None]) -> Callable[[], None]:
    key = object()
    watchers[key] = changed

    def stop() -> None:
        watchers.pop(key, None)

    return stop
