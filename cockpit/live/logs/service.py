"""The log of one service, followed live and kept in a store."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cockpit.live.logs.gaps import filtered, gap
from cockpit.live.logs.intake import Intake
from cockpit.live.logs.last_words import LastWords
from cockpit.live.logs.pulse import Pulse
from cockpit.live.logs.reading import NAME, LogsState, Mode
from cockpit.live.logs.said import Said, tail_line
from cockpit.live.problems import problem_of
from cockpit.live.tail_feed import TailFeed
from cockpit.logs.names import Names
from cockpit.logs.store import LogStore
from cockpit.sources.backlog import Backlog
from cockpit.sources.cloudlogging import between
from cockpit.sources.entries import payload_of
from cockpit.sources.errors import SourceError
from cockpit.sources.servicelog import beside_it, service_query
from cockpit.sources.tail import EntryTail, TailMode, TailPace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cockpit.config.logs import LogsSettings
    from cockpit.live.clock import Clock
    from cockpit.live.commands import CommandLog
    from cockpit.live.logs.intake import Tap
    from cockpit.live.logs.reading import Broken
    from cockpit.live.snapshot import Feed, Problem
    from cockpit.logs.query.pushdown import Pushed
    from cockpit.release.service import Revision, ServiceRef
    from cockpit.sources.cloudlogging import LogEntry
    from cockpit.sources.tail import Logging, Missing

_MODES = {
    TailMode.OPENING: Mode.OPENING,
    TailMode.STREAMING: Mode.STREAMING,
    TailMode.POLLING: Mode.POLLING,
    TailMode.WAITING: Mode.WAITING,
}


@dataclass(frozen=True, slots=True)
class LogMeans:
    """What a live log works with.

    `logging` is asked by the tail, `urgent` for what a reader waits for. `failed_after` are the seconds without a
    stream after which the feed has failed.
    """

    logging: Logging
    urgent: Logging
    settings: LogsSettings
    clock: Clock
    pace: TailPace
    failed_after: float


class LiveLogs:
    """A `Logs` on one service. Making it needs no loop; it follows while `run` runs.

    `changed` is told when the feed stands otherwise; what is read is written to `commands`, as gcloud,
    and every entry told to `tap`.
    """

    def __init__(
        self,
        ref: ServiceRef,
        means: LogMeans,
        changed: Callable[[], None],
        commands: CommandLog | None = None,
        tap: Tap | None = None,
    ) -> None:
        settings = means.settings
        self._ref = ref
        self._means = means
        self._query = service_query(ref, settings.filter)
        self._said = Said(ref, self._query, means.pace, commands)
        self._store = LogStore(Names(), most=settings.entries, most_bytes=settings.memory)
        self._pulse = Pulse()
        self._intake = Intake(self._store, self._pulse.touch, tap=tap)
        self._feed_changed = changed
        self._feed = TailFeed(NAME, failed_after=means.failed_after, clock=means.clock, changed=self._stood)
        self._tail = self._new_tail()
        self._backlog = Backlog(means.urgent, self._query, self._tail.seen)
        self._last_words = LastWords(means.logging, ref, means.clock)
        self._asking = asyncio.Lock()
        self._listing = False
        self._asked = ""
        self._unlisted: Problem | None = None
        self._filtered: set[str] = set()

    @property
    def store(self) -> LogStore:
        """The entries that are at hand."""
        return self._store

    @property
    def state(self) -> LogsState:
        """How the log stands now."""
        told = self._feed.state
        return LogsState(
            source=self._ref.service,
            mode=_MODES[told.mode],
            feed=self.standing(self._means.clock.now()),
            suppressed=told.suppressed,
            broken=self._intake.broken_count,
            listing=self._listing,
            whole=self._backlog.is_whole(self._asked),
            unlisted=self._unlisted,
        )

    def standing(self, at: float) -> Feed:
        """How fresh it is, for a snapshot."""
        return self._feed.standing(at)

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` when the store or the state is another one; returns the way to stop."""
        return self._pulse.subscribe(changed)

    async def run(self) -> None:
        """Follow for ever."""
        self._said.begins()
        try:
            await self._feed.keep_going(self._follow)
        finally:
            self._pulse.close()

    async def older(self, pushed: Pushed | None = None) -> int:
        """Ask for a page of entries older than all of those at hand that match `pushed`; how many came."""
        beside = pushed.text if pushed else ""
        async with self._asking:
            since = self._tail.since
            if since is None or self._full:
                return 0
            self._listing, self._asked, self._unlisted = True, beside, None
            self._pulse.touch()
            try:
                return await self._older(since, beside)
            except SourceError as error:
                self._unlisted = problem_of(error)
                return 0
            finally:
                self._listing = False
                self._pulse.touch()

    async def payload(self, row: int) -> Mapping[str, object]:
        """All that was logged of a row. Raises KeyError for one that left."""
        segment, at = self._store.locate(row)
        raw = segment.payload(at)
        return payload_of(raw) if raw else {"textPayload": segment.text(at)}

    async def last_words(self, revisions: Iterable[Revision]) -> Mapping[str, str]:
        """What those of the revisions that failed said last, by name."""
        return await self._last_words.of(revisions)

    def broken(self) -> Sequence[Broken]:
        """The latest entries that could not be read."""
        return tuple(self._intake.broken)

    def command(self, pushed: Pushed | None = None) -> str:
        """The gcloud command that follows the same."""
        return tail_line(self._ref, beside_it(self._query, pushed.text if pushed else ""))

    @property
    def _full(self) -> bool:
        """Whether older entries would leave at once, for want of room."""
        return self._store.dropped > 0

    async def _follow(self) -> None:
        """Read and understand; where one of both ends by a mistake of ours, so does the other."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._intake.run())
            group.create_task(self._tail.run())

    def _new_tail(self) -> EntryTail:
        means = self._means
        return EntryTail(
            means.logging,
            self._query,
            self._take,
            self._feed.stands,
            listed=self._take_page,
            missing=self._miss,
            room=self._intake.room,
            pace=means.pace,
            wall=lambda: means.clock.wall().timestamp(),
        )

    def _take(self, entries: Sequence[LogEntry]) -> None:
        self._feed.heard()
        self._intake.take(entries)

    def _take_page(self, entries: Sequence[LogEntry]) -> None:
        self._feed.heard()
        self._intake.take_page(entries)

    def _miss(self, missing: Missing) -> None:
        self._intake.note(gap(missing))

    def _stood(self) -> None:
        self._said.stands(self._feed.state, len(self._store))
        self._pulse.touch()
        self._feed_changed()

    async def _older(self, since: int, beside: str) -> int:
        """Take in the next older page; how many entries it had. Raises a SourceError."""
        reached = self._backlog.reached(since, beside)
        query = between(beside_it(self._query, beside), until=reached)
        with self._said.listing(query) as found:
            found.extend(await self._backlog.page(since, beside))
        if found:
            if beside and beside not in self._filtered:
                self._filtered.add(beside)
                self._intake.note(filtered(reached, beside))
            await self._intake.take_page(found).wait()
        return len(found)
